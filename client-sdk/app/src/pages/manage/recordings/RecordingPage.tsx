import { ParleyError, type RecordingInfo, type RecordingSidecar, type RoomAdmin } from '@parley/client-sdk';
import { useCallback, useEffect, type ReactNode } from 'react';
import { useLoad } from '../../../hooks/useLoad.ts';
import { formatDuration } from '../../../lib/duration.ts';
import { formatBytes, formatClock, formatDay, formatMoment } from '../../../lib/moments.ts';
import { namesIn, type Names } from '../../../lib/recordedFiles.ts';
import { isFinished, kindWords } from '../../../lib/recordingTexts.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { AppLink } from '../../../ui/AppLink.tsx';
import { BackLink } from '../../../ui/BackLink.tsx';
import { LoadedView } from '../LoadedView.tsx';
import { server } from '../server.ts';
import history from '../history/history.module.css';
import section from '../section.module.css';
import { FileList } from './FileList.tsx';
import { RecordingActions } from './RecordingActions.tsx';
import { RecordingPlayer } from './RecordingPlayer.tsx';
import { RecordingList, StateChip } from './RecordingList.tsx';
import { RecordingState } from './RecordingState.tsx';
import styles from './recordings.module.css';

interface Props {
  room: string;
  admin: RoomAdmin;
  recordingId: string;
}

interface Found {
  recording: RecordingInfo;
  /** Those of breakout rooms that belong to it. */
  breakouts: readonly RecordingInfo[];
  /** null where nothing is known of who spoke when. */
  sidecar: RecordingSidecar | null;
  names: Names;
}

const ASK_MS = 2000;

/** One recording: played, given to others, deleted. */
export function RecordingPage({ room, admin, recordingId }: Props) {
  const { loaded, reload } = useLoad(
    useCallback(() => find(recordingId, admin), [recordingId, admin]),
    {
      keeps: true,
    },
  );
  const isWaiting =
    loaded.at === 'ready' &&
    [loaded.data.recording, ...loaded.data.breakouts].some((one) => !isFinished(one));
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(reload, ASK_MS);
    return () => clearInterval(timer);
  }, [isWaiting, reload]);
  return (
    <div className={history.report} data-testid="recording-page">
      <div className={history.back}>
        <BackLink href={pathOfPlace({ room, section: 'recordings' })}>All recordings</BackLink>
      </div>
      <LoadedView loaded={loaded} reload={reload}>
        {({ recording, breakouts, sidecar, names }) => (
          <>
            <Heading recording={recording} />
            <RecordingState recording={recording} />
            {recording.files.length > 0 && recording.kind !== 'tracks' && (
              <RecordingPlayer recording={recording} sidecar={sidecar} />
            )}
            {isFinished(recording) && <RecordingActions {...{ recording, admin, names }} />}
            <Facts recording={recording} />
            <FileList {...{ recording, names }} />
            <Breakouts recordings={breakouts} />
          </>
        )}
      </LoadedView>
    </div>
  );
}

async function find(recordingId: string, admin: RoomAdmin): Promise<Found> {
  const recording = await server.recordings.get(recordingId);
  const breakouts = await findBreakouts(recording, admin);
  if (!recording.hasSidecar || !isFinished(recording))
    return { recording, breakouts, sidecar: null, names: new Map() };
  // It can be played without it.
  const sidecar = await server.recordings.getSidecar(recordingId).catch(() => null);
  return { recording, breakouts, sidecar, names: namesIn(sidecar?.events ?? []) };
}

/** In the order in which they began. */
async function findBreakouts({ recordingId, meetingId, breakoutId }: RecordingInfo, admin: RoomAdmin) {
  if (meetingId === null || breakoutId !== null) return [];
  const recordings = await recordingsOf(meetingId, admin);
  return recordings.filter(({ parentRecordingId }) => parentRecordingId === recordingId);
}

/** Meetings may be kept for less long than what was recorded of them. */
async function recordingsOf(meetingId: string, admin: RoomAdmin): Promise<readonly RecordingInfo[]> {
  try {
    return (await admin.getMeeting(meetingId)).recordings;
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'MEETING_NOT_FOUND') return [];
    throw error;
  }
}

function Breakouts({ recordings }: { recordings: readonly RecordingInfo[] }) {
  if (recordings.length === 0) return null;
  return (
    <section className={section.section} aria-labelledby="recording-breakouts">
      <h2 className={section.heading} id="recording-breakouts">
        Breakout rooms
      </h2>
      <RecordingList recordings={recordings} />
    </section>
  );
}

function Heading({ recording }: { recording: RecordingInfo }) {
  const { startedAt, breakoutName, title, room, parentRecordingId: parent } = recording;
  return (
    <header className={styles.heading}>
      <h2 className={history.when}>
        {formatDay(startedAt)}, {formatClock(startedAt)}
      </h2>
      <StateChip recording={recording} />
      <p className={styles.about}>
        {breakoutName === '' ? title || room : `${breakoutName}, a breakout room`}
        {parent !== null && (
          <>
            {', recorded with '}
            <AppLink
              href={pathOfPlace({ room, section: 'recordings', item: parent })}
              data-testid="parent-recording"
            >
              the main room
            </AppLink>
          </>
        )}
      </p>
    </header>
  );
}

function Facts({ recording }: { recording: RecordingInfo }) {
  const { kind, format, bytes, durationMs, startedBy, isEncrypted, keptUntil, meetingId, room } = recording;
  return (
    <dl className={history.facts}>
      <Fact name="Length">{formatDuration(durationMs)}</Fact>
      <Fact name="Size">{bytes > 0 ? formatBytes(bytes) : '–'}</Fact>
      <Fact name="What">
        {kindWords(kind)}
        {kind === 'tracks' ? '' : `, ${format === 'mp4' ? 'MP4' : 'WebM'}`}
      </Fact>
      <Fact name="Started by">{startedBy?.displayName ?? 'The settings of the room'}</Fact>
      <Fact name="On the disk">{isEncrypted ? 'Encrypted' : 'Not encrypted'}</Fact>
      {keptUntil !== null && <Fact name="Kept until">{formatMoment(keptUntil)}</Fact>}
      {meetingId !== null && (
        <Fact name="Of">
          <AppLink href={pathOfPlace({ room, section: 'meetings', item: meetingId })}>this meeting</AppLink>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={history.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
