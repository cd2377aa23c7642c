import type { MeetingDetails, RoomAdmin } from '@parley/client-sdk';
import { FileText } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';
import { useLoad } from '../../../hooks/useLoad.ts';
import {
  count,
  formatBytes,
  formatClock,
  formatDay,
  formatMoment,
  formatSpan,
} from '../../../lib/moments.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { BackLink } from '../../../ui/BackLink.tsx';
import { LoadedView } from '../LoadedView.tsx';
import { RecordingList } from '../recordings/RecordingList.tsx';
import section from '../section.module.css';
import { MeetingChat } from './MeetingChat.tsx';
import { MeetingTimeline } from './MeetingTimeline.tsx';
import { QualityMeter } from './QualityMeter.tsx';
import styles from './history.module.css';

/** One meeting: who was in it when, how well it went, what was written and shared. */
export function MeetingReport({ admin, meetingId }: { admin: RoomAdmin; meetingId: string }) {
  const { loaded, reload } = useLoad(
    useCallback(
      async () => ({ meeting: await admin.getMeeting(meetingId), askedAt: Date.now() }),
      [admin, meetingId],
    ),
  );
  return (
    <div className={styles.report} data-testid="meeting-report">
      <div className={styles.back}>
        <BackLink href={pathOfPlace({ room: admin.name, section: 'meetings' })}>All meetings</BackLink>
      </div>
      <LoadedView loaded={loaded} reload={reload}>
        {({ meeting, askedAt }) => (
          <>
            <Summary meeting={meeting} now={askedAt} />
            <MeetingTimeline meeting={meeting} now={askedAt} />
            <Recordings meeting={meeting} />
            <Files admin={admin} meeting={meeting} />
            <MeetingChat admin={admin} meetingId={meetingId} />
          </>
        )}
      </LoadedView>
    </div>
  );
}

function Summary({ meeting, now }: { meeting: MeetingDetails; now: number }) {
  const { startedAt, endedAt, numPeople, quality } = meeting;
  return (
    <section>
      <h2 className={styles.when}>
        {formatDay(startedAt, now)}, {formatClock(startedAt)}
        {endedAt === null ? '' : ` to ${formatClock(endedAt)}`}
      </h2>
      <dl className={styles.facts}>
        <Fact name="Lasted">{endedAt === null ? 'Goes on' : formatSpan(endedAt - startedAt)}</Fact>
        <Fact name="Who came">{count(numPeople, 'person', 'people')}</Fact>
        <Fact name="How well it arrived">
          <QualityMeter quality={quality} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Recordings({ meeting: { recordings } }: { meeting: MeetingDetails }) {
  if (recordings.length === 0) return null;
  return (
    <section className={section.section} aria-labelledby="meeting-recordings">
      <h2 className={section.heading} id="meeting-recordings">
        Recordings
      </h2>
      <RecordingList recordings={recordings} />
    </section>
  );
}

function Files({ admin, meeting }: { admin: RoomAdmin; meeting: MeetingDetails }) {
  const { meetingId, files, stays } = meeting;
  if (files.length === 0) return null;
  const nameOf = (identity: string) =>
    stays.find((stay) => stay.identity === identity)?.displayName ?? identity;
  return (
    <section className={section.section} aria-labelledby="meeting-files">
      <h2 className={section.heading} id="meeting-files">
        Files
      </h2>
      <ul className={section.list}>
        {files.map(({ fileId, name, size, by, at }) => (
          <li key={fileId} className={section.row}>
            <FileText size={20} aria-hidden />
            <div className={section.text}>
              <a
                className={section.name}
                href={admin.meetingFileUrl(meetingId, fileId)}
                download={name}
                data-testid="meeting-file"
              >
                {name}
              </a>
              <span className={section.words}>
                {formatBytes(size)} · {nameOf(by)} · {formatMoment(at)}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
