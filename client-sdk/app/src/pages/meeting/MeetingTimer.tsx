import { useRoomState } from '@parley/client-sdk/react';
import { Timer } from 'lucide-react';
import { Countdown } from './Countdown.tsx';
import styles from './MeetingTimer.module.css';

/** The timer that a host started. */
export function MeetingTimer() {
  const { timer } = useRoomState().roomState;
  if (timer === null) return null;
  return (
    <div className={styles.timer} role="timer" data-testid="timer">
      <Timer size={17} aria-hidden />
      {timer.label !== '' && <span>{timer.label}</span>}
      <Countdown endsAt={timer.endsAt} />
    </div>
  );
}
