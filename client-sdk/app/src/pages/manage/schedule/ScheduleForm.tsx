import { Clock, Globe, Hash, Repeat as RepeatIcon } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { formatSpan } from '../../../lib/moments.ts';
import { REPEATS, repeatWords, type Repeat } from '../../../lib/recurrence.ts';
import { isComplete, type ScheduleWish } from '../../../lib/scheduleForm.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Switch, TextField } from '../../../ui/Field.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import styles from '../section.module.css';

interface Props {
  title: string;
  initial: ScheduleWish;
  action: string;
  onClose: () => void;
  onDone: (wish: ScheduleWish) => void;
}

/** Date, time and how often a meeting is. */
export function ScheduleForm({ title, initial, action, onClose, onDone }: Props) {
  const [wish, setWish] = useState(initial);
  const set = (change: Partial<ScheduleWish>) => setWish({ ...wish, ...change });
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!isComplete(wish)) return;
    onClose();
    onDone(wish);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={handleSubmit}>
        <TextField
          label="Title"
          data-autofocus
          maxLength={256}
          value={wish.title}
          data-testid="schedule-title"
          onChange={(event) => set({ title: event.target.value })}
        />
        <WhenFields wish={wish} set={set} />
        <RepeatFields wish={wish} offersCustom={initial.repeat === 'custom'} set={set} />
        <Switch
          label="Only hosts come in outside these times"
          checked={wish.onlyThen}
          onChange={(onlyThen) => set({ onlyThen })}
        />
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={!isComplete(wish)} data-testid="schedule-done">
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  wish: ScheduleWish;
  set: (change: Partial<ScheduleWish>) => void;
}

const DURATIONS = [15, 30, 45, 60, 90, 120, 180, 240, 480];

function WhenFields({ wish, set }: FieldsProps) {
  const durations = [...new Set([...DURATIONS, wish.durationMinutes])].sort((a, b) => a - b);
  return (
    <>
      <div className={styles.fields}>
        <TextField
          label="Day"
          type="date"
          required
          value={wish.date}
          data-testid="schedule-date"
          onChange={(event) => set({ date: event.target.value })}
        />
        <TextField
          label="Begins at"
          type="time"
          required
          value={wish.time}
          data-testid="schedule-time"
          onChange={(event) => set({ time: event.target.value })}
        />
      </div>
      <Select
        label="How long"
        icon={Clock}
        value={String(wish.durationMinutes)}
        options={durations.map((minutes) => ({
          value: String(minutes),
          label: `Lasts ${formatSpan(minutes * 60_000)}`,
        }))}
        onChange={(minutes) => set({ durationMinutes: Number(minutes) })}
      />
      <Select
        label="Time zone"
        icon={Globe}
        value={wish.timeZone}
        options={zonesWith(wish.timeZone)}
        onChange={(timeZone) => set({ timeZone })}
      />
    </>
  );
}

const TIMES: Option[] = [
  { value: '0', label: 'Without end' },
  ...[2, 3, 4, 5, 8, 10, 12, 26, 52].map((times) => ({
    value: String(times),
    label: `${times} times in all`,
  })),
];

function RepeatFields({ wish, offersCustom, set }: FieldsProps & { offersCustom: boolean }) {
  const repeats = REPEATS.filter((repeat) => repeat !== 'custom' || offersCustom);
  const times = TIMES.some(({ value }) => value === String(wish.times))
    ? TIMES
    : [...TIMES, { value: String(wish.times), label: `${wish.times} times in all` }];
  const isRepeat = (value: string): value is Repeat => REPEATS.some((repeat) => repeat === value);
  return (
    <>
      <Select
        label="Repeats"
        icon={RepeatIcon}
        value={wish.repeat}
        options={repeats.map((repeat) => ({ value: repeat, label: repeatWords(repeat, wish.date) }))}
        onChange={(repeat) => isRepeat(repeat) && set({ repeat })}
      />
      {wish.repeat !== 'once' && wish.repeat !== 'custom' && (
        <Select
          label="How often"
          icon={Hash}
          value={String(wish.times)}
          options={times}
          onChange={(value) => set({ times: Number(value) })}
        />
      )}
    </>
  );
}

const zonesWith = (own: string): Option[] =>
  [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
    .sort()
    .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
