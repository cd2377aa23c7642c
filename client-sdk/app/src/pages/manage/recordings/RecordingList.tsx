import type { RecordingInfo } from '@parley/client-sdk';
import { AudioLines, ChevronRight, Film, Layers, type LucideIcon } from 'lucide-react';
import { formatDuration } from '../../../lib/duration.ts';
import { count, formatBytes, formatClock, formatDay } from '../../../lib/moments.ts';
import { familiesOf } from '../../../lib/recordingFamilies.ts';
import { isFinished, kindWords, stateWords, type RecordingKind } from '../../../lib/recordingTexts.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { AppLink } from '../../../ui/AppLink.tsx';
import { classes } from '../../../ui/classes.ts';
import { server } from '../server.ts';
import section from '../section.module.css';
import styles from './recordings.module.css';

const ICONS: Record<RecordingKind, LucideIcon> = { composite: Film, tracks: Layers, audio: AudioLines };

/** Recordings of breakout rooms stand below that of their meeting, where it is there as well. */
export function RecordingList({ recordings }: { recordings: readonly RecordingInfo[] }) {
  return (
    <ul className={section.list} data-testid="recording-list">
      {familiesOf(recordings).map(({ recording, breakouts }) => (
        <li key={recording.recordingId} className={styles.item}>
          <RecordingRow recording={recording} />
          {breakouts.length > 0 && (
            <ul className={styles.breakouts} aria-label="Its breakout rooms" data-testid="recorded-breakouts">
              {breakouts.map((breakout) => (
                <li key={breakout.recordingId}>
                  <RecordingRow recording={breakout} />
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function RecordingRow({ recording }: { recording: RecordingInfo }) {
  const { recordingId, room, breakoutName, startedAt, state } = recording;
  return (
    <AppLink
      href={pathOfPlace({ room, section: 'recordings', item: recordingId })}
      className={styles.link}
      data-testid="recording-row"
      data-state={state}
    >
      <Thumbnail recording={recording} />
      <span className={section.text}>
        <span className={section.name}>
          {breakoutName !== '' && `${breakoutName}: `}
          {formatDay(startedAt)}, {formatClock(startedAt)}
        </span>
        <span className={section.words}>{aboutRecording(recording)}</span>
        <StateChip recording={recording} />
      </span>
      <ChevronRight className={styles.chevron} size={18} aria-hidden />
    </AppLink>
  );
}

function Thumbnail({
  recording: { recordingId, hasThumbnail, kind, durationMs },
}: {
  recording: RecordingInfo;
}) {
  const Icon = ICONS[kind];
  return (
    <span className={styles.thumbnail}>
      {hasThumbnail ? (
        <img src={server.recordings.thumbnailUrl(recordingId)} alt="" loading="lazy" />
      ) : (
        <Icon size={26} strokeWidth={1.6} aria-hidden />
      )}
      {durationMs > 0 && <span className={styles.length}>{formatDuration(durationMs)}</span>}
    </span>
  );
}

/** Said only of what is not simply ready. */
export function StateChip({ recording: { state } }: { recording: RecordingInfo }) {
  if (state === 'ready') return null;
  const isFinal = isFinished({ state });
  const look = state === 'failed' ? styles.failed : isFinal ? styles.recovered : styles.running;
  return <span className={classes(styles.chip, look)}>{CHIPS[state] ?? stateWords(state)}</span>;
}

const CHIPS: Partial<Record<RecordingInfo['state'], string>> = {
  starting: 'Starting',
  paused: 'Paused',
  finishing: 'Finishing',
  recovered: 'Recovered',
};

/** `Picture and sound · 12 MB · 2 parts` */
export function aboutRecording({ kind, bytes, files }: RecordingInfo): string {
  const parts = new Set(files.map(({ part }) => part)).size;
  const words = [
    kindWords(kind),
    bytes > 0 ? formatBytes(bytes) : '',
    parts > 1 ? count(parts, 'part', 'parts') : '',
    kind !== 'composite' && files.length > 1 ? count(files.length, 'file', 'files') : '',
  ];
  return words.filter(Boolean).join(' · ');
}
