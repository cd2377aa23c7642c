import type { BreakoutRoom, BreakoutState, Room } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { LifeBuoy, Pencil, Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TextDialog } from '../../../ui/TextDialog.tsx';
import { useAct, useAttempt } from '../useAct.ts';
import styles from './BreakoutsPanel.module.css';

interface Props {
  breakout: BreakoutRoom;
  state: BreakoutState;
}

/** One breakout room: who is there or belongs there, and the way in. */
export function BreakoutCard({ breakout, state }: Props) {
  const room = useRoomState();
  const act = useAct();
  const attempt = useAttempt();
  const [renaming, setRenaming] = useState(false);
  const ask = () => setRenaming(true);
  const { breakoutId, name, helpAskedAt } = breakout;
  const isHost = room.permissions.roomAdmin;
  const here = room.breakouts.breakoutId === breakoutId;
  const mayGo = state.open && (isHost || state.choosing);
  return (
    <li className={styles.card} data-testid="breakout" data-name={name}>
      <header className={styles.cardHeader}>
        <h3 className={styles.name}>{name}</h3>
        {helpAskedAt !== null && (
          <span className={styles.help}>
            <LifeBuoy size={16} aria-hidden /> Asks for help
          </span>
        )}
        {isHost && (
          <>
            <IconButton label={`Rename ${name}`} icon={Pencil} look="quiet" onClick={ask} />
            <IconButton
              label={`Delete ${name}`}
              icon={Trash2}
              look="quiet"
              onClick={() => act(room.breakouts.delete(breakoutId))}
            />
          </>
        )}
      </header>
      <p className={styles.people} data-testid="breakout-people">
        {peopleOf(breakout, state, room).join(', ') || 'Nobody'}
      </p>
      {isHost && <AssignSelect breakout={breakout} state={state} />}
      {mayGo && (
        <Button
          disabled={here}
          data-testid="visit-breakout"
          onClick={() => act(room.breakouts.visit(breakoutId))}
        >
          {here ? 'You are here' : isHost ? 'Visit' : 'Go there'}
        </Button>
      )}
      {renaming && (
        <TextDialog
          title={`Rename ${name}`}
          label="Name"
          action="Rename"
          initial={name}
          maxLength={64}
          onClose={() => setRenaming(false)}
          onDone={(text) => attempt(room.breakouts.rename(breakoutId, text))}
        />
      )}
    </li>
  );
}

/** Who is there; before the rooms are open, who belongs there. */
function peopleOf({ people, assigned }: BreakoutRoom, state: BreakoutState, room: Room): string[] {
  if (state.open) return people.map(({ displayName }) => displayName);
  return assigned.map(
    (identity) => room.participants.find((one) => one.identity === identity)?.displayName ?? identity,
  );
}

function AssignSelect({ breakout, state }: Props) {
  const room = useRoomState();
  const act = useAct();
  const everybody = [...state.main, ...state.rooms.flatMap(({ people }) => people)];
  const present = new Set(breakout.people.map(({ identity }) => identity));
  const options = everybody
    .filter(({ identity }) => !present.has(identity) && !breakout.assigned.includes(identity))
    .map(({ identity, displayName }) => ({ value: identity, label: displayName }));
  if (options.length === 0) return null;
  return (
    <Select
      label={`Send somebody to ${breakout.name}`}
      icon={UserPlus}
      value=""
      options={[{ value: '', label: state.open ? 'Send somebody there…' : 'Assign somebody…' }, ...options]}
      onChange={(identity) => {
        if (identity !== '') act(room.breakouts.assign([{ identity, breakoutId: breakout.breakoutId }]));
      }}
    />
  );
}
