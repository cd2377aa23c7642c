import { useParticipants, useRoomState } from '@parley/client-sdk/react';
import { SidePanel } from '../../../ui/SidePanel.tsx';
import styles from './BreakoutsPanel.module.css';
import { BreakoutCard } from './BreakoutCard.tsx';
import { BreakoutSetup } from './BreakoutSetup.tsx';
import { BreakoutTools } from './BreakoutTools.tsx';

/** Breakout rooms: made, filled, opened and closed by hosts; chosen and visited by others. */
export function BreakoutsPanel({ onClose }: { onClose: () => void }) {
  const room = useRoomState();
  useParticipants();
  const isHost = room.permissions.roomAdmin;
  const { state } = room.breakouts;
  return (
    <SidePanel
      title="Breakout rooms"
      {...(state ? { count: state.rooms.length } : {})}
      testId="breakouts-panel"
      onClose={onClose}
    >
      {isHost && <BreakoutTools state={state} />}
      <ul className={styles.list}>
        {state?.rooms.map((breakout) => (
          <BreakoutCard key={breakout.breakoutId} breakout={breakout} state={state} />
        ))}
      </ul>
      {isHost && <BreakoutSetup count={state?.rooms.length ?? 0} />}
      {!isHost && state === null && <p className={styles.hint}>There are no breakout rooms at the moment.</p>}
    </SidePanel>
  );
}
