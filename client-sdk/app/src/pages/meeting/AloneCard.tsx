import styles from './AloneCard.module.css';
import { RoomInvitation } from './RoomInvitation.tsx';

/** While nobody else is here: how to get them in. */
export function AloneCard() {
  return (
    <div className={styles.card} data-testid="alone">
      <p className={styles.title}>You are the only one here</p>
      <RoomInvitation />
    </div>
  );
}
