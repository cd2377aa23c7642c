/** Times on the clock of a time zone, as people write them: `2027-03-29T09:00`. */
import { ParleyError } from '@parley/protocol';
import { Temporal } from 'temporal-polyfill';

export const MINUTE = 60_000;

/** The name of a time zone as it is written officially. Throws INVALID_PARAMS. */
export function zoneNamed(name: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (cause) {
    throw invalid('timeZone', 'No time zone has this name. Use one such as Europe/Berlin.', cause);
  }
}

/**
 * The moment when a clock shows this, in ms since the epoch. A time that the clock shows twice is the first of both, and
 * one that it skips is as much later (RFC 5545 section 3.3.5). Throws RangeError.
 */
export const momentOf = (local: string, timeZone: string): number =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds;

/** What the clock shows at a moment, to the minute. */
export const localAt = (moment: number, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });

/** The time to the minute. Throws INVALID_PARAMS when there is no such time on this clock. */
export function checkedLocal(local: string, timeZone: string, path: string): string {
  let shown: string;
  try {
    shown = localAt(momentOf(local, timeZone), timeZone);
  } catch (cause) {
    throw invalid(path, 'There is no such date or time.', cause);
  }
  if (shown !== local.slice(0, 16))
    throw invalid(path, `The clock is put forward then: ${timeZone} has no such time on that day.`);
  return shown;
}

/** `20270329T090000`, as calendars write it. */
export const basicLocal = (local: string): string => `${local.replace(/[-:]/g, '')}00`;

/** `20270329T070000Z`. */
export const basicUtc = (moment: number): string => new Date(moment).toISOString().replace(/[-:]|\.\d+/g, '');

/** The moment of what `basicUtc` wrote. */
export const momentOfBasic = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3:$4:$5Z'));

export const invalid = (path: string, reason: string, cause?: unknown): ParleyError =>
  new ParleyError('INVALID_PARAMS', { message: reason, details: { path, reason }, cause });
