import { describe, expect, it, test } from 'vitest';
import { localAt } from './clock.ts';
import { lastStartOf, Recurrence } from './Recurrence.ts';
import { readRule } from './rule.ts';

const ZONE = 'Europe/Berlin';
interface Asked {
  start?: string;
  timeZone?: string;
}
const seriesOf = (rule: string, { start = '2026-11-21T09:00', timeZone = ZONE }: Asked = {}) => ({
  ...{ start, timeZone },
  rrule: readRule(rule, timeZone),
});
function recurrenceOf(rule: string, asked: Asked = {}): Recurrence {
  const series = seriesOf(rule, asked);
  return new Recurrence(series, lastStartOf(series));
}
const refused = (reason: RegExp): unknown =>
  expect.objectContaining({ code: 'RULE_REFUSED', message: expect.stringMatching(reason) as string });
const utc = (moments: number[]): string[] =>
  moments.map((moment) => new Date(moment).toISOString().slice(0, 16));
const between = (recurrence: Recurrence, from: string, to: string): string[] =>
  utc(recurrence.between(Date.parse(`${from}T00:00Z`), Date.parse(`${to}T00:00Z`)));

describe('a rule', () => {
  test.each([
    ['freq=weekly;byday=sa', 'FREQ=WEEKLY;BYDAY=SA'],
    ['RRULE:FREQ=DAILY;COUNT=5', 'FREQ=DAILY;COUNT=5'],
    ['FREQ=DAILY;UNTIL=20261224', 'FREQ=DAILY;UNTIL=20261224T225959Z'],
    ['FREQ=DAILY;UNTIL=20270624T090000', 'FREQ=DAILY;UNTIL=20270624T070000Z'],
    ['FREQ=DAILY;UNTIL=20270624T090000Z', 'FREQ=DAILY;UNTIL=20270624T090000Z'],
  ])('%s is read', (text, read) => {
    expect(readRule(text, ZONE)).toBe(read);
  });

  const MINUTES = Array.from({ length: 60 }, (_, minute) => minute).join();
  test.each([
    ['', /NAME=VALUE/],
    ['every Monday', /NAME=VALUE/],
    ['FREQ=', /FREQ/],
    ['BYDAY=MO', /FREQ is missing/],
    ['FREQ=SECONDLY', /daily, weekly/],
    ['FREQ=MINUTELY;COUNT=5', /daily, weekly/],
    ['FREQ=HOURLY', /daily, weekly/],
    ['FREQ=FORTNIGHTLY', /FREQ is not allowed/],
    ['FREQ=DAILY;FREQ=WEEKLY', /FREQ twice/],
    ['FREQ=DAILY;COUNT=1000000000', /COUNT is not allowed/],
    ['FREQ=DAILY;COUNT=0', /COUNT is not allowed/],
    ['FREQ=DAILY;COUNT=-1', /COUNT is not allowed/],
    ['FREQ=DAILY;COUNT=5;UNTIL=20270101', /both COUNT and UNTIL/],
    ['FREQ=DAILY;INTERVAL=0', /INTERVAL/],
    ['FREQ=DAILY;INTERVAL=999999999999999999', /INTERVAL/],
    ['FREQ=DAILY;UNTIL=20261131', /UNTIL is no date/],
    ['FREQ=DAILY;UNTIL=tomorrow', /UNTIL is not allowed/],
    ['FREQ=DAILY;BYMONTH=13', /BYMONTH/],
    ['FREQ=MONTHLY;BYMONTHDAY=32', /BYMONTHDAY/],
    ['FREQ=MONTHLY;BYMONTHDAY=0', /BYMONTHDAY/],
    ['FREQ=WEEKLY;BYDAY=XX', /BYDAY/],
    ['FREQ=DAILY;BYSECOND=1', /BYSECOND” is not known/],
    ['FREQ=DAILY;RSCALE=GREGORIAN', /RSCALE/],
    ['FREQ=DAILY;__proto__=1', /not known/],
    ['FREQ=DAILY;X-ANY=1', /not known/],
    ['FREQ=DAILY\nEXDATE:20261122T090000', /FREQ is not allowed/],
    ['FREQ=DAILY\r\nDTSTART:19000101T000000', /FREQ is not allowed/],
    [`FREQ=DAILY;BYHOUR=9;BYMINUTE=${MINUTES}`, /24 occurrences a day/],
  ])('%j is refused', (text, reason) => {
    expect(() => readRule(text, ZONE)).toThrow(refused(reason));
  });

  test.each([
    ['FREQ=WEEKLY;BYDAY=MO', /first occurrence after it is at 2026-11-23T09:00/],
    ['FREQ=WEEKLY;BYDAY=2SA', /numeric/],
    ['FREQ=DAILY;BYSETPOS=1', /BYSETPOS/],
    ['FREQ=DAILY;BYYEARDAY=1', /BYYEARDAY/],
    ['FREQ=DAILY;UNTIL=20200101', /UNTIL is before the start/],
    ['FREQ=DAILY;UNTIL=20261121T075959Z', /UNTIL is before the start/],
    ['FREQ=DAILY;BYMONTH=11;BYMONTHDAY=21;COUNT=1000', /takes too long|too far apart/],
  ])('%s cannot be followed', (text, reason) => {
    expect(() => lastStartOf(seriesOf(text))).toThrow(refused(reason));
  });

  it('that refuses the start says when it would be', () => {
    const details: unknown = expect.objectContaining({ path: 'rrule', firstOccurrence: '2026-11-23T09:00' });
    expect(() => lastStartOf(seriesOf('FREQ=WEEKLY;BYDAY=MO'))).toThrow(expect.objectContaining({ details }));
  });
});

