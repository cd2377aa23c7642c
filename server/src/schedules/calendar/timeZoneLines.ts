/**
 * A time zone as calendars need it (VTIMEZONE, RFC 5545 section 3.6.5), made from the data by which occurrences are reckoned,
 * so that both never differ.
 */
import { Temporal } from 'temporal-polyfill';
import { basicLocal } from '../clock.ts';
import type { Property } from './contentLine.ts';

/** A change of the clock. */
interface Onset {
  /** What the clock showed, as `20270328T020000`. */
  local: string;
  from: string;
  to: string;
  /** Whether the clock is put forward. */
  forward: boolean;
  /** The day as yearly rules name it, such as `BYMONTH=3;BYDAY=-1SU`; there may be two names. */
  names: string[];
}

/** Calendars know a zone by its rule, or change by change; so many years of those are written down. */
const YEARS_AHEAD = 10;
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Lines for times from this moment on. */
export function timeZoneLines(timeZone: string, from: number): Property[] {
  const begin = Temporal.Instant.fromEpochMilliseconds(from)
    .toZonedDateTimeISO(timeZone)
    .subtract({ months: 18 });
  const onsets = onsetsFrom(begin);
  const forward = onsets.filter((onset) => onset.forward);
  const back = onsets.filter((onset) => !onset.forward);
  const rules = [yearlyRule(forward), yearlyRule(back)];
  const observances = rules.every((rule) => rule !== undefined)
    ? [...observance(forward.slice(0, 1), rules[0]), ...observance(back.slice(0, 1), rules[1])]
    : [...fixed(begin), ...onsets.flatMap((onset) => observance([onset]))];
  return [
    { name: 'BEGIN', value: 'VTIMEZONE' },
    { name: 'TZID', value: timeZone },
    ...observances,
    { name: 'END', value: 'VTIMEZONE' },
  ];
}

function onsetsFrom(begin: Temporal.ZonedDateTime): Onset[] {
  const end = begin.add({ years: YEARS_AHEAD });
  const onsets: Onset[] = [];
  for (let next = begin.getTimeZoneTransition('next'); next; next = next.getTimeZoneTransition('next')) {
    if (Temporal.ZonedDateTime.compare(next, end) > 0) break;
    onsets.push(onsetAt(next));
  }
  return onsets.filter(({ from, to }) => from !== to);
}

function onsetAt(moment: Temporal.ZonedDateTime): Onset {
  const before = moment.subtract({ seconds: 1 });
  // The clock as it would show the moment, had it not been changed.
  const shown = before.toPlainDateTime().add({ seconds: 1 });
  const weekday = WEEKDAYS[shown.dayOfWeek - 1] ?? '';
  const nth = Math.ceil(shown.day / 7);
  const isLast = shown.day + 7 > shown.daysInMonth;
  return {
    local: basicLocal(shown.toString({ smallestUnit: 'minute' })),
    from: offsetText(before.offset),
    to: offsetText(moment.offset),
    forward: moment.offsetNanoseconds > before.offsetNanoseconds,
    names: [...(isLast ? [-1] : []), nth].map((number) => `BYMONTH=${shown.month};BYDAY=${number}${weekday}`),
  };
}

/** The one rule by which all of these come, once each year up to the end; none when there is no such rule. */
function yearlyRule(onsets: Onset[]): string | undefined {
  const [first] = onsets;
  if (!first || onsets.length < YEARS_AHEAD - 1) return undefined;
  const isAlike = onsets.every(
    ({ local, from, to }, index) =>
      local.slice(8) === first.local.slice(8) &&
      from === first.from &&
      to === first.to &&
      Number(local.slice(0, 4)) === Number(first.local.slice(0, 4)) + index,
  );
  const day = first.names.find((name) => onsets.every(({ names }) => names.includes(name)));
  return isAlike && day !== undefined ? `FREQ=YEARLY;${day}` : undefined;
}

function observance([onset]: Onset[], rrule?: string): Property[] {
  if (!onset) return [];
  const kind = onset.forward ? 'DAYLIGHT' : 'STANDARD';
  return [
    { name: 'BEGIN', value: kind },
    { name: 'DTSTART', value: onset.local },
    ...(rrule === undefined ? [] : [{ name: 'RRULE', value: rrule }]),
    { name: 'TZOFFSETFROM', value: onset.from },
    { name: 'TZOFFSETTO', value: onset.to },
    { name: 'END', value: kind },
  ];
}

/** What holds from the beginning, until something is changed. */
function fixed(begin: Temporal.ZonedDateTime): Property[] {
  const offset = offsetText(begin.offset);
  return [
    { name: 'BEGIN', value: 'STANDARD' },
    { name: 'DTSTART', value: basicLocal(begin.toPlainDateTime().toString({ smallestUnit: 'minute' })) },
    { name: 'TZOFFSETFROM', value: offset },
    { name: 'TZOFFSETTO', value: offset },
    { name: 'END', value: 'STANDARD' },
  ];
}

const offsetText = (offset: string): string => offset.replaceAll(':', '');
