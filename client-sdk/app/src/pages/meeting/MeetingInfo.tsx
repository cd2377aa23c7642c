import { formatDuration } from '../../lib/duration.ts';
import styles from './MeetingInfo.module.css';
import { useServerNow } from './useServerNow.ts';

interface Props {
  roomName: string;
  /** Milliseconds since the epoch, by the server's clock; null when it is not known. */
  startedAt: number | null;
}

/** Which meeting this is, and for how long it has been going on. */
export function MeetingInfo({ roomName, startedAt }: Props) {
  const now = useServerNow(true);
  return (
    <div className={styles.info}>
      <h1 className={styles.name} title={roomName}>
        {roomName}
      </h1>
      {startedAt !== null && (
        <span className={styles.time}>{formatDuration(Math.max(0, now - startedAt))}</span>
      )}
    </div>
  );
}
