import {
  CalendarQuery,
  ChangeOccurrenceBody,
  LocalTime,
  Occurrence,
  OccurrencePage,
  OccurrenceQuery,
  ParleyError,
  type TokenClaims,
} from '@parley/protocol';
import { Type } from 'typebox';
import { mayListRooms, mayManageRoom, mayModerate } from '../../auth/grants.ts';
import { calendarFile } from '../../schedules/calendar/calendarFile.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent } from '../openApi.ts';
import type { DialIn } from '../PhoneAdmin.ts';
import {
  aboutSchedules,
  CHANGE_ERRORS,
  joinUrlOf,
  plannerGuard,
  plannerIn,
  PLANNERS,
  READ_ERRORS,
  READERS,
  readerGuard,
  roomOfSchedule,
  ScheduleParams,
  type ScheduleDependencies,
} from './planner.ts';

const OccurrenceParams = Type.Object({ ...ScheduleParams.properties, occurrence: LocalTime });
const ONE_ERRORS = [...CHANGE_ERRORS, 'OCCURRENCE_NOT_FOUND', 'WRONG_STATE', 'LIMIT_REACHED'] as const;

/** Single occurrences of scheduled meetings, and files for calendars. */
export function occurrenceRoutes(app: App, dependencies: ScheduleDependencies): void {
  for (const add of [listOccurrences, changeOccurrence, cancelOccurrence, getCalendar])
    add(app, dependencies);
}

function listOccurrences(app: App, dependencies: ScheduleDependencies): void {
  const { schedules } = dependencies;
  app.get(
    '/schedules/:scheduleId/occurrences',
    {
      ...readerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'listOccurrences',
        summary: 'List when a scheduled meeting takes place',
        description: `Those that go on at some time from \`from\` until \`to\`, by their start. None of a cancelled one. ${READERS}`,
        params: ScheduleParams,
        querystring: OccurrenceQuery,
        response: {
          200: annotate(OccurrencePage, { description: 'A page of occurrences.' }),
          ...errorResponses(...READ_ERRORS),
        },
      },
    },
    ({ params, query }) => schedules.occurrences(params.scheduleId, query, query),
  );
}

function changeOccurrence(app: App, dependencies: ScheduleDependencies): void {
  const { schedules } = dependencies;
  app.patch(
    '/schedules/:scheduleId/occurrences/:occurrence',
    {
      ...plannerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'changeOccurrence',
        summary: 'Change one occurrence of a recurring meeting',
        description: `It goes on being named by the time when the rule lets it start. ${PLANNERS}`,
        params: OccurrenceParams,
        body: annotate(ChangeOccurrenceBody, { examples: [{ start: '2027-03-02T10:30' }] }),
        response: {
          200: annotate(Occurrence, { description: 'The occurrence.' }),
          ...errorResponses(...ONE_ERRORS),
        },
      },
    },
    (request) => {
      const planner = plannerIn(request, schedules.roomOf(request.params.scheduleId));
      return schedules.changeOccurrence(request.params, planner, request.body);
    },
  );
}

function cancelOccurrence(app: App, dependencies: ScheduleDependencies): void {
  const { schedules } = dependencies;
  app.delete(
    '/schedules/:scheduleId/occurrences/:occurrence',
    {
      ...plannerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'cancelOccurrence',
        summary: 'Cancel one occurrence of a recurring meeting',
        description: `It is left out, and is found in \`exdates\`. ${PLANNERS}`,
        params: OccurrenceParams,
        response: { 204: noContent('It does not take place.'), ...errorResponses(...ONE_ERRORS) },
      },
    },
    async (request, reply) => {
      const planner = plannerIn(request, schedules.roomOf(request.params.scheduleId));
      schedules.cancelOccurrence(request.params, planner);
      return reply.code(204).send(null);
    },
  );
}

function getCalendar(app: App, dependencies: ScheduleDependencies): void {
  const { schedules, whereabouts, phones } = dependencies;
  app.get(
    '/schedules/:scheduleId/calendar',
    {
      ...readerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'getCalendar',
        summary: 'Get a scheduled meeting as a file for calendars',
        description: `An iCalendar file (RFC 5545) with the link to join by, and where people can dial in the telephone numbers and the PIN of the room. ${READERS}`,
        params: ScheduleParams,
        querystring: CalendarQuery,
        response: {
          200: {
            description: 'The file.',
            content: { 'text/calendar': { schema: Type.String() } },
          },
          ...errorResponses(...READ_ERRORS, 'WRONG_STATE'),
        },
      },
    },
    async (request, reply) => {
      const { schedule } = schedules.get(request.params.scheduleId);
      const { method = 'publish' } = request.query;
      if (method === 'request' && (!schedule.organizer || schedule.attendees.length === 0))
        throw new ParleyError('WRONG_STATE', {
          message: 'An invitation needs an organizer and attendees. Add them to the scheduled meeting.',
        });
      const joinUrl = joinUrlOf(schedule.room, request, whereabouts);
      const { numbers: dialIn, pin } = dialInFor(request.claims, schedule.room, phones);
      const told = schedule.organizer
        ? schedule.status === 'cancelled'
          ? 'CANCEL'
          : method.toUpperCase()
        : '';
      return reply
        .type(`text/calendar; charset=utf-8${told && `; method=${told}`}`)
        .header('content-disposition', `attachment; filename="${schedule.room}.ics"`)
        .send(calendarFile(schedule, { joinUrl, dialIn, ...(pin !== undefined && { pin }), method }));
    },
  );
}

/** Who may only list rooms is not told how to come into one. */
function dialInFor(
  claims: TokenClaims | undefined,
  room: string,
  phones: ScheduleDependencies['phones'],
): DialIn {
  const dialIn = phones.dialInOf(room);
  const isPlanner = claims && (mayManageRoom(claims, room) || mayModerate(claims, room));
  return isPlanner || (claims && !mayListRooms(claims)) ? dialIn : { ...dialIn, pin: undefined };
}
