/** Moments and spans in words, in the language and time zone of the browser. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const shortOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

const sameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();
const sameYear = (a: number, b: number): boolean => new Date(a).getFullYear() === new Date(b).getFullYear();

/** `14:05` */
export const formatClock = (moment: number): string => clock.format(moment);

/** `Today`, `Yesterday`, `Tomorrow`, `Monday, 16 November`, or with the year where it is another. */
export function formatDay(moment: number, now = Date.now()): string {
  if (sameDay(moment, now)) return 'Today';
  if (sameDay(moment, now - DAY)) return 'Yesterday';
  if (sameDay(moment, now + DAY)) return 'Tomorrow';
  return sameYear(moment, now) ? day.format(moment) : dayOfYear.format(moment);
}

/** `14:05` for today, else with the day in front: `16 Nov, 14:05`. */
export function formatMoment(moment: number, now = Date.now()): string {
  if (sameDay(moment, now)) return formatClock(moment);
  const date = sameYear(moment, now) ? short : shortOfYear;
  return `${date.format(moment)}, ${formatClock(moment)}`;
}

/** `45 s`, `12 min`, `1 h 4 min`, `3 days`. */
export function formatSpan(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) return `${Math.round(span / 1000)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span >= 2 * DAY) return `${Math.floor(span / DAY)} days`;
  const minutes = Math.floor((span % HOUR) / MINUTE);
  return minutes === 0 ? `${Math.floor(span / HOUR)} h` : `${Math.floor(span / HOUR)} h ${minutes} min`;
}

/** `3.2 MB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `1 person`, `2 people`. */
export const count = (number: number, one: string, many: string): string =>
  `${number} ${number === 1 ? one : many}`;
