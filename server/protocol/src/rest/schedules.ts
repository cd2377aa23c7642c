/** Scheduled meetings: when a room is to be met in, once or by a rule. */
import { Type, type Static } from 'typebox';
import { DisplayName, Identity, Moment, RoomName, RoomSettingsPatch } from '../models.ts';
import { page, strict, PageQuery } from './shared.ts';

/** Text of one line. */
const line = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description });

/** Date and time on the clock of the schedule's time zone. */
const localTime = (description: string) =>
  Type.String({ pattern: '^(19|20|21)\\d{2}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:00)?$', description });
export const LocalTime = localTime('On the clock of the time zone, such as `2027-03-29T09:00`.');
const Which = localTime('Which one: when the rule lets it start, such as `2027-03-29T09:00`.');
const Duration = Type.Integer({ minimum: 1, maximum: 10_080, description: 'Minutes that it lasts.' });
const Description = Type.String({
  maxLength: 8000,
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  pattern: /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/.source,
  description: 'What it is about; may have several lines.',
});
const Mail = Type.String({
  maxLength: 254,
  pattern: "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$",
  description: 'Mail address.',
});

export const Invitee = Type.Object({ name: line(128, 'Name that people see.'), email: Mail }, strict);
export type Invitee = Static<typeof Invitee>;

const OccurrenceWishes = {
  start: LocalTime,
  durationMinutes: Duration,
  title: line(256, 'Title that people see.'),
  description: Description,
};

/** What differs from the rest of the series in one occurrence. */
export const OccurrenceChange = Type.Object(
  {
    occurrence: Which,
    ...Type.Partial(Type.Object(OccurrenceWishes)).properties,
  },
  strict,
);
export type OccurrenceChange = Static<typeof OccurrenceChange>;

export const ChangeOccurrenceBody = Type.Partial(Type.Object(OccurrenceWishes), {
  ...strict,
  minProperties: 1,
});
export type ChangeOccurrenceBody = Static<typeof ChangeOccurrenceBody>;

export const Occurrence = Type.Object({
  occurrence: Which,
  start: LocalTime,
  startsAt: Moment,
  endsAt: Moment,
  title: Type.String(),
  description: Type.String(),
  changed: Type.Boolean({ description: 'It differs from the rest of the series.' }),
});
export type Occurrence = Static<typeof Occurrence>;

const Plan = {
  title: OccurrenceWishes.title,
  description: Description,
  start: localTime(
    'Start of the first occurrence on the clock of the time zone, such as `2027-03-29T09:00`.',
  ),
  timeZone: Type.String({
    maxLength: 64,
    pattern: '^[A-Za-z][A-Za-z0-9_+/-]*$',
    description:
      'Name of the time zone as IANA has it, such as `Europe/Berlin`. Occurrences keep their time on its clock when that is put forward or back.',
  }),
  durationMinutes: Duration,
  rrule: Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()], {
    description:
      'When it recurs, as RFC 5545 writes rules, such as `FREQ=WEEKLY;BYDAY=MO,TH`; null when it does not. The first occurrence has to follow the rule. From daily to yearly; `COUNT` and `INTERVAL` at most 1000; at most 24 a day.',
  }),
  exdates: Type.Array(LocalTime, {
    maxItems: 100,
    description: 'Occurrences that are left out, by the time when the rule lets them start.',
  }),
  organizer: Type.Union([Invitee, Type.Null()], { description: 'Who invites, in calendars.' }),
  attendees: Type.Array(Invitee, { maxItems: 200, description: 'Who is invited, in calendars.' }),
  onlyThen: Type.Boolean({
    description:
      'Only hosts come into the room outside its scheduled meetings. With several schedules of one room, those that say so count together, until they are cancelled or deleted for their age.',
  }),
  earlyEntryMinutes: Type.Integer({
    minimum: 0,
    maximum: 1440,
    description: 'Minutes before its start that a meeting may be joined, where `onlyThen` is true.',
  }),
};

export const CreateScheduleBody = Type.Object(
  {
    room: RoomName,
    settings: Type.Optional(
      Type.Union([RoomSettingsPatch], {
        description: 'For the room, which is made with them if there is none.',
      }),
    ),
    start: Plan.start,
    timeZone: Plan.timeZone,
    durationMinutes: Plan.durationMinutes,
    ...Type.Partial(
      Type.Object({
        title: Plan.title,
        description: Plan.description,
        rrule: Plan.rrule,
        exdates: Plan.exdates,
        organizer: Plan.organizer,
        attendees: Plan.attendees,
        onlyThen: Plan.onlyThen,
        earlyEntryMinutes: Plan.earlyEntryMinutes,
      }),
    ).properties,
  },
  strict,
);
export type CreateScheduleBody = Static<typeof CreateScheduleBody>;

export const UpdateScheduleBody = Type.Partial(Type.Object(Plan), { ...strict, minProperties: 1 });
export type UpdateScheduleBody = Static<typeof UpdateScheduleBody>;

/** A schedule as it is kept. */
export const ScheduleRecord = Type.Object({
  scheduleId: Type.String(),
  room: RoomName,
  ...Plan,
  changes: Type.Array(OccurrenceChange, { maxItems: 100, description: 'Occurrences that differ.' }),
  status: Type.Enum(['scheduled', 'cancelled']),
  sequence: Type.Integer({
    minimum: 0,
    description: 'Raised by each change, so that calendars know which is the newest.',
  }),
  createdBy: Type.Object({ identity: Identity, displayName: DisplayName }),
  createdAt: Moment,
  updatedAt: Moment,
});
export type ScheduleRecord = Static<typeof ScheduleRecord>;

export const ScheduleInfo = Type.Object({
  ...ScheduleRecord.properties,
  joinUrl: Type.String({ description: 'Link to the room in the web app.' }),
  overAt: Type.Union([Type.Integer(), Type.Null()], {
    description:
      'Milliseconds since the epoch when it was cancelled, or when its last occurrence ends; null when there is no end.',
  }),
  next: Type.Union([Occurrence, Type.Null()], {
    description: 'The occurrence that goes on or comes next; null when there is none.',
  }),
});
export type ScheduleInfo = Static<typeof ScheduleInfo>;
export const SchedulePage = page(ScheduleInfo);

export const SCHEDULE_STATES = ['upcoming', 'over', 'cancelled'] as const;
export const ScheduleQuery = Type.Object(
  {
    ...PageQuery.properties,
    room: Type.Optional(RoomName),
    state: Type.Optional(
      Type.Enum(SCHEDULE_STATES, {
        description:
          'Only those with occurrences to come or going on, those whose last one has ended, or those cancelled.',
      }),
    ),
  },
  strict,
);
export type ScheduleQuery = Static<typeof ScheduleQuery>;

export const OccurrenceQuery = Type.Object(
  {
    ...PageQuery.properties,
    from: Type.Integer({
      minimum: 0,
      maximum: 7_258_118_400_000,
      description: 'Milliseconds since the epoch.',
    }),
    to: Type.Integer({
      minimum: 0,
      maximum: 7_258_118_400_000,
      description: 'Milliseconds since the epoch, at most 366 days after `from`.',
    }),
  },
  strict,
);
export type OccurrenceQuery = Static<typeof OccurrenceQuery>;
export const OccurrencePage = page(Occurrence);

export const CalendarQuery = Type.Object(
  {
    method: Type.Optional(
      Type.Enum(['publish', 'request'], {
        description:
          '`publish`, the default: to put into a calendar. `request`: to invite the attendees by mail; needs an organizer and attendees. A cancelled schedule is told as cancelled with both.',
      }),
    ),
  },
  strict,
);
