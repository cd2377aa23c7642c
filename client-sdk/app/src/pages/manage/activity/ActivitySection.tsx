import type { AuditEntryInfo, RoomAdmin } from '@parley/client-sdk';
import { ScrollText } from 'lucide-react';
import { useCallback } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { auditText } from '../../../lib/auditTexts.ts';
import { formatClock, formatDay } from '../../../lib/moments.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import section from '../section.module.css';
import styles from './ActivitySection.module.css';

/** What hosts did, in words, newest first. */
export function ActivitySection({ admin }: { admin: RoomAdmin }) {
  const pages = usePages<AuditEntryInfo>(useCallback((page) => admin.listAudit(page), [admin]));
  return (
    <section className={section.section} aria-label="Activity" data-testid="activity">
      <p className={section.hint}>
        Everything that hosts did, in meetings, on these pages and by programs. It cannot be changed.
      </p>
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={ScrollText}
            title="Nothing has happened yet"
            text="When a host mutes, removes or lets in somebody, or changes a setting, it is written down here."
          />
        }
      >
        {(entries) =>
          [...Map.groupBy(entries, ({ at }) => formatDay(at))].map(([day, ofDay]) => (
            <DayOfActivity key={day} day={day} entries={ofDay} />
          ))
        }
      </PagesView>
    </section>
  );
}

function DayOfActivity({ day, entries }: { day: string; entries: readonly AuditEntryInfo[] }) {
  return (
    <section>
      <h2 className={styles.day}>{day}</h2>
      <ul className={section.list}>
        {entries.map((entry) => (
          <li key={entry.auditId} className={styles.entry} data-action={entry.action}>
            <time className={styles.time} dateTime={new Date(entry.at).toISOString()}>
              {formatClock(entry.at)}
            </time>
            <span className={styles.text}>{auditText(entry)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
