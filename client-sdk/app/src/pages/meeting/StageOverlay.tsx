import { ToastList } from '../../ui/ToastList.tsx';
import type { Toast } from '../../ui/useToasts.ts';
import { BreakoutBanner } from './breakouts/BreakoutBanner.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { MediaNotice } from './MediaNotice.tsx';
import { MeetingTimer } from './MeetingTimer.tsx';
import { RoomAudio } from './RoomAudio.tsx';
import styles from './StageOverlay.module.css';
import type { MediaControls } from './useMediaControls.ts';

interface Props {
  controls: MediaControls;
  toasts: readonly Toast[];
}

/** Messages over the stage, so that they never move a picture. */
export function StageOverlay({ controls, toasts }: Props) {
  return (
    <div className={styles.overlay}>
      <div className={styles.messages}>
        <ConnectionBanner />
        <BreakoutBanner />
        <MeetingTimer />
        <MediaNotice controls={controls} />
        <RoomAudio />
      </div>
      <ToastList toasts={toasts} />
    </div>
  );
}
