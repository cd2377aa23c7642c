import type { Room } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { useContext, useState } from 'react';
import { matchPeople, parseBreakoutList, type ListedRoom } from '../../../lib/breakoutList.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { NotifyContext, useAct } from '../useAct.ts';
import styles from './BreakoutsPanel.module.css';

/** Makes breakout rooms from a prepared list, and says who belongs where. */
export function BreakoutListDialog({ onClose }: { onClose: () => void }) {
  const room = useRoomState();
  const act = useAct();
  const notify = useContext(NotifyContext);
  const [text, setText] = useState('');
  const rooms = parseBreakoutList(text);
  const { unknown } = matchPeople(rooms, room.participants);
  return (
    <Dialog title="Rooms from a list" onClose={onClose}>
      <form
        className={styles.tools}
        onSubmit={(event) => {
          event.preventDefault();
          act(
            make(room, rooms).then(() => {
              onClose();
              if (unknown.length > 0)
                notify(`Not assigned, because nobody here is called so: ${unknown.join(', ')}`);
            }),
          );
        }}
      >
        <TextArea
          label="A line for each room, with its people"
          placeholder={'Blue: Ann, Bob\nRed: Carol, Dan'}
          rows={6}
          value={text}
          data-testid="breakout-list"
          onChange={(event) => setText(event.target.value)}
        />
        {unknown.length > 0 && <p className={styles.hint}>Nobody here is called {unknown.join(', ')}.</p>}
        <Button type="submit" look="primary" disabled={rooms.length === 0} data-testid="create-from-list">
          {rooms.length === 1 ? 'Make 1 room' : `Make ${rooms.length} rooms`}
        </Button>
      </form>
    </Dialog>
  );
}

async function make({ breakouts, participants }: Room, rooms: ListedRoom[]): Promise<void> {
  const breakoutIds = await breakouts.create(rooms.map(({ name }) => name));
  const assignments = matchPeople(rooms, participants).assigned.flatMap(({ identity, room }) => {
    const breakoutId = breakoutIds[room];
    return breakoutId === undefined ? [] : [{ identity, breakoutId }];
  });
  if (assignments.length > 0) await breakouts.assign(assignments);
}
