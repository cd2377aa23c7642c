import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it, test } from 'vitest';
import { occurrencesBetween } from '../occurrences.ts';
import { planned, PLAN_DEFAULTS } from '../plan.ts';
import type { StoredSchedule } from '../ports.ts';
import { calendarFile, type CalendarOptions } from './calendarFile.ts';

const OPTIONS: CalendarOptions = {
  joinUrl: 'https://meet.example.org/r/demo',
  dialIn: [],
  method: 'publish',
};
const ORGANIZER = { name: 'Ann "the host", Lee', email: 'ann+work@example.org' };

function schedule(more: Partial<StoredSchedule> = {}): StoredSchedule {
  return planned(
    {
      ...PLAN_DEFAULTS,
      ...{ scheduleId: 'SC_1', room: 'demo', changes: [], status: 'scheduled', sequence: 0 },
      ...{ start: '2027-03-22T09:00', timeZone: 'Europe/Berlin', durationMinutes: 45, title: 'Monday' },
      createdBy: { identity: 'ann', displayName: 'Ann' },
      ...{ createdAt: Date.UTC(2026, 10, 21), updatedAt: Date.UTC(2026, 10, 22, 8, 30) },
      ...more,
    },
    {},
  );
}

interface Parsed {
  calendar: ICAL.Component;
  events: ICAL.Component[];
  event: ICAL.Component;
  text: string;
}
function parsed(of: StoredSchedule, options: Partial<CalendarOptions> = {}): Parsed {
  const text = calendarFile(of, { ...OPTIONS, ...options });
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const events = calendar.getAllSubcomponents('vevent');
  const [event] = events;
  if (!event) throw new Error('There is no event.');
  return { calendar, events, event, text };
}
const value = (component: ICAL.Component, name: string): string =>
  String(component.getFirstPropertyValue(name));
/** What somebody's calendar makes of it, as moments. */
function startsByCalendar({ calendar, event, events }: Parsed, count: number): number[] {
  const zone = calendar.getFirstSubcomponent('vtimezone');
  if (zone) ICAL.TimezoneService.register(zone);
  const moved = new Map(
    events.slice(1).map((exception) => {
      const { recurrenceId, startDate } = new ICAL.Event(exception);
      return [String(recurrenceId), startDate];
    }),
  );
  const iterator = new ICAL.Event(event).iterator();
  const starts: number[] = [];
  for (let next = iterator.next(); next && starts.length < count; next = iterator.next())
    starts.push((moved.get(String(next)) ?? next).toJSDate().getTime());
  ICAL.TimezoneService.reset();
  return starts.toSorted((a, b) => a - b);
}

