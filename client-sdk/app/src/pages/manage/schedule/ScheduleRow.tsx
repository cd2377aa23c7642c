import type { ScheduleInfo } from '@parley/client-sdk';
import { CalendarPlus, Link2, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCopy } from '../../../hooks/useCopy.ts';
import { saveFile } from '../../../lib/saveFile.ts';
import { planOf, wishOf } from '../../../lib/scheduleForm.ts';
import { scheduleWords } from '../../../lib/scheduleTexts.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { useAct } from '../../meeting/useAct.ts';
import section from '../section.module.css';
import { server } from '../server.ts';
import { ScheduleForm } from './ScheduleForm.tsx';
import styles from './ScheduleRow.module.css';

interface Props {
  schedule: ScheduleInfo;
  busy: boolean;
  /** Waits for what is asked of the server, and loads the list anew. */
  change: (task: Promise<unknown>) => void;
}

export function ScheduleRow({ schedule, busy, change }: Props) {
  const { scheduleId, room, joinUrl } = schedule;
  const act = useAct();
  const { copied, copy } = useCopy();
  const [open, setOpen] = useState<'edit' | 'cancel' | null>(null);
  const title = schedule.title || room;
  const save = async () => saveFile(await server.schedules.calendarFile(scheduleId), `${room}.ics`);
  return (
    <li className={styles.row} data-testid="schedule">
      <div className={section.text}>
        <span className={section.name}>{title}</span>
        <span className={section.words}>{scheduleWords(schedule)}</span>
      </div>
      <div className={styles.buttons}>
        <IconButton
          label={copied ? 'Copied' : `Copy the link of ${title}`}
          icon={Link2}
          look="quiet"
          onClick={() => void copy(joinUrl)}
        />
        <IconButton
          label={`Calendar file of ${title}`}
          icon={CalendarPlus}
          look="quiet"
          data-testid="calendar-file"
          onClick={() => act(save())}
        />
        <IconButton
          label={`Change ${title}`}
          icon={Pencil}
          look="quiet"
          disabled={busy}
          data-testid="edit-schedule"
          onClick={() => setOpen('edit')}
        />
        <IconButton
          label={`Cancel ${title}`}
          icon={Trash2}
          look="quiet"
          disabled={busy}
          data-testid="cancel-schedule"
          onClick={() => setOpen('cancel')}
        />
      </div>
      <RowDialog open={open} schedule={schedule} change={change} onClose={() => setOpen(null)} />
    </li>
  );
}

interface DialogProps extends Omit<Props, 'busy'> {
  open: 'edit' | 'cancel' | null;
  onClose: () => void;
}

function RowDialog({ open, schedule, change, onClose }: DialogProps) {
  const { scheduleId, room } = schedule;
  if (open === null) return null;
  if (open === 'edit')
    return (
      <ScheduleForm
        title="Change the meeting"
        initial={wishOf(schedule)}
        action="Change it"
        onClose={onClose}
        onDone={(wish) => change(server.schedules.update(scheduleId, planOf(wish)))}
      />
    );
  const cancel = () => change(server.schedules.cancel(scheduleId));
  return (
    <ConfirmDialog
      title={`Cancel ${schedule.title || room}?`}
      text="With all its dates. Whoever has its calendar file has to be told."
      choices={[{ label: 'Cancel the meeting', look: 'danger', testId: 'confirm-cancel', onChoose: cancel }]}
      onClose={onClose}
    />
  );
}
