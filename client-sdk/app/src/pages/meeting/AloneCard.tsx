import { InviteLink } from '../../ui/InviteLink.tsx';
import styles from './AloneCard.module.css';

/** While nobody else is here: how to get them in. */
export function AloneCard({ roomName }: { roomName: string }) {
  return (
    <div className={styles.card} data-testid="alone">
      <p className={styles.title}>You are the only one here</p>
      <InviteLink roomName={roomName} />
    </div>
  );
}
