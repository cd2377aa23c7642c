import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { manageErrorText } from '../../../lib/manageErrorTexts.ts';
import type { Problems } from '../../../lib/phoneForms.ts';
import { refusedFields } from '../../../lib/refusedFields.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import section from '../section.module.css';
import styles from './phones.module.css';

interface Props {
  title: string;
  /** What is wrong with what was typed; said when it is to be saved. */
  problems: Problems;
  /** Those that `children` asks about. What is wrong with anything else stands below all of them. */
  fields: readonly string[];
  onSave: () => Promise<unknown>;
  onClose: () => void;
  /** Fields; `problemOf` says what is to stand below one. */
  children: (problemOf: (field: string) => string | null) => ReactNode;
}

/** A form of one trunk, rule or extension: says at each field what is wrong, be it found here or by the server. */
export function EntryForm({ title, problems, fields, onSave, onClose, children }: Props) {
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const refused = refusedFields(error, fields);
  const isWrong = Object.keys(problems).length > 0;
  const save = async (form: HTMLFormElement) => {
    setBusy(true);
    setError(null);
    try {
      await onSave();
      onClose();
    } catch (reason) {
      setError(reason);
      setBusy(false);
      showFirstProblem(form);
    }
  };
  const handleSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (isWrong) showFirstProblem(event.currentTarget);
    else if (!busy) void save(event.currentTarget);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={section.form} noValidate onSubmit={handleSubmit}>
        {children((field) => (tried ? (problems[field] ?? refused.fields[field] ?? null) : null))}
        {error !== null && (
          <Notice text={manageErrorText(error)} testId="form-error">
            {refused.others.map((words) => (
              <p key={words} className={styles.words}>
                {words}
              </p>
            ))}
          </Notice>
        )}
        <div className={section.actions}>
          <Button type="submit" look="primary" disabled={busy} data-testid="save">
            {busy ? 'Saving…' : 'Save'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** By the next frame the fields say what is wrong with them. */
function showFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
