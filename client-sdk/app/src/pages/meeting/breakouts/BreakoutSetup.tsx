import { useRoom } from '@parley/client-sdk/react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { useAct } from '../useAct.ts';
import { BreakoutListDialog } from './BreakoutListDialog.tsx';
import styles from './BreakoutsPanel.module.css';

const MAX = 100;

/** Makes breakout rooms, numbered on from those there are. */
export function BreakoutSetup({ count }: { count: number }) {
  const { breakouts } = useRoom();
  const act = useAct();
  const [wanted, setWanted] = useState('2');
  const [listing, setListing] = useState(false);
  const number = Number(wanted);
  const valid = Number.isInteger(number) && number > 0 && number + count <= MAX;
  return (
    <>
      <form
        className={styles.setup}
        onSubmit={(event) => {
          event.preventDefault();
          if (valid)
            act(breakouts.create(Array.from({ length: number }, (_, index) => `Room ${count + index + 1}`)));
        }}
      >
        <TextField
          label={count === 0 ? 'How many rooms?' : 'How many more?'}
          type="number"
          min={1}
          max={MAX - count}
          value={wanted}
          data-testid="breakout-count"
          onChange={(event) => setWanted(event.target.value)}
        />
        <Button
          type="submit"
          look={count === 0 ? 'primary' : 'secondary'}
          disabled={!valid}
          data-testid="create-breakouts"
        >
          {count === 0 ? 'Create' : 'Add'}
        </Button>
        <Button className={styles.wide} look="quiet" data-testid="from-list" onClick={() => setListing(true)}>
          From a prepared list…
        </Button>
      </form>
      {listing && <BreakoutListDialog onClose={() => setListing(false)} />}
    </>
  );
}
