import { useState, type SyntheticEvent } from 'react';
import { Button } from './Button.tsx';
import styles from './ConfirmDialog.module.css';
import { Dialog } from './Dialog.tsx';
import { TextField } from './Field.tsx';

interface Props {
  title: string;
  label: string;
  action: string;
  initial?: string;
  maxLength: number;
  onClose: () => void;
  /** It stays open, with its text, when this rejects. */
  onDone: (text: string) => Promise<unknown>;
}

/** Asks for one line of text. */
export function TextDialog({ title, label, action, initial = '', maxLength, onClose, onDone }: Props) {
  const [text, setText] = useState(initial);
  const [busy, setBusy] = useState(false);
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (text.trim() === '' || busy) return;
    setBusy(true);
    onDone(text.trim()).then(onClose, () => setBusy(false));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={handleSubmit}>
        <TextField
          label={label}
          data-autofocus
          maxLength={maxLength}
          value={text}
          data-testid="text-dialog"
          onChange={(event) => setText(event.target.value)}
        />
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={text.trim() === '' || busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
