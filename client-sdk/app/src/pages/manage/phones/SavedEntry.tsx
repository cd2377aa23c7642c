import { useState, type ReactNode } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import section from '../section.module.css';
import { useDo } from '../useDo.ts';
import styles from './phones.module.css';

interface Props {
  name: string;
  testId: string;
  /** It stands in the configuration, and is changed only there. */
  fixed: boolean;
  /** It counts for nothing now. */
  isOff?: boolean;
  /** What goes with it. */
  loss: string;
  onEdit: () => void;
  onDelete: () => Promise<unknown>;
  children: ReactNode;
}

/** One trunk, rule or extension of a list, with what can be done to it. */
export function SavedEntry({ name, testId, fixed, isOff = false, loss, onEdit, onDelete, children }: Props) {
  const { busy, run } = useDo();
  const [asking, setAsking] = useState(false);
  return (
    <li className={styles.entry} data-testid={testId}>
      <div className={section.text}>
        <span className={classes(section.name, isOff && styles.off)}>{name}</span>
        {children}
      </div>
      {fixed ? (
        <span className={styles.fixed} title="It stands in the configuration, and can be changed only there">
          In the configuration
        </span>
      ) : (
        <div className={styles.acts}>
          <Button
            look="quiet"
            disabled={busy}
            aria-label={`Change ${name}`}
            data-testid="edit"
            onClick={onEdit}
          >
            Change
          </Button>
          <Button
            look="quiet"
            disabled={busy}
            aria-label={`Delete ${name}`}
            data-testid="delete"
            onClick={() => setAsking(true)}
          >
            Delete
          </Button>
        </div>
      )}
      {asking && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          text={loss}
          choices={[
            { label: 'Delete', look: 'danger', testId: 'confirm-delete', onChoose: () => run(onDelete) },
          ]}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
