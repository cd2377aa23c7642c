import type { RunningRecording } from '@parley/client-sdk';
import { useParticipants, useRecording } from '@parley/client-sdk/react';
import { Bookmark, LayoutGrid, Pause, Play, Square } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { useNow } from '../../../hooks/useNow.ts';
import { formatDuration } from '../../../lib/duration.ts';
import { formatClock } from '../../../lib/moments.ts';
import { isOn, kindWords, layoutOf, LAYOUT_OPTIONS, stateWords } from '../../../lib/recordingTexts.ts';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Wait } from '../../../ui/Wait.tsx';
import { useAct } from '../useAct.ts';
import styles from './recording.module.css';

interface Props {
  recording: RunningRecording;
  mayControl: boolean;
}

/** One recording that goes on: how long it is, and what one does with it. */
export function RecordingCard({ recording, mayControl }: Props) {
  const { state, kind, startedBy, startedAt, message } = recording;
  const running = useRecording();
  const now = useNow(state === 'recording');
  const starter = useParticipants().find(({ identity }) => identity === startedBy);
  if (state === 'failed')
    return (
      <Notice text={{ title: 'The recording has failed', text: failed(message) }} testId="recording-failed" />
    );
  return (
    <section className={styles.card} data-testid="recording-card" data-state={state}>
      <div className={styles.cardHead}>
        <div>
          <h3 className={styles.cardTitle}>{stateWords(state)}</h3>
          <p className={styles.hint}>
            {kindWords(kind)} · since {formatClock(startedAt)}
            {startedBy === null
              ? ' · by the settings of the room'
              : starter
                ? ` · by ${starter.displayName}`
                : ''}
          </p>
        </div>
        <span className={styles.clock}>{formatDuration(running.elapsed(recording, now))}</span>
      </div>
      {state === 'finishing' && (
        <Wait text="Its files are made ready. You may leave meanwhile." progress={recording.progress} />
      )}
      {message !== '' && isOn(recording) && <p className={styles.hint}>{message}</p>}
      {mayControl && isOn(recording) && <Controls recording={recording} />}
    </section>
  );
}

const failed = (message: string): string =>
  `${message} What was recorded until then is kept under Recordings of the room. You can start a new one.`.trim();

function Controls({ recording }: { recording: RunningRecording }) {
  const { recordingId, state, kind, layout } = recording;
  const running = useRecording();
  const act = useAct();
  const [stopping, setStopping] = useState(false);
  const isPaused = state === 'paused';
  return (
    <>
      {kind === 'composite' && (
        <Select
          label="Layout"
          icon={LayoutGrid}
          value={layout.kind}
          options={LAYOUT_OPTIONS}
          onChange={(value) => act(running.setLayout(layoutOf(value), recordingId))}
        />
      )}
      <MarkForm recordingId={recordingId} disabled={state !== 'recording'} />
      <div className={styles.actions}>
        <Button
          disabled={state === 'starting'}
          data-testid={isPaused ? 'resume-recording' : 'pause-recording'}
          onClick={() => act(isPaused ? running.resume(recordingId) : running.pause(recordingId))}
        >
          {isPaused ? <Play size={17} aria-hidden /> : <Pause size={17} aria-hidden />}
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
        <Button look="danger" data-testid="stop-recording" onClick={() => setStopping(true)}>
          <Square size={16} fill="currentColor" aria-hidden /> Stop…
        </Button>
      </div>
      {stopping && (
        <ConfirmDialog
          title="Stop the recording?"
          text="It ends for everybody, and those of breakout rooms with it. Hosts find it under Recordings of the room when its files are ready."
          choices={[
            {
              label: 'Stop it',
              look: 'danger',
              testId: 'confirm-stop',
              onChoose: () => act(running.stop(recordingId)),
            },
          ]}
          onClose={() => setStopping(false)}
        />
      )}
    </>
  );
}

/** A chapter of the file begins at this moment. */
function MarkForm({ recordingId, disabled }: { recordingId: string; disabled: boolean }) {
  const running = useRecording();
  const act = useAct();
  const [title, setTitle] = useState('');
  const [marked, setMarked] = useState('');
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    const words = title.trim();
    if (words === '' || disabled) return;
    act(
      running.mark(words, recordingId).then(() => {
        setMarked(words);
        setTitle('');
      }),
    );
  };
  return (
    <form className={styles.mark} onSubmit={handleSubmit}>
      <TextField
        label="Mark this moment"
        placeholder="Title of a chapter"
        maxLength={200}
        value={title}
        disabled={disabled}
        data-testid="mark-title"
        onChange={(event) => setTitle(event.target.value)}
      />
      <Button type="submit" disabled={disabled || title.trim() === ''} data-testid="mark">
        <Bookmark size={17} aria-hidden /> Mark
      </Button>
      <p className={styles.marked} role="status">
        {marked !== '' && `Marked: ${marked}`}
      </p>
    </form>
  );
}
