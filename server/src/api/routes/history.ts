import type { Readable } from 'node:stream';
import {
  AuditPage,
  HistoryMessagePage,
  MeetingDetails,
  MeetingPage,
  PageQuery,
  RoomName,
} from '@parley/protocol';
import { Type } from 'typebox';
import { mayModerate } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { HistoryDesk, Question } from '../../history/HistoryDesk.ts';
import type { App } from '../appType.ts';
import { BYTES, headersOf } from '../attachment.ts';
import { annotate, errorResponses, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import { AUTH_ERRORS, deskOf, RoomParams } from './host.ts';

const WHO = 'Needs the grant `roomAdmin`, for this room or for all, or the token of a host of this room.';
const about = { tags: ['history'], security: withToken } as const;
const MeetingParams = Type.Object({ name: RoomName, meetingId: Type.String({ maxLength: 64 }) });

interface Dependencies {
  history: HistoryDesk;
  tokens: Pick<TokenService, 'verify'>;
}

/** What was: meetings, who was in them, what was said, and what hosts did. */
export function historyRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [listMeetings, getMeeting, listMessages, getFile, listAudit]) add(app, dependencies);
}

const hostsOnly = (tokens: Dependencies['tokens']) =>
  guard(tokens, { allows: mayModerate, needs: 'the grant roomAdmin, or roomJoin as a host, for this room' });

const questionOf = (request: Parameters<typeof deskOf>[0]): Question => deskOf(request);

function listMeetings(app: App, { history, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/meetings',
    {
      ...hostsOnly(tokens),
      schema: {
        ...about,
        operationId: 'listMeetings',
        summary: 'List the meetings of a room',
        description: `Newest first; also of a room that is gone. ${WHO}`,
        params: RoomParams,
        querystring: PageQuery,
        response: {
          200: annotate(MeetingPage, { description: 'A page of meetings.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => history.listMeetings(questionOf(request), request.query),
  );
}

function getMeeting(app: App, { history, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/meetings/:meetingId',
    {
      ...hostsOnly(tokens),
      schema: {
        ...about,
        operationId: 'getMeeting',
        summary: 'Who was in a meeting, when, and how',
        description: WHO,
        params: MeetingParams,
        response: {
          200: annotate(MeetingDetails, { description: 'The meeting.' }),
          ...errorResponses(...AUTH_ERRORS, 'MEETING_NOT_FOUND'),
        },
      },
    },
    (request) => history.getMeeting(questionOf(request), request.params.meetingId),
  );
}

function listMessages(app: App, { history, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/meetings/:meetingId/messages',
    {
      ...hostsOnly(tokens),
      schema: {
        ...about,
        operationId: 'listMessages',
        summary: 'What was said in the chat of a meeting',
        description: `Oldest first. Private messages and what was deleted are not among it. ${WHO}`,
        params: MeetingParams,
        querystring: PageQuery,
        response: {
          200: annotate(HistoryMessagePage, { description: 'A page of messages.' }),
          ...errorResponses(...AUTH_ERRORS, 'MEETING_NOT_FOUND'),
        },
      },
    },
    (request) =>
      history.listMessages(questionOf(request), { ...request.query, meetingId: request.params.meetingId }),
  );
}

function getFile(app: App, { history, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/meetings/:meetingId/files/:fileId',
    {
      ...hostsOnly(tokens),
      schema: {
        ...about,
        operationId: 'downloadMeetingFile',
        summary: 'Download a file that was shared in a meeting',
        description: `Of what was shared with all, and is still there; always to be saved and not opened. ${WHO}`,
        params: Type.Object({ ...MeetingParams.properties, fileId: Type.String({ maxLength: 64 }) }),
        response: {
          200: {
            description: 'The content.',
            content: { [BYTES]: { schema: Type.Unsafe<Readable>(Type.String({ format: 'binary' })) } },
          },
          ...errorResponses(...AUTH_ERRORS, 'MEETING_NOT_FOUND', 'FILE_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { file, content } = await history.openFile(questionOf(request), request.params);
      return reply.headers(headersOf(file)).send(content);
    },
  );
}

function listAudit(app: App, { history, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/audit',
    {
      ...hostsOnly(tokens),
      schema: {
        ...about,
        operationId: 'listAudit',
        summary: 'Who did what to whom in a room',
        description: `Newest first: all that hosts did, in meetings and by REST, and what the server did by itself. ${WHO}`,
        params: RoomParams,
        querystring: PageQuery,
        response: {
          200: annotate(AuditPage, { description: 'A page of the audit log.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => history.listAudit(questionOf(request), request.query),
  );
}