describe('a calendar file', () => {
  it('says what, when and where', () => {
    const { calendar, event } = parsed(
      schedule({ description: 'First line\nSecond; with, marks \\ "and" all' }),
    );
    expect(value(calendar, 'version')).toBe('2.0');
    expect(value(event, 'uid')).toBe('SC_1@parley');
    expect(value(event, 'sequence')).toBe('0');
    expect(value(event, 'dtstamp')).toBe('2026-11-22T08:30:00Z');
    expect(value(event, 'status')).toBe('CONFIRMED');
    expect(value(event, 'summary')).toBe('Monday');
    expect(value(event, 'description')).toBe(
      'First line\nSecond; with, marks \\ "and" all\n\nJoin: https://meet.example.org/r/demo',
    );
    for (const name of ['location', 'url', 'conference'])
      expect(value(event, name)).toBe('https://meet.example.org/r/demo');
    expect(event.getFirstProperty('conference')?.getParameter('feature')).toBe('AUDIO,VIDEO,SCREEN,CHAT');
    const { startDate, endDate } = new ICAL.Event(event);
    expect([startDate.zone?.tzid, String(startDate), String(endDate)]).toEqual([
      'Europe/Berlin',
      '2027-03-22T09:00:00',
      '2027-03-22T09:45:00',
    ]);
  });

  it('is the same each time, in lines of at most 75 octets that cut no character in two', () => {
    const long = schedule({
      title: '会议'.repeat(60),
      description: `${'ä😀'.repeat(400)}\n${'x'.repeat(500)}`,
      organizer: { ...ORGANIZER, name: '名'.repeat(100) },
    });
    const { text, event } = parsed(long);
    expect(calendarFile(long, OPTIONS)).toBe(text);
    expect(text.endsWith('\r\n')).toBe(true);
    for (const line of text.slice(0, -2).split('\r\n')) {
      expect(line).not.toMatch(/[\r\n]/);
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line.isWellFormed()).toBe(true);
    }
    expect(value(event, 'summary')).toBe(long.title);
    expect(value(event, 'description')).toContain(long.description);
    expect(event.getFirstProperty('organizer')?.getParameter('cn')).toBe('名'.repeat(100));
  });

  it('cannot be broken out of', () => {
    const { calendar, event, events } = parsed(
      schedule({
        title: 'x\r\nEND:VEVENT\nBEGIN:VALARM',
        description: 'a\rb\u0000c\nATTENDEE:mailto:eve@example.org',
        organizer: { name: 'Ann";X-A="b:\n^n', email: 'a%?&#b@example.org' },
      }),
    );
    expect(calendar.getAllSubcomponents().map(({ name }) => name)).toEqual(['vtimezone', 'vevent']);
    expect(events).toHaveLength(1);
    expect(event.getAllSubcomponents()).toEqual([]);
    expect(event.getFirstProperty('attendee')).toBeNull();
    const organizer = event.getFirstProperty('organizer');
    expect(organizer?.getParameter('x-a')).toBeUndefined();
    expect(value(event, 'organizer')).toBe('mailto:a%25%3F%26%23b@example.org');
  });

  it('names telephone numbers, and the PIN where there is one', () => {
    const dialIn = [
      { label: 'Berlin', number: '+49 30 123-456' },
      { label: '', number: '+1 (555) 0100' },
    ];
    const { event } = parsed(schedule(), { dialIn, pin: '4711' });
    expect(value(event, 'description')).toContain(
      'Join by phone:\nBerlin: +49 30 123-456\n+1 (555) 0100\nPIN: 4711',
    );
    const phones = event
      .getAllProperties('conference')
      .filter((property) => property.getParameter('feature') === 'PHONE');
    expect(phones.map((property) => [property.getFirstValue(), property.getParameter('label')])).toEqual([
      ['tel:+4930123456,,4711%23', 'Berlin'],
      ['tel:+15550100,,4711%23', '+1 (555) 0100'],
    ]);
  });

  it('names an organizer, and attendees only to invite them', () => {
    const of = schedule({ organizer: ORGANIZER, attendees: [{ name: 'Bob', email: 'bob@example.org' }] });
    const shown = parsed(of);
    expect(value(shown.calendar, 'method')).toBe('PUBLISH');
    expect(shown.event.getFirstProperty('attendee')).toBeNull();
    const { calendar, event } = parsed(of, { method: 'request' });
    expect(value(calendar, 'method')).toBe('REQUEST');
    expect(value(event, 'organizer')).toBe('mailto:ann+work@example.org');
    expect(event.getFirstProperty('organizer')?.getParameter('cn')).toBe('Ann "the host", Lee');
    expect(value(event, 'attendee')).toBe('mailto:bob@example.org');
    expect(event.getFirstProperty('attendee')?.getParameter('rsvp')).toBe('TRUE');
  });

  it('tells that it was cancelled', () => {
    const cancelled = schedule({ organizer: ORGANIZER, status: 'cancelled', sequence: 3 });
    const { calendar, event } = parsed(cancelled);
    expect(value(calendar, 'method')).toBe('CANCEL');
    expect([value(event, 'status'), value(event, 'sequence')]).toEqual(['CANCELLED', '3']);
    const anonymous = parsed({ ...cancelled, organizer: null });
    expect(anonymous.calendar.getFirstProperty('method')).toBeNull();
    expect(value(anonymous.event, 'status')).toBe('CANCELLED');
  });

  it('in UTC needs no time zone', () => {
    const { calendar, text } = parsed(schedule({ timeZone: 'UTC', rrule: 'FREQ=DAILY;UNTIL=20270401' }));
    expect(calendar.getFirstSubcomponent('vtimezone')).toBeNull();
    expect(text).toContain('DTSTART:20270322T090000Z\r\n');
    expect(text).toContain('UNTIL=20270401T235959Z');
  });
});

