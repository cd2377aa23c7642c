import { useLive } from '@parley/client-sdk/react';
import { useState, type SyntheticEvent } from 'react';
import { egressErrorText } from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { newTargetOf, NO_TARGET, targetProblem, type TypedTarget } from './typedTarget.ts';
import styles from './live.module.css';

interface FieldsProps {
  target: TypedTarget;
  error: string | null;
  onChange: (target: TypedTarget) => void;
}

/** Address and key, as streaming services give them. */
export function TargetFields({ target, error, onChange }: FieldsProps) {
  return (
    <>
      <TextField
        label="Address"
        type="url"
        inputMode="url"
        placeholder="rtmps://…"
        autoComplete="off"
        spellCheck={false}
        maxLength={2048}
        value={target.url}
        error={error}
        data-testid="target-url"
        onChange={(event) => onChange({ ...target, url: event.target.value })}
      />
      <TextField
        label="Stream key"
        type="password"
        autoComplete="off"
        maxLength={1024}
        value={target.key}
        data-testid="target-key"
        onChange={(event) => onChange({ ...target, key: event.target.value })}
      />
      <p className={styles.hint}>
        The service shows both where you set up your stream. The key is not shown again.
      </p>
    </>
  );
}

/** One target more, while it is live. */
export function TargetForm({ onDone }: { onDone: () => void }) {
  const live = useLive();
  const [target, setTarget] = useState(NO_TARGET);
  const [error, setError] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    const problem = targetProblem(target);
    setError(problem);
    if (problem !== null) return;
    setAdding(true);
    live
      .addTarget(newTargetOf(target))
      .then(onDone, (failure: unknown) => setError(egressErrorText(failure).text))
      .finally(() => setAdding(false));
  };
  return (
    <form className={styles.target} onSubmit={handleSubmit} noValidate>
      <TargetFields target={target} error={error} onChange={setTarget} />
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look="primary" disabled={adding} data-testid="save-target">
          Add
        </Button>
      </div>
    </form>
  );
}
