import type { RoomInfo } from '@parley/client-sdk';
import { Plus } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { isCode, manageErrorText } from '../../../lib/manageErrorTexts.ts';
import { ROOM_NAME } from '../../../lib/meetingLinks.ts';
import { nameFromTitle } from '../../../lib/roomNames.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { server } from '../server.ts';
import styles from '../section.module.css';

export function CreateRoom({ onCreated }: { onCreated: (room: RoomInfo) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" data-testid="create-room" onClick={() => setOpen(true)}>
        <Plus size={19} aria-hidden /> New room
      </Button>
      {open && (
        <Dialog title="New room" onClose={() => setOpen(false)}>
          <CreateForm onCreated={onCreated} />
        </Dialog>
      )}
    </>
  );
}

interface FormProps {
  onCreated: (room: RoomInfo) => void;
}

function useCreation(onCreated: FormProps['onCreated']) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const create = async (name: string, title: string) => {
    setBusy(true);
    setError(null);
    try {
      onCreated(await server.createRoom(name, title === '' ? {} : { title }));
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return { error, busy, create, forget: () => setError(null) };
}

function CreateForm({ onCreated }: FormProps) {
  const [title, setTitle] = useState('');
  /** null while it follows the title. */
  const [ownName, setOwnName] = useState<string | null>(null);
  const { error, busy, create, forget } = useCreation(onCreated);
  const name = ownName ?? nameFromTitle(title);
  const isTaken = isCode(error, 'ROOM_EXISTS');
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (ROOM_NAME.test(name) && !busy) void create(name, title.trim());
  };
  return (
    <form className={styles.form} onSubmit={handleSubmit} noValidate>
      <TextField
        label="Title"
        placeholder="Monday meeting"
        data-autofocus
        maxLength={128}
        value={title}
        data-testid="new-room-title"
        onChange={(event) => setTitle(event.target.value)}
      />
      <TextField
        label="Name, as it stands in the link"
        placeholder="monday-meeting"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        value={name}
        data-testid="new-room-name"
        error={problemWith(name, isTaken)}
        onChange={(event) => {
          setOwnName(event.target.value);
          forget();
        }}
      />
      {error !== null && !isTaken && <Notice text={manageErrorText(error)} />}
      <div className={styles.actions}>
        <Button
          type="submit"
          look="primary"
          disabled={busy || !ROOM_NAME.test(name)}
          data-testid="new-room-done"
        >
          {busy ? 'Making it…' : 'Make the room'}
        </Button>
      </div>
    </form>
  );
}

function problemWith(name: string, isTaken: boolean): string | null {
  if (isTaken) return 'There is a room of that name already. Choose another name.';
  if (name === '' || ROOM_NAME.test(name)) return null;
  return 'Letters, digits and - _ . only, and a letter or digit first.';
}
