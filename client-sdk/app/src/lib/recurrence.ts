/** How often a meeting recurs: the rules of RFC 5545, section 3.3.10, that the form offers, and words for them. */

export const REPEATS = ['once', 'daily', 'weekdays', 'weekly', 'biweekly', 'monthly', 'custom'] as const;
export type Repeat = (typeof REPEATS)[number];

export interface Recurrence {
  repeat: Repeat;
  /** How often in all; 0 is without end. */
  times: number;
}

const DAYS = [
  { code: 'SU', name: 'Sunday' },
  { code: 'MO', name: 'Monday' },
  { code: 'TU', name: 'Tuesday' },
  { code: 'WE', name: 'Wednesday' },
  { code: 'TH', name: 'Thursday' },
  { code: 'FR', name: 'Friday' },
  { code: 'SA', name: 'Saturday' },
] as const;

/** `date` is `2027-03-29`. */
function weekdayOf(date: string): { code: string; name: string } {
  return DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? DAYS[0];
}
const dayOfMonth = (date: string): number => Number(date.slice(8, 10));

type Offered = Exclude<Repeat, 'once' | 'custom'>;
const RULES: Record<Offered, (date: string) => string> = {
  daily: () => 'FREQ=DAILY',
  weekdays: () => 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  weekly: (date) => `FREQ=WEEKLY;BYDAY=${weekdayOf(date).code}`,
  biweekly: (date) => `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekdayOf(date).code}`,
  monthly: (date) => `FREQ=MONTHLY;BYMONTHDAY=${dayOfMonth(date)}`,
};
const OFFERED = Object.keys(RULES) as Offered[];

/** The rule for a meeting that begins on `date`; null when it does not recur. */
export function ruleOf({ repeat, times }: Recurrence, date: string): string | null {
  if (repeat === 'once' || repeat === 'custom') return null;
  return RULES[repeat](date) + (times === 0 ? '' : `;COUNT=${times}`);
}

/** What a rule is in the form; `custom` for those that it does not offer. */
export function recurrenceOf(rrule: string | null, date: string): Recurrence {
  if (rrule === null) return { repeat: 'once', times: 0 };
  const parts = rrule.toUpperCase().split(';');
  const times = Number(parts.find((part) => part.startsWith('COUNT='))?.slice(6) ?? 0);
  const plain = parts
    .filter((part) => !part.startsWith('COUNT='))
    .sort()
    .join(';');
  const repeat = OFFERED.find((offered) => RULES[offered](date).split(';').sort().join(';') === plain);
  return { repeat: repeat ?? 'custom', times };
}

export function repeatWords(repeat: Repeat, date: string): string {
  switch (repeat) {
    case 'once':
      return 'Does not repeat';
    case 'daily':
      return 'Every day';
    case 'weekdays':
      return 'Every day from Monday to Friday';
    case 'weekly':
      return `Every ${weekdayOf(date).name}`;
    case 'biweekly':
      return `Every other ${weekdayOf(date).name}`;
    case 'monthly':
      return `Every month on day ${dayOfMonth(date)}`;
    case 'custom':
      return 'By a rule of its own';
  }
}
