/**
 * Recurrence rules (RFC 5545 section 3.3.10) as they come from outside: read strictly, and only as much of them as meetings
 * and calendars know. What passes here costs a bounded amount of work to follow.
 */
import { ParleyError } from '@parley/protocol';
import { Temporal } from 'temporal-polyfill';
import { basicUtc } from './clock.ts';

const list = (item: string): RegExp => new RegExp(`^(?:${item})(?:,(?:${item})){0,371}$`);
const WEEKDAY = '(?:MO|TU|WE|TH|FR|SA|SU)';
const TO_31 = '(?:[1-9]|0[1-9]|[12]\\d|3[01])';
const TO_53 = '(?:[1-9]|0[1-9]|[1-4]\\d|5[0-3])';
const TO_366 = '(?:0{0,2}[1-9]|0?[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])';
const TO_1000 = '0*(?:[1-9]\\d{0,2}|1000)';

/** Parts of a rule that are known, and what they may say. */
const PARTS = {
  FREQ: /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: new RegExp(`^${TO_1000}$`),
  COUNT: new RegExp(`^${TO_1000}$`),
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
  WKST: new RegExp(`^${WEEKDAY}$`),
  BYMONTH: list('0?[1-9]|1[0-2]'),
  BYWEEKNO: list(`[+-]?${TO_53}`),
  BYYEARDAY: list(`[+-]?${TO_366}`),
  BYMONTHDAY: list(`[+-]?${TO_31}`),
  BYDAY: list(`(?:[+-]?${TO_53})?${WEEKDAY}`),
  BYHOUR: list('[01]?\\d|2[0-3]'),
  BYMINUTE: list('[0-5]?\\d'),
  BYSETPOS: list(`[+-]?${TO_366}`),
};
type Part = keyof typeof PARTS;
type Parts = Partial<Record<Part, string>>;

const MOST_PER_DAY = 24;
/** As many as there are hours in a month, or days in two years. */
const MOST_PER_PERIOD = 750;
const LONGEST_PERIOD: Readonly<Record<string, number>> = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 };
const isPart = (name: string): name is Part => Object.hasOwn(PARTS, name);

export function refuseRule(reason: string, details: Record<string, unknown> = {}): never {
  throw new ParleyError('RULE_REFUSED', {
    message: `The meeting cannot recur by this rule: ${reason}`,
    details: { path: 'rrule', reason, ...details },
  });
}

/** The rule with its end in UTC, as RFC 5545 wants it of times with a time zone. Throws RULE_REFUSED. */
export function readRule(text: string, timeZone: string): string {
  const parts = splitRule(text);
  if (parts.COUNT !== undefined && parts.UNTIL !== undefined)
    refuseRule('It has both COUNT and UNTIL; give one.');
  const perDay = lengthOf(parts.BYHOUR) * lengthOf(parts.BYMINUTE);
  if (perDay > MOST_PER_DAY) refuseRule(`It gives more than ${MOST_PER_DAY} occurrences a day.`);
  if (candidatesIn(parts) > MOST_PER_PERIOD)
    refuseRule('Too many times in each of its periods have to be considered. Let it recur daily or weekly.');
  if (parts.UNTIL !== undefined) parts.UNTIL = untilInUtc(parts.UNTIL, timeZone);
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
}

function splitRule(text: string): Parts {
  const parts: Parts = {};
  for (const piece of text
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [name = '', value, ...rest] = piece.split('=');
    if (value === undefined || rest.length > 0) refuseRule(`“${piece}” is not of the form NAME=VALUE.`);
    if (!isPart(name)) refuseRule(`The part “${name}” is not known.`, { part: name });
    if (parts[name] !== undefined) refuseRule(`It has the part ${name} twice.`, { part: name });
    if (/^(?:SECOND|MINUTE|HOUR)LY$/.test(value))
      refuseRule('Meetings recur daily, weekly, monthly or yearly.', { part: name });
    if (!PARTS[name].test(value)) refuseRule(`The value of ${name} is not allowed.`, { part: name });
    parts[name] = value;
  }
  if (parts.FREQ === undefined) refuseRule('The part FREQ is missing.', { part: 'FREQ' });
  return parts;
}

/** How many times a rule that was read makes one consider in each of its periods, such as days or years, at most. */
export const candidatesPerPeriod = (rule: string): number => candidatesIn(splitRule(rule));

function candidatesIn({ FREQ = '', BYMONTH, BYMONTHDAY, BYYEARDAY, BYDAY, BYHOUR, BYMINUTE }: Parts): number {
  const perDay = lengthOf(BYHOUR) * lengthOf(BYMINUTE);
  const isByDay = BYDAY !== undefined || BYMONTHDAY !== undefined || BYYEARDAY !== undefined;
  if (FREQ === 'YEARLY' && BYMONTH !== undefined && isByDay) return lengthOf(BYMONTH) * 31 * perDay;
  return (LONGEST_PERIOD[FREQ] ?? 1) * perDay;
}

const lengthOf = (value: string | undefined): number =>
  value === undefined ? 1 : new Set(value.split(',').map(Number)).size;

/** People write the last day, or a time on their clock; a day counts to its end. */
function untilInUtc(until: string, timeZone: string): string {
  const [, year = '', month = '', day = '', hour = '23', minute = '59', second = '59'] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(until) ?? [];
  try {
    const zone = until.endsWith('Z') ? 'UTC' : timeZone;
    const local = Temporal.PlainDateTime.from(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
    return basicUtc(local.toZonedDateTime(zone).epochMilliseconds);
  } catch {
    return refuseRule('The value of UNTIL is no date or time.', { part: 'UNTIL' });
  }
}
