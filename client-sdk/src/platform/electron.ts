import { browserPlatform } from './browser.ts';
import type { Platform } from './Platform.ts';

/**
 * Electron's renderer is Chromium; what differs is the choice of a screen, which the app shows itself.
 * `pickSource` asks the person and gives the id of a `desktopCapturer` source, or undefined when they cancel.
 */
export function createElectronPlatform(
  options: { pickSource?: () => Promise<string | undefined> } = {},
): Platform {
  const { pickSource } = options;
  return {
    ...browserPlatform,
    name: 'electron',
    userAgent: browserPlatform.userAgent,
    getDisplayMedia: pickSource
      ? async () => {
          const sourceId = await pickSource();
          if (sourceId === undefined) throw new DOMException('No screen was chosen.', 'NotAllowedError');
          // Chromium's constraints for a source of desktopCapturer are not in the standard types.
          const video: MediaTrackConstraints & { mandatory: Record<string, string> } = {
            mandatory: { chromeMediaSource: 'desktop', chromeMediaSourceId: sourceId },
          };
          return browserPlatform.getUserMedia({ video });
        }
      : browserPlatform.getDisplayMedia,
  };
}
