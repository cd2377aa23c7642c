import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { useShortcuts } from '../../hooks/useShortcuts.ts';
import type { MediaControls } from './useMediaControls.ts';
import type { Panels } from './usePanels.ts';

/** The keys of a meeting; the settings list them. Dialogs and menus close on Esc by themselves. */
export function useMeetingKeys(controls: MediaControls, panels: Panels): void {
  const fullscreen = useFullscreen();
  const { participantsOpen, setParticipantsOpen, settingsOpen } = panels;
  useShortcuts(
    settingsOpen
      ? {}
      : {
          m: controls.toggleMicrophone,
          v: controls.toggleCamera,
          p: () => setParticipantsOpen(!participantsOpen),
          f: fullscreen.toggle,
          Escape: () => setParticipantsOpen(false),
        },
  );
}
