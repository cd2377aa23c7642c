import type { MeetingDetails } from '@parley/client-sdk';
import { Phone } from 'lucide-react';
import { formatClock, formatSpan } from '../../../lib/moments.ts';
import { timelineOf, type TimelineBar, type TimelineRow, type TimelineTick } from '../../../lib/timeline.ts';
import { inviteRoleWords } from '../../../lib/inviteTexts.ts';
import { Avatar } from '../../../ui/Avatar.tsx';
import { classes } from '../../../ui/classes.ts';
import section from '../section.module.css';
import { QualityMeter } from './QualityMeter.tsx';
import styles from './timeline.module.css';

/** Who was there when: a row for each person, a bar for each stay. */
export function MeetingTimeline({ meeting, now }: { meeting: MeetingDetails; now: number }) {
  const { rows, ticks } = timelineOf(meeting, now);
  return (
    <section className={section.section} aria-labelledby="meeting-people" data-testid="timeline">
      <h2 className={section.heading} id="meeting-people">
        Who was there when
      </h2>
      <div className={styles.chart}>
        <div className={styles.axis} aria-hidden="true">
          {ticks.map(({ at, left }) => (
            <span key={at} className={styles.time} style={{ left: `${left}%` }}>
              {formatClock(at)}
            </span>
          ))}
        </div>
        <ol className={styles.rows}>
          {rows.map((row) => (
            <PersonRow key={row.identity} row={row} ticks={ticks} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function PersonRow({ row, ticks }: { row: TimelineRow; ticks: readonly TimelineTick[] }) {
  const { identity, displayName, bars, total, quality } = row;
  const last = bars.at(-1)?.stay;
  return (
    <li className={styles.row}>
      <div className={styles.who}>
        <Avatar identity={identity} displayName={displayName} size={32} />
        <div className={styles.words}>
          <span className={styles.name}>{displayName}</span>
          <span className={styles.role}>
            {last && inviteRoleWords(last.role)} · {formatSpan(total)}
            {last?.kind === 'phone' && <Phone size={14} role="img" aria-label="By phone" />}
          </span>
        </div>
      </div>
      <div className={styles.line}>
        {ticks.map(({ at, left }) => (
          <span key={at} className={styles.tick} style={{ left: `${left}%` }} />
        ))}
        {bars.map((bar) => (
          <Bar key={bar.stay.joinedAt} bar={bar} />
        ))}
      </div>
      <div className={styles.quality}>
        <QualityMeter quality={quality} />
      </div>
    </li>
  );
}

function Bar({ bar: { stay, left, width } }: { bar: TimelineBar }) {
  const { joinedAt, leftAt } = stay;
  const until = leftAt === null ? 'now' : formatClock(leftAt);
  const words = `${formatClock(joinedAt)} to ${until}`;
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className={classes(styles.bar, leftAt === null && styles.going)}
      style={{ left: `${left}%`, width: `${width}%` }}
    />
  );
}
