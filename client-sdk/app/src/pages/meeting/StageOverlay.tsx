import { ToastList } from '../../ui/ToastList.tsx';
import type { Toast } from '../../ui/useToasts.ts';
import { BreakoutBanner } from './breakouts/BreakoutBanner.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { MediaNotice } from './MediaNotice.tsx';
import { MeetingTimer } from './MeetingTimer.tsx';
import { EgressBadges } from './recording/EgressBadges.tsx';
import { OwnPhone } from './phones/OwnPhone.tsx';
import { RoomAudio } from './RoomAudio.tsx';
import styles from './StageOverlay.module.css';
import type { MediaControls } from './useMediaControls.ts';
import type { Panels } from './usePanels.ts';

interface Props {
  controls: MediaControls;
  toasts: readonly Toast[];
  panels: Panels;
}

/** Messages over the stage, so that they never move a picture. */
export function StageOverlay({ controls, toasts, panels }: Props) {
  return (
    <div className={styles.overlay}>
      <EgressBadges panels={panels} />
      <div className={styles.messages}>
        <ConnectionBanner />
        <BreakoutBanner />
        <MeetingTimer />
        <MediaNotice controls={controls} />
        {panels.panel !== 'phones' && <OwnPhone />}
        <RoomAudio />
      </div>
      <ToastList toasts={toasts} />
    </div>
  );
}