describe('somebody’s calendar shows the same occurrences', () => {
  test.each([
    ['Europe/Berlin', 'FREQ=WEEKLY;BYDAY=MO,TH'],
    ['America/New_York', 'FREQ=DAILY;INTERVAL=3'],
    ['Asia/Kolkata', 'FREQ=MONTHLY;BYDAY=4MO'],
    ['Australia/Lord_Howe', 'FREQ=WEEKLY;BYDAY=MO,SU'],
    ['America/Santiago', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SA'],
    ['Asia/Jerusalem', 'FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR'],
    ['Africa/Cairo', 'FREQ=MONTHLY;BYMONTHDAY=22,-1'],
    ['Europe/Dublin', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=16;COUNT=40'],
    ['Pacific/Auckland', 'FREQ=YEARLY;BYMONTH=3,10;BYDAY=4MO'],
    ['Antarctica/Troll', 'FREQ=WEEKLY;UNTIL=20280630'],
  ])('in %s: %s', (timeZone, rrule) => {
    const of = schedule({ timeZone, rrule });
    const ours = [2027, 2028, 2029].flatMap((year) =>
      occurrencesBetween(of, Date.UTC(year, 0), Date.UTC(year + 1, 0)).map(({ startsAt }) => startsAt),
    );
    expect(startsByCalendar(parsed(of), ours.length)).toEqual(ours);
  });

  it('without those left out, and with those that were changed', () => {
    const changed = { occurrence: '2027-03-29T09:00', start: '2027-03-30T15:30', title: 'Tuesday' };
    const of = schedule({
      ...{ rrule: 'FREQ=WEEKLY;COUNT=6', exdates: ['2027-04-05T09:00'] },
      changes: [changed],
    });
    const whole = parsed(of);
    const ours = occurrencesBetween(of, 0, Date.UTC(2100, 0)).map(({ startsAt }) => startsAt);
    expect(ours).toHaveLength(5);
    expect(startsByCalendar(whole, 10)).toEqual(ours);
    const [, exception] = whole.events;
    expect(exception && [value(exception, 'uid'), value(exception, 'summary')]).toEqual([
      'SC_1@parley',
      'Tuesday',
    ]);
    expect(exception && value(exception, 'recurrence-id')).toBe('2027-03-29T09:00:00');
  });
});

describe('the time zone in the file', () => {
  const ZONES = [
    ...['Europe/Berlin', 'Europe/London', 'Europe/Dublin', 'America/New_York', 'America/Sao_Paulo'],
    ...['America/Santiago', 'America/Nuuk', 'Asia/Tokyo', 'Asia/Kolkata', 'Asia/Jerusalem', 'Africa/Cairo'],
    ...[
      'Africa/Casablanca',
      'Australia/Sydney',
      'Australia/Lord_Howe',
      'Pacific/Auckland',
      'Pacific/Chatham',
    ],
    ...['Antarctica/Troll', 'Etc/GMT+5', 'America/Havana', 'Asia/Beirut', 'America/Asuncion', 'Asia/Gaza'],
  ];
  test.each(ZONES)('%s has the offsets that the server reckons with', (timeZone) => {
    const { calendar } = parsed(schedule({ timeZone }));
    const component = calendar.getFirstSubcomponent('vtimezone');
    if (!component) throw new Error('There is no time zone.');
    const zone = new ICAL.Timezone(component);
    const begin = Temporal.PlainDateTime.from('2027-03-22T12:00');
    for (let days = 0; days < 8 * 365; days += 5) {
      const local = begin.add({ days });
      const time = ICAL.Time.fromDateTimeString(local.toString({ smallestUnit: 'second' }));
      const expected = local.toZonedDateTime(timeZone).offsetNanoseconds / 1e9;
      expect([String(local), zone.utcOffset(time)]).toEqual([String(local), expected]);
    }
  });
});
