import { Button } from './Button.tsx';
import styles from './ConfirmDialog.module.css';
import { Dialog } from './Dialog.tsx';

export interface Choice {
  label: string;
  look?: 'primary' | 'secondary' | 'danger';
  testId?: string;
  onChoose: () => void;
}

interface Props {
  title: string;
  text: string;
  choices: Choice[];
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ title, text, choices, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        {choices.map(({ label, look = 'primary', testId, onChoose }) => (
          <Button
            key={label}
            look={look}
            data-testid={testId}
            onClick={() => {
              onClose();
              onChoose();
            }}
          >
            {label}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}
