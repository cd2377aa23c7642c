import type { BreakoutState } from '@parley/client-sdk';
import { useRoom } from '@parley/client-sdk/react';
import { Timer } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Switch } from '../../../ui/Field.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TextDialog } from '../../../ui/TextDialog.tsx';
import { useAct, useAttempt } from '../useAct.ts';
import { Countdown } from '../Countdown.tsx';
import styles from './BreakoutsPanel.module.css';

const MINUTES = [0, 5, 10, 15, 20, 30, 45, 60];
const timeOptions = MINUTES.map((minutes) => ({
  value: String(minutes),
  label: minutes === 0 ? 'Until I close them' : `For ${minutes} minutes`,
}));

/** What a host does with all breakout rooms at once. */
export function BreakoutTools({ state }: { state: BreakoutState | null }) {
  if (state === null) {
    return (
      <p className={styles.hint}>
        Split the meeting into smaller rooms. People keep sound and picture while they move, and everybody
        comes back when you close the rooms.
      </p>
    );
  }
  return state.open ? <OpenTools state={state} /> : <ClosedTools />;
}

function ClosedTools() {
  const { breakouts } = useRoom();
  const act = useAct();
  const [minutes, setMinutes] = useState('0');
  const [choosing, setChoosing] = useState(false);
  const open = () => {
    const seconds = Number(minutes) * 60;
    act(breakouts.open({ choosing, ...(seconds > 0 && { seconds }) }));
  };
  return (
    <div className={styles.tools}>
      <Button data-testid="assign-randomly" onClick={() => act(breakouts.assignRandomly())}>
        Spread people at random
      </Button>
      <Select label="How long" icon={Timer} value={minutes} options={timeOptions} onChange={setMinutes} />
      <Switch label="People choose their room" checked={choosing} onChange={setChoosing} />
      <Button look="primary" data-testid="open-breakouts" onClick={open}>
        Open the rooms
      </Button>
    </div>
  );
}

function OpenTools({ state }: { state: BreakoutState }) {
  const { breakouts } = useRoom();
  const act = useAct();
  const attempt = useAttempt();
  const [writing, setWriting] = useState(false);
  return (
    <div className={styles.tools}>
      {state.endsAt !== null && (
        <p>
          Everybody returns in <Countdown endsAt={state.endsAt} />
        </p>
      )}
      <Button onClick={() => setWriting(true)}>Write to all rooms…</Button>
      <Button look="danger" data-testid="close-breakouts" onClick={() => act(breakouts.close())}>
        Close the rooms
      </Button>
      {writing && (
        <TextDialog
          title="Write to all rooms"
          label="Message"
          action="Send"
          maxLength={2000}
          onClose={() => setWriting(false)}
          onDone={(text) => attempt(breakouts.broadcast(text))}
        />
      )}
    </div>
  );
}
