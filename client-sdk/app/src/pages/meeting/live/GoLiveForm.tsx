import { useLive, useRoomState } from '@parley/client-sdk/react';
import { LayoutGrid, Plus, Radio } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import type { ErrorText } from '../../../lib/errorTexts.ts';
import { egressErrorText, layoutOf, LAYOUT_OPTIONS } from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { Switch } from '../../../ui/Field.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { TargetFields } from './TargetForm.tsx';
import { newTargetOf, NO_TARGET, targetProblem, type TypedTarget } from './typedTarget.ts';
import styles from './live.module.css';

/** Where the meeting is to be seen, and the start. */
export function GoLiveForm() {
  const { recordingConsent } = useRoomState().info.settings;
  const [page, setPage] = useState(true);
  const [layout, setLayout] = useState('speaker');
  const [target, setTarget] = useState<TypedTarget | null>(null);
  const [checked, setChecked] = useState(false);
  const { starting, problem, start } = useStart();
  const nowhere = !page && target === null;
  const wrong = checked && target !== null ? targetProblem(target) : null;

  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    setChecked(true);
    if (target !== null && targetProblem(target) !== null) return;
    start({ page, targets: target === null ? [] : [newTargetOf(target)], layout: layoutOf(layout) });
  };
  return (
    <form className={styles.form} onSubmit={handleSubmit} noValidate>
      <p className={styles.hint}>
        People outside see and hear this meeting, without joining it. Everybody in it is told.
        {recordingConsent === 'ask' && ' Only those who agree are in it.'}
      </p>
      <Switch
        label="A page to watch it on"
        hint="On this server; anybody with its link can watch."
        checked={page}
        onChange={setPage}
      />
      <FirstTarget target={target} error={wrong} onChange={setTarget} />
      <Select label="Layout" icon={LayoutGrid} value={layout} options={LAYOUT_OPTIONS} onChange={setLayout} />
      {problem !== null && (
        <div ref={showIt}>
          <Notice text={problem} testId="live-problem" />
        </div>
      )}
      <Button
        type="submit"
        look="primary"
        size="large"
        disabled={starting || nowhere}
        data-testid="go-live-now"
      >
        <Radio size={19} aria-hidden /> {starting ? 'Starting…' : 'Go live'}
      </Button>
      {nowhere && <p className={styles.hint}>Choose the page, a streaming service, or both.</p>}
    </form>
  );
}

/** On a phone the form is longer than what is seen of it. */
const showIt = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'center' });

function useStart() {
  const live = useLive();
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ErrorText | null>(null);
  const start = (options: Parameters<typeof live.start>[0]) => {
    setStarting(true);
    setProblem(null);
    live
      .start(options)
      .catch((error: unknown) => setProblem(egressErrorText(error)))
      .finally(() => setStarting(false));
  };
  return { starting, problem, start };
}

interface FirstTargetProps {
  target: TypedTarget | null;
  error: string | null;
  onChange: (target: TypedTarget | null) => void;
}

function FirstTarget({ target, error, onChange }: FirstTargetProps) {
  if (target === null)
    return (
      <Button data-testid="first-target" onClick={() => onChange(NO_TARGET)}>
        <Plus size={18} aria-hidden /> Also to a streaming service
      </Button>
    );
  return (
    <fieldset className={styles.target}>
      <legend className={styles.heading}>Streaming service</legend>
      <TargetFields target={target} error={error} onChange={onChange} />
      <Button look="quiet" onClick={() => onChange(null)}>
        Leave it out
      </Button>
    </fieldset>
  );
}