describe('rules that are made to cost much', () => {
  const HOURS = Array.from({ length: 24 }, (_, hour) => hour).join();
  const ALL_DAYS = 'MO,TU,WE,TH,FR,SA,SU';
  const many = (count: number, sign = ''): string =>
    Array.from({ length: count }, (_, index) => `${sign}${index + 1}`).join();
  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYMONTH=2,4;BYMONTHDAY=31',
    'FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100',
    'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1',
    'FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=5',
    'FREQ=DAILY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO',
    `FREQ=YEARLY;BYDAY=${ALL_DAYS};BYHOUR=${HOURS};BYSETPOS=366,-366`,
    `FREQ=MONTHLY;BYDAY=${ALL_DAYS};BYHOUR=${HOURS};BYSETPOS=${many(100)}`,
    `FREQ=YEARLY;BYYEARDAY=${many(120)};BYHOUR=${HOURS};COUNT=1000`,
    `FREQ=YEARLY;BYYEARDAY=${many(80, '-')};BYWEEKNO=${many(53)}`,
    `FREQ=MONTHLY;BYMONTHDAY=${many(31)};BYHOUR=${HOURS};COUNT=1000;INTERVAL=1000`,
    `FREQ=DAILY;BYHOUR=${HOURS};COUNT=1000`,
    'FREQ=DAILY;COUNT=1000;INTERVAL=1000',
    'FREQ=DAILY;UNTIL=99991231T235959Z',
    `FREQ=MONTHLY;BYDAY=${ALL_DAYS};BYHOUR=9;BYSETPOS=21;COUNT=1000`,
    `FREQ=MONTHLY;BYDAY=${ALL_DAYS};BYHOUR=9;BYSETPOS=21,22,-31;COUNT=1000;INTERVAL=7`,
    `FREQ=YEARLY;BYDAY=${ALL_DAYS};BYHOUR=9;BYSETPOS=325;COUNT=170`,
  ])('%.60s… is soon done with', (text) => {
    expect(text.length).toBeLessThanOrEqual(500);
    const began = process.cpuUsage();
    try {
      const recurrence = recurrenceOf(text);
      for (const year of [2026, 2080, 2199, 9999]) {
        recurrence.next(Date.UTC(year, 0));
        recurrence.between(Date.UTC(year, 0), Date.UTC(year + 1, 0));
      }
    } catch (error) {
      expect(error).toEqual(refused(/./));
    }
    // Far more than it takes, and far less than it would take without limits.
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000).toBeLessThan(1500);
  });
});

