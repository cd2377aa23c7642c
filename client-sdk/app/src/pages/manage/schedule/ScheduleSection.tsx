import type { ScheduleInfo } from '@parley/client-sdk';
import { CalendarClock, Plus } from 'lucide-react';
import { useCallback, useState } from 'react';
import { usePages } from '../../../hooks/usePages.ts';
import { newWish, planOf } from '../../../lib/scheduleForm.ts';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { PagesView } from '../LoadedView.tsx';
import styles from '../section.module.css';
import { server } from '../server.ts';
import { useDo } from '../useDo.ts';
import { ScheduleForm } from './ScheduleForm.tsx';
import { ScheduleRow } from './ScheduleRow.tsx';

/** When the room is to be met in: planning, changing and cancelling meetings. */
export function ScheduleSection({ roomName }: { roomName: string }) {
  const pages = usePages<ScheduleInfo>(
    useCallback((page) => server.schedules.list({ ...page, room: roomName, state: 'upcoming' }), [roomName]),
  );
  const { busy, run } = useDo();
  const [planning, setPlanning] = useState(false);
  const change = (task: Promise<unknown>) => run(() => task.finally(pages.reload));
  return (
    <section className={styles.section} aria-label="Schedule" data-testid="schedules">
      <div className={styles.actions}>
        <Button look="primary" disabled={busy} data-testid="plan-meeting" onClick={() => setPlanning(true)}>
          <Plus size={19} aria-hidden /> Plan a meeting
        </Button>
      </div>
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={CalendarClock}
            title="Nothing is planned"
            text="Plan a meeting once or again and again, and send the others its calendar file, which has the link in it."
          />
        }
      >
        {(schedules) => (
          <ul className={styles.list} data-testid="schedule-list">
            {schedules.map((schedule) => (
              <ScheduleRow key={schedule.scheduleId} schedule={schedule} busy={busy} change={change} />
            ))}
          </ul>
        )}
      </PagesView>
      {planning && (
        <ScheduleForm
          title="Plan a meeting"
          initial={newWish(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone)}
          action="Plan it"
          onClose={() => setPlanning(false)}
          onDone={(wish) => change(server.schedules.create({ room: roomName, ...planOf(wish) }))}
        />
      )}
    </section>
  );
}
