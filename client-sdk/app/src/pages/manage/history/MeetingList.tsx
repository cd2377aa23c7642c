import type { MeetingInfo, RoomAdmin } from '@parley/client-sdk';
import { ChevronRight, History } from 'lucide-react';
import { useCallback } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { count, formatClock, formatDay, formatSpan } from '../../../lib/moments.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { AppLink } from '../../../ui/AppLink.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import styles from './history.module.css';

/** The meetings that were, and the one that goes on. */
export function MeetingList({ admin }: { admin: RoomAdmin }) {
  const pages = usePages<MeetingInfo>(useCallback((page) => admin.listMeetings(page), [admin]));
  return (
    <section className={section.section} aria-label="Meetings">
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={History}
            title="No meetings yet"
            text="After the first one you see here who was in it and when, how well it sounded, and what was written."
          />
        }
      >
        {(meetings) => (
          <ul className={section.list} data-testid="meeting-list">
            {meetings.map((meeting) => (
              <MeetingRow key={meeting.meetingId} room={admin.name} meeting={meeting} />
            ))}
          </ul>
        )}
      </PagesView>
    </section>
  );
}

function MeetingRow({ room, meeting }: { room: string; meeting: MeetingInfo }) {
  const { meetingId, startedAt, endedAt, numPeople, numMessages } = meeting;
  return (
    <li className={styles.item}>
      <AppLink
        href={pathOfPlace({ room, section: 'meetings', item: meetingId })}
        className={styles.link}
        data-testid="meeting-row"
      >
        <span className={section.text}>
          <span className={section.name}>
            {formatDay(startedAt)}, {formatClock(startedAt)}
          </span>
          <span className={section.words}>
            {endedAt === null ? 'Goes on' : formatSpan(endedAt - startedAt)} ·{' '}
            {count(numPeople, 'person', 'people')}
            {numMessages > 0 && ` · ${count(numMessages, 'message', 'messages')}`}
          </span>
        </span>
        {endedAt === null && <span className={styles.now}>Now</span>}
        <ChevronRight size={18} aria-hidden />
      </AppLink>
    </li>
  );
}