test.each([
  ['FREQ=DAILY;COUNT=1000', '2029-08-16T09:00'],
  ['FREQ=DAILY;COUNT=1', '2026-11-21T09:00'],
  ['FREQ=WEEKLY;BYDAY=SA,MO;COUNT=4', '2026-11-30T09:00'],
  ['FREQ=MONTHLY;BYDAY=3SA;COUNT=500', '2068-06-16T09:00'],
  ['FREQ=YEARLY;COUNT=1000', '2199-11-21T09:00'],
  ['FREQ=DAILY;BYHOUR=9,15;COUNT=5', '2026-11-23T09:00'],
])('%s has its last occurrence at %s', (text, last) => {
  expect(localAt(lastStartOf(seriesOf(text)) ?? 0, ZONE)).toBe(last);
});

describe('occurrences', () => {
  it('keep their time on the clock when it is put forward and back', () => {
    const weekly = recurrenceOf('FREQ=WEEKLY');
    expect(between(weekly, '2027-03-19', '2027-04-05')).toEqual([
      '2027-03-20T08:00',
      '2027-03-27T08:00',
      '2027-04-03T07:00',
    ]);
    expect(between(weekly, '2027-10-29', '2027-11-07')).toEqual(['2027-10-30T07:00', '2027-11-06T08:00']);
  });

  it('do so on the other half of the globe, and where the clock is put by half an hour', () => {
    const of = (timeZone: string) => recurrenceOf('FREQ=DAILY', { timeZone, start: '2027-04-01T09:00' });
    expect(between(of('Australia/Sydney'), '2027-04-02', '2027-04-05')).toEqual([
      '2027-04-02T22:00',
      '2027-04-03T23:00',
      '2027-04-04T23:00',
    ]);
    expect(between(of('Australia/Lord_Howe'), '2027-04-02', '2027-04-05')).toEqual([
      '2027-04-02T22:00',
      '2027-04-03T22:30',
      '2027-04-04T22:30',
    ]);
  });

  it('are left out at times that the clock skips (RFC 5545 section 3.3.10), and come once at times it shows twice', () => {
    const nightly = recurrenceOf('FREQ=DAILY', { start: '2027-03-26T02:30' });
    expect(between(nightly, '2027-03-27', '2027-03-31')).toEqual([
      '2027-03-27T01:30',
      '2027-03-29T00:30',
      '2027-03-30T00:30',
    ]);
    expect(between(nightly, '2027-10-30', '2027-11-02')).toEqual([
      '2027-10-30T00:30',
      '2027-10-31T00:30',
      '2027-11-01T01:30',
    ]);
  });

  it('are counted from the start', () => {
    const series = seriesOf('FREQ=MONTHLY;BYDAY=3SA;COUNT=5');
    expect(utc([lastStartOf(series) ?? 0])).toEqual(['2027-03-20T08:00']);
    expect(between(new Recurrence(series, lastStartOf(series)), '2026-01-01', '2028-01-01')).toHaveLength(5);
  });

  it('end with UNTIL, that day included', () => {
    expect(between(recurrenceOf('FREQ=DAILY;UNTIL=20261123'), '2026-01-01', '2028-01-01')).toEqual([
      '2026-11-21T08:00',
      '2026-11-22T08:00',
      '2026-11-23T08:00',
    ]);
  });

  it('are found however long ago the series began', () => {
    const daily = recurrenceOf('FREQ=DAILY', { start: '1990-01-01T09:00' });
    expect(utc([daily.next(Date.parse('2095-07-01T12:00Z')) ?? 0])).toEqual(['2095-07-02T07:00']);
    expect(
      recurrenceOf('FREQ=YEARLY', { start: '2028-02-29T09:00' }).has(Date.parse('2052-02-29T08:00Z')),
    ).toBe(true);
  });
});
