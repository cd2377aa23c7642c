import { useServerUrl } from '../hooks/useServerUrl.ts';
import { isOwnMachine, pathOfRoom } from '../lib/meetingLinks.ts';
import { CopyRow } from './CopyRow.tsx';
import styles from './InviteLink.module.css';

/** The link that others join by. It never holds a token: those are for one person. */
export function useInviteUrl(roomName: string): string {
  return useServerUrl() + pathOfRoom(roomName);
}

export function InviteLink({ roomName }: { roomName: string }) {
  const url = useInviteUrl(roomName);
  return (
    <div className={styles.invite}>
      <CopyRow label="Invite others by this link" url={url} testId="invite-link" />
      {isOwnMachine(url) && <p className={styles.hint}>This address works on this computer only.</p>}
    </div>
  );
}
