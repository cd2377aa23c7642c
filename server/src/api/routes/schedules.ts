import {
  CreateScheduleBody,
  ScheduleInfo,
  SchedulePage,
  ScheduleQuery,
  UpdateScheduleBody,
} from '@parley/protocol';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent } from '../openApi.ts';
import { AUTH_ERRORS } from './host.ts';
import {
  aboutSchedules,
  CHANGE_ERRORS,
  infoOf,
  plannerGuard,
  plannerIn,
  PLANNERS,
  READ_ERRORS,
  READERS,
  readerGuard,
  roomInBody,
  roomInQuery,
  roomOfSchedule,
  ScheduleParams,
  type ScheduleDependencies,
} from './planner.ts';

/** Scheduled meetings as a whole; their occurrences and calendar files have routes of their own. */
export function scheduleRoutes(app: App, dependencies: ScheduleDependencies): void {
  for (const add of [createSchedule, listSchedules, getSchedule, updateSchedule, cancelSchedule])
    add(app, dependencies);
}

function createSchedule(app: App, dependencies: ScheduleDependencies): void {
  const { schedules, whereabouts } = dependencies;
  app.post(
    '/schedules',
    {
      ...plannerGuard(dependencies, roomInBody),
      schema: {
        ...aboutSchedules,
        operationId: 'createSchedule',
        summary: 'Schedule a meeting',
        description: `The room stays from now on. With the grant \`roomCreate\` it is made when there is none, with \`settings\`. ${PLANNERS}`,
        body: annotate(CreateScheduleBody, {
          examples: [
            {
              ...{ room: 'demo', title: 'Monday meeting', start: '2027-03-01T09:00' },
              ...{ timeZone: 'Europe/Berlin', durationMinutes: 45, rrule: 'FREQ=WEEKLY;BYDAY=MO' },
            },
          ],
        }),
        response: {
          201: annotate(ScheduleInfo, { description: 'The schedule.' }),
          ...errorResponses(
            ...AUTH_ERRORS,
            'ROOM_NOT_FOUND',
            'ROOM_EXISTS',
            'RULE_REFUSED',
            'LIMIT_REACHED',
            'RATE_LIMITED',
          ),
        },
      },
    },
    async (request, reply) => {
      const view = await schedules.create(plannerIn(request, request.body.room), request.body);
      return reply.code(201).send(infoOf(view, request, whereabouts));
    },
  );
}

function listSchedules(app: App, dependencies: ScheduleDependencies): void {
  const { schedules, whereabouts } = dependencies;
  app.get(
    '/schedules',
    {
      ...readerGuard(dependencies, roomInQuery),
      schema: {
        ...aboutSchedules,
        operationId: 'listSchedules',
        summary: 'List scheduled meetings',
        description: `In the order in which they were made. A token for one room has to name it in \`room\`. ${READERS}`,
        querystring: ScheduleQuery,
        response: {
          200: annotate(SchedulePage, { description: 'A page of schedules.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => {
      const { items, nextCursor } = schedules.list(request.query);
      return { items: items.map((view) => infoOf(view, request, whereabouts)), nextCursor };
    },
  );
}

function getSchedule(app: App, dependencies: ScheduleDependencies): void {
  const { schedules, whereabouts } = dependencies;
  app.get(
    '/schedules/:scheduleId',
    {
      ...readerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'getSchedule',
        summary: 'Get a scheduled meeting',
        description: READERS,
        params: ScheduleParams,
        response: {
          200: annotate(ScheduleInfo, { description: 'The schedule.' }),
          ...errorResponses(...READ_ERRORS),
        },
      },
    },
    (request) => infoOf(schedules.get(request.params.scheduleId), request, whereabouts),
  );
}

function updateSchedule(app: App, dependencies: ScheduleDependencies): void {
  const { schedules, whereabouts } = dependencies;
  app.patch(
    '/schedules/:scheduleId',
    {
      ...plannerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'updateSchedule',
        summary: 'Change a scheduled meeting',
        description: `What was said of single occurrences is dropped where the new start or rule has no such occurrence. ${PLANNERS}`,
        params: ScheduleParams,
        body: annotate(UpdateScheduleBody, { examples: [{ durationMinutes: 60 }] }),
        response: {
          200: annotate(ScheduleInfo, { description: 'The schedule.' }),
          ...errorResponses(...CHANGE_ERRORS, 'RULE_REFUSED'),
        },
      },
    },
    (request) => {
      const { scheduleId } = request.params;
      const planner = plannerIn(request, schedules.roomOf(scheduleId));
      return infoOf(schedules.update(scheduleId, planner, request.body), request, whereabouts);
    },
  );
}

function cancelSchedule(app: App, dependencies: ScheduleDependencies): void {
  const { schedules } = dependencies;
  app.delete(
    '/schedules/:scheduleId',
    {
      ...plannerGuard(dependencies, roomOfSchedule(schedules)),
      schema: {
        ...aboutSchedules,
        operationId: 'cancelSchedule',
        summary: 'Cancel a scheduled meeting',
        description: `It can still be read, so that calendars learn of it, and cannot be changed any more. ${PLANNERS}`,
        params: ScheduleParams,
        response: {
          204: noContent('It is cancelled, or was before.'),
          ...errorResponses(...READ_ERRORS, 'RATE_LIMITED'),
        },
      },
    },
    async (request, reply) => {
      const { scheduleId } = request.params;
      schedules.cancel(scheduleId, plannerIn(request, schedules.roomOf(scheduleId)));
      return reply.code(204).send(null);
    },
  );
}
