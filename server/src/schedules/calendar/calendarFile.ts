/** A schedule as an iCalendar file: RFC 5545, with CONFERENCE of RFC 7986 and methods of RFC 5546 (iTIP). */
import type { Invitee, Occurrence } from '@parley/protocol';
import { basicLocal, basicUtc, localAt, momentOf } from '../clock.ts';
import { occurrenceOf } from '../occurrences.ts';
import type { StoredSchedule } from '../ports.ts';
import { contentLine, escapeText, type Property } from './contentLine.ts';
import { timeZoneLines } from './timeZoneLines.ts';

export interface DialIn {
  /** Such as the country. */
  label: string;
  number: string;
}

export interface CalendarOptions {
  joinUrl: string;
  dialIn: readonly DialIn[];
  /** What callers type in; none when the room has none. */
  pin?: string;
  method: 'publish' | 'request';
}

/** The file, with CRLF and UTF-8 to be. The same schedule gives the same file. */
export function calendarFile(schedule: StoredSchedule, options: CalendarOptions): string {
  const begin = momentOf(schedule.start, schedule.timeZone);
  const method = methodOf(schedule, options);
  const properties: Property[] = [
    { name: 'BEGIN', value: 'VCALENDAR' },
    { name: 'VERSION', value: '2.0' },
    { name: 'PRODID', value: '-//Parley//Parley//EN' },
    { name: 'CALSCALE', value: 'GREGORIAN' },
    ...(method === undefined ? [] : [{ name: 'METHOD', value: method }]),
    ...(isUtc(schedule) ? [] : timeZoneLines(schedule.timeZone, begin)),
    ...series(schedule, options),
    ...(schedule.status === 'cancelled' ? [] : changedOnes(schedule, options)),
    { name: 'END', value: 'VCALENDAR' },
  ];
  return properties.map(contentLine).join('');
}

/** Methods are said by an organizer only (RFC 5546 section 3.2); without one it is a file like any other. */
function methodOf({ status, organizer }: StoredSchedule, { method }: CalendarOptions): string | undefined {
  if (!organizer) return undefined;
  return status === 'cancelled' ? 'CANCEL' : method.toUpperCase();
}

function series(schedule: StoredSchedule, options: CalendarOptions): Property[] {
  const { start, rrule, exdates } = schedule;
  return event(schedule, options, {
    occurrence: occurrenceOf(schedule, { occurrence: start }),
    when: [
      ...(rrule === null ? [] : [{ name: 'RRULE', value: rrule }]),
      ...exdates.map((exdate) => time(schedule, 'EXDATE', exdate)),
    ],
  });
}

const changedOnes = (schedule: StoredSchedule, options: CalendarOptions): Property[] =>
  schedule.changes.flatMap((change) =>
    event(schedule, options, {
      occurrence: occurrenceOf(schedule, change),
      when: [time(schedule, 'RECURRENCE-ID', change.occurrence)],
    }),
  );

function event(
  schedule: StoredSchedule,
  options: CalendarOptions,
  { occurrence, when }: { occurrence: Occurrence; when: Property[] },
): Property[] {
  const { start, endsAt, title } = occurrence;
  return [
    { name: 'BEGIN', value: 'VEVENT' },
    // NOTE: calendars know an event by this; it must never change, not even with the address of the server.
    { name: 'UID', value: `${schedule.scheduleId}@parley` },
    { name: 'SEQUENCE', value: String(schedule.sequence) },
    { name: 'DTSTAMP', value: basicUtc(schedule.updatedAt) },
    { name: 'CREATED', value: basicUtc(schedule.createdAt) },
    { name: 'LAST-MODIFIED', value: basicUtc(schedule.updatedAt) },
    time(schedule, 'DTSTART', start),
    time(schedule, 'DTEND', localAt(endsAt, schedule.timeZone)),
    ...when,
    { name: 'STATUS', value: schedule.status === 'cancelled' ? 'CANCELLED' : 'CONFIRMED' },
    { name: 'SUMMARY', value: escapeText(title || schedule.room) },
    { name: 'DESCRIPTION', value: escapeText(description(occurrence, options)) },
    { name: 'LOCATION', value: escapeText(options.joinUrl) },
    { name: 'URL', value: options.joinUrl },
    ...conference(options),
    ...people(schedule, options),
    { name: 'TRANSP', value: 'OPAQUE' },
    { name: 'END', value: 'VEVENT' },
  ];
}

function description({ description: text }: Occurrence, { joinUrl, dialIn, pin }: CalendarOptions): string {
  const phone = [
    'Join by phone:',
    ...dialIn.map(({ label, number }) => (label ? `${label}: ${number}` : number)),
    ...(pin === undefined ? [] : [`PIN: ${pin}`]),
  ].join('\n');
  return [text.trim(), `Join: ${joinUrl}`, ...(dialIn.length > 0 ? [phone] : [])]
    .filter(Boolean)
    .join('\n\n');
}

function conference({ joinUrl, dialIn, pin }: CalendarOptions): Property[] {
  const digits = pin === undefined ? '' : `,,${pin}%23`;
  return [
    {
      name: 'CONFERENCE',
      params: { VALUE: 'URI', FEATURE: ['AUDIO', 'VIDEO', 'SCREEN', 'CHAT'], LABEL: 'Join' },
      value: joinUrl,
    },
    ...dialIn.map(({ label, number }) => ({
      name: 'CONFERENCE',
      params: { VALUE: 'URI', FEATURE: 'PHONE', LABEL: label || number },
      value: `tel:${number.replace(/[^+\d]/g, '')}${digits}`,
    })),
  ];
}

/** Attendees are told in invitations only (RFC 5546 section 3.2.1). */
function people({ organizer, attendees, status }: StoredSchedule, { method }: CalendarOptions): Property[] {
  if (!organizer) return [];
  const withAttendees = method === 'request' || status === 'cancelled';
  return [
    { name: 'ORGANIZER', params: { CN: organizer.name || organizer.email }, value: mailto(organizer) },
    ...(withAttendees ? attendees : []).map((attendee) => ({
      name: 'ATTENDEE',
      params: {
        ...{ CUTYPE: 'INDIVIDUAL', ROLE: 'REQ-PARTICIPANT', PARTSTAT: 'NEEDS-ACTION', RSVP: 'TRUE' },
        CN: attendee.name || attendee.email,
      },
      value: mailto(attendee),
    })),
  ];
}

/** RFC 6068. */
function mailto({ email }: Invitee): string {
  const at = email.lastIndexOf('@');
  return `mailto:${encodeURIComponent(email.slice(0, at)).replaceAll('%2B', '+')}${email.slice(at)}`;
}

const isUtc = ({ timeZone }: StoredSchedule): boolean => /^(?:UTC|Etc\/UTC|GMT|Etc\/GMT)$/.test(timeZone);

const time = (schedule: StoredSchedule, name: string, local: string): Property =>
  isUtc(schedule)
    ? { name, value: `${basicLocal(local)}Z` }
    : { name, params: { TZID: schedule.timeZone }, value: basicLocal(local) };
