import { Check, Copy } from 'lucide-react';
import { useCopy } from '../hooks/useCopy.ts';
import { useServerUrl } from '../hooks/useServerUrl.ts';
import { isOwnMachine, pathOfRoom } from '../lib/meetingLinks.ts';
import { Button } from './Button.tsx';
import styles from './InviteLink.module.css';

/** The link that others join by. It never holds a token: those are for one person. */
export function useInviteUrl(roomName: string): string {
  return useServerUrl() + pathOfRoom(roomName);
}

export function InviteLink({ roomName }: { roomName: string }) {
  const { copied, copy } = useCopy();
  const url = useInviteUrl(roomName);
  return (
    <div className={styles.invite}>
      <span className={styles.label}>Invite others by this link</span>
      <div className={styles.row}>
        <span className={styles.url} data-testid="invite-link">
          {url.replace(/^https?:\/\//, '')}
        </span>
        <Button look="quiet" className={styles.copy} onClick={() => void copy(url)}>
          {copied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />}
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
      {isOwnMachine(url) && <p className={styles.hint}>This address works on this computer only.</p>}
    </div>
  );
}
