import type { LiveStream, Recording, RunningRecording } from '@parley/client-sdk';
import { useLive, useRecording } from '@parley/client-sdk/react';
import { Eye, LoaderCircle, Pause, TriangleAlert } from 'lucide-react';
import { useNow } from '../../../hooks/useNow.ts';
import { formatDuration } from '../../../lib/duration.ts';
import { count } from '../../../lib/moments.ts';
import { mainRecording } from '../../../lib/recordingTexts.ts';
import { classes } from '../../../ui/classes.ts';
import type { Panels } from '../usePanels.ts';
import styles from './EgressBadges.module.css';

/** Says to everybody, all the time, that the meeting is recorded or streamed. A press tells more. */
export function EgressBadges({ panels }: { panels: Panels }) {
  const { list } = useRecording();
  const { stream } = useLive();
  const recording = mainRecording(list);
  if (recording === null && stream === null) return null;
  return (
    <div className={styles.badges}>
      {recording !== null && (
        <RecordingBadge recording={recording} onOpen={() => panels.setDialog('recording')} />
      )}
      {stream !== null && <LiveBadge stream={stream} onOpen={() => panels.toggle('live')} />}
    </div>
  );
}

/** The room asks, and one has not agreed. */
const isLeftOut = ({ consent }: Recording): boolean => consent !== undefined && consent !== 'agreed';

interface BadgeProps {
  recording: RunningRecording;
  onOpen: () => void;
}

function RecordingBadge({ recording, onOpen }: BadgeProps) {
  const state = useRecording();
  const isRecording = recording.state === 'recording';
  const now = useNow(isRecording);
  const time = formatDuration(state.elapsed(recording, now));
  const notMe = isRecording && isLeftOut(state);
  return (
    <button
      type="button"
      className={styles.badge}
      data-testid="recording-badge"
      data-state={recording.state}
      // The time would be read out each second.
      aria-label={`${LABELS[recording.state] ?? 'Recording'}${notMe ? ', without you' : ''}. Details`}
      onClick={onOpen}
    >
      <Mark state={recording.state} />
      <span>{WORDS[recording.state] ?? 'Recording'}</span>
      {recording.state !== 'finishing' && recording.state !== 'failed' && recording.state !== 'starting' && (
        <span className={styles.time} aria-hidden="true">
          {time}
        </span>
      )}
      {notMe && <span className={styles.aside}>without you</span>}
    </button>
  );
}

const LABELS: Partial<Record<RunningRecording['state'], string>> = {
  starting: 'Recording starts',
  recording: 'This meeting is being recorded',
  paused: 'The recording is paused',
  finishing: 'The recording is being finished',
  failed: 'The recording has failed',
};
const WORDS: Partial<Record<RunningRecording['state'], string>> = {
  starting: 'Starting…',
  paused: 'Paused',
  finishing: 'Finishing…',
  failed: 'Recording failed',
};

function Mark({ state }: { state: RunningRecording['state'] }) {
  if (state === 'recording') return <span className={classes(styles.dot, styles.on)} aria-hidden />;
  if (state === 'paused') return <Pause size={15} aria-hidden />;
  if (state === 'failed') return <TriangleAlert size={15} className={styles.failed} aria-hidden />;
  return <LoaderCircle size={15} className={styles.wheel} aria-hidden />;
}

function LiveBadge({ stream, onOpen }: { stream: LiveStream; onOpen: () => void }) {
  const { viewers, page } = stream;
  const notMe = isLeftOut(useRecording());
  return (
    <button
      type="button"
      className={styles.badge}
      data-testid="live-badge"
      aria-label={`This meeting is live: people outside see it${notMe ? ', without you' : ''}. Details`}
      onClick={onOpen}
    >
      <span className={styles.live}>Live</span>
      {page !== null && (
        <span className={styles.time} title={count(viewers, 'viewer', 'viewers')}>
          <Eye size={15} aria-hidden /> <span data-testid="live-viewers">{viewers}</span>
        </span>
      )}
      {notMe && <span className={styles.aside}>without you</span>}
    </button>
  );
}
