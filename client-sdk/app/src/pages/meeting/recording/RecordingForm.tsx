import { useRoomState } from '@parley/client-sdk/react';
import { FileVideo, LayoutGrid } from 'lucide-react';
import { useId, useState, type SyntheticEvent } from 'react';
import type { ErrorText } from '../../../lib/errorTexts.ts';
import {
  egressErrorText,
  FORMAT_OPTIONS,
  KINDS,
  layoutOf,
  LAYOUT_OPTIONS,
  type RecordingKind,
} from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { Switch } from '../../../ui/Field.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import styles from './recording.module.css';

interface Props {
  /** What is recorded already. */
  taken: readonly RecordingKind[];
  onStarted: () => void;
}

interface Wish {
  kind: RecordingKind;
  format: string;
  layout: string;
  breakouts: boolean;
}

/** What to record, and the start. */
export function RecordingForm({ taken, onStarted }: Props) {
  const room = useRoomState();
  const { recordBreakouts, recordingConsent } = room.info.settings;
  const [wish, setWish] = useState<Wish>(() => ({
    kind: KINDS.find(({ kind }) => !taken.includes(kind))?.kind ?? 'composite',
    ...{ format: 'mp4', layout: 'speaker', breakouts: recordBreakouts },
  }));
  const { starting, problem, start } = useStart(onStarted);
  const change = (patch: Partial<Wish>) => setWish((old) => ({ ...old, ...patch }));

  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    start(wish);
  };
  return (
    <form className={styles.form} onSubmit={handleSubmit}>
      <KindChoice chosen={wish.kind} taken={taken} onChoose={(kind) => change({ kind })} />
      {wish.kind === 'composite' && <PictureChoice wish={wish} onChange={change} />}
      {room.breakouts.breakoutId === null && (
        <Switch
          label="Breakout rooms as well"
          hint="Each that is open in a recording of its own."
          checked={wish.breakouts}
          onChange={(breakouts) => change({ breakouts })}
        />
      )}
      {problem !== null && (
        <div ref={showIt}>
          <Notice text={problem} testId="recording-problem" />
        </div>
      )}
      <p className={styles.hint}>
        Everybody sees that the meeting is recorded.
        {recordingConsent === 'ask' && ' Only those who agree are in the recording.'}
      </p>
      <Button
        type="submit"
        look="primary"
        size="large"
        wide
        disabled={starting}
        data-testid="start-recording"
      >
        {starting ? 'Starting…' : 'Start recording'}
      </Button>
    </form>
  );
}

/** On a phone the form is longer than what is seen of it. */
const showIt = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'center' });

function useStart(onStarted: () => void) {
  const { recording, breakouts: rooms } = useRoomState();
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ErrorText | null>(null);
  const start = ({ kind, format, layout, breakouts }: Wish) => {
    setStarting(true);
    setProblem(null);
    recording
      .start({
        ...{ kind, format: format === 'webm' ? 'webm' : 'mp4' },
        ...(kind === 'composite' && { layout: layoutOf(layout) }),
        ...(rooms.breakoutId === null && { breakouts }),
      })
      .then(onStarted, (error: unknown) => setProblem(egressErrorText(error)))
      .finally(() => setStarting(false));
  };
  return { starting, problem, start };
}

function PictureChoice({ wish, onChange }: { wish: Wish; onChange: (patch: Partial<Wish>) => void }) {
  return (
    <div className={styles.pair}>
      <Select
        label="Layout"
        icon={LayoutGrid}
        value={wish.layout}
        options={LAYOUT_OPTIONS}
        onChange={(layout) => onChange({ layout })}
      />
      <Select
        label="Format"
        icon={FileVideo}
        value={wish.format}
        options={FORMAT_OPTIONS}
        onChange={(format) => onChange({ format })}
      />
    </div>
  );
}

interface KindProps {
  chosen: RecordingKind;
  taken: readonly RecordingKind[];
  onChoose: (kind: RecordingKind) => void;
}

function KindChoice({ chosen, taken, onChoose }: KindProps) {
  const name = useId();
  return (
    <fieldset className={styles.kinds}>
      <legend className="visually-hidden">What to record</legend>
      {KINDS.map(({ kind, label, hint }) => (
        <label key={kind} className={styles.kind} data-testid={`kind-${kind}`}>
          <input
            type="radio"
            name={name}
            checked={kind === chosen}
            disabled={taken.includes(kind)}
            onChange={() => onChoose(kind)}
          />
          <span>
            <span className={styles.kindName}>{label}</span>
            <span className={styles.hint}>{taken.includes(kind) ? 'Is being recorded already.' : hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
