import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { useShortcuts } from '../../hooks/useShortcuts.ts';
import type { MediaControls } from './useMediaControls.ts';
import type { Panels } from './usePanels.ts';

/** The keys of a meeting; the settings list them. Dialogs and menus close on Esc by themselves. */
export function useMeetingKeys(controls: MediaControls, { panel, toggle, closePanel, dialog }: Panels): void {
  const fullscreen = useFullscreen();
  useShortcuts(
    dialog !== null
      ? {}
      : {
          m: controls.toggleMicrophone,
          v: controls.toggleCamera,
          p: () => toggle('participants'),
          c: () => toggle('chat'),
          h: controls.toggleHand,
          f: fullscreen.toggle,
          ...(panel !== null && { Escape: closePanel }),
        },
  );
}
