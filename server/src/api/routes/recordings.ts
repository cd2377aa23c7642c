import {
  LayoutBody,
  MarkBody,
  ParleyError,
  RoomName,
  StartedRecording,
  StartRecordingBody,
  type TokenClaims,
} from '@parley/protocol';
import { Type } from 'typebox';
import { mayAskAsHost, mayRecord } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { RecordingDesk } from '../../room/RecordingDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import { deskOf, emptyBodyIsNone, HOST_ERRORS, RoomParams } from './host.ts';

export const RECORDERS =
  'Needs the grant `roomRecord` or `roomAdmin`, for this room or for all, or to be a host of this room.';
const about = { tags: ['recordings'], security: withToken } as const;
const Params = Type.Object({ name: RoomName, recordingId: Type.String({ maxLength: 64 }) });
const CONTROL_ERRORS = [...HOST_ERRORS, 'RECORDING_NOT_RUNNING'] as const;

interface Dependencies {
  desk: RecordingDesk;
  tokens: Pick<TokenService, 'verify'>;
}

export const mayAskForRecordings = (claims: TokenClaims, room: string): boolean =>
  mayRecord(claims, room) || mayAskAsHost(claims, room);

/** Lets in who may be a host; the room itself knows whether they are. */
export const recorderGuard = (tokens: Dependencies['tokens']) =>
  guard(tokens, {
    allows: mayAskForRecordings,
    needs: 'the grant roomRecord or roomAdmin, or roomJoin as a host, for this room',
  });

/** Recording a room, for integrators and for hosts who are elsewhere. */
export function recordingRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [start, change, mark]) add(app, dependencies);
  for (const what of ['stop', 'pause', 'resume'] as const) control(app, dependencies, what);
}

function start(app: App, { desk, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/recordings',
    {
      ...recorderGuard(tokens),
      preValidation: emptyBodyIsNone,
      schema: {
        ...about,
        operationId: 'startRecording',
        summary: 'Record a room',
        description: `The main room, or with \`breakoutId\` a breakout room that is open. The answer comes when the recorder runs, or after some seconds while it still starts; the state says which. ${RECORDERS}`,
        params: RoomParams,
        body: annotate(StartRecordingBody, {
          examples: [{}, { kind: 'composite', format: 'mp4', layout: { kind: 'grid', focus: null } }],
        }),
        response: {
          201: annotate(StartedRecording, { description: 'It is being recorded.' }),
          ...errorResponses(
            ...HOST_ERRORS,
            'MEETING_NOT_FOUND',
            'BREAKOUT_NOT_FOUND',
            'RECORDING_OFF',
            'RECORDING_RUNNING',
            'RECORDING_CAPACITY',
            'RECORDING_DISK_FULL',
            'RECORDING_FFMPEG_MISSING',
            'RECORDING_FAILED',
          ),
        },
      },
    },
    async (request, reply) => {
      if (request.body === null) throw new ParleyError('INVALID_PARAMS');
      return reply.code(201).send({ recordingId: await desk.start(deskOf(request), request.body) });
    },
  );
}

const SUMMARIES = {
  stop: 'End a recording',
  pause: 'Pause a recording',
  resume: 'Go on with a recording that is paused',
} as const;

function control(app: App, { desk, tokens }: Dependencies, what: keyof typeof SUMMARIES): void {
  app.post(
    `/rooms/:name/recordings/:recordingId/${what}`,
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: `${what}Recording`,
        summary: SUMMARIES[what],
        description: RECORDERS,
        params: Params,
        response: {
          204: noContent('It was done.'),
          ...errorResponses(...CONTROL_ERRORS, ...(what === 'stop' ? [] : (['WRONG_STATE'] as const))),
        },
      },
    },
    async (request, reply) => {
      await desk.control(deskOf(request), request.params.recordingId, { type: what });
      return reply.code(204).send(null);
    },
  );
}

function change(app: App, { desk, tokens }: Dependencies): void {
  app.patch(
    '/rooms/:name/recordings/:recordingId',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'setRecordingLayout',
        summary: 'Arrange people in the picture anew',
        description: RECORDERS,
        params: Params,
        body: annotate(LayoutBody, { examples: [{ layout: { kind: 'speaker', focus: null } }] }),
        response: { 204: noContent('It was done.'), ...errorResponses(...CONTROL_ERRORS) },
      },
    },
    async (request, reply) => {
      const { layout } = request.body;
      await desk.control(deskOf(request), request.params.recordingId, { type: 'setLayout', layout });
      return reply.code(204).send(null);
    },
  );
}

function mark(app: App, { desk, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/recordings/:recordingId/marks',
    {
      ...recorderGuard(tokens),
      schema: {
        ...about,
        operationId: 'markRecording',
        summary: 'Mark this moment of a recording',
        description: `The file has a chapter of this title from here on. ${RECORDERS}`,
        params: Params,
        body: annotate(MarkBody, { examples: [{ title: 'Questions' }] }),
        response: { 204: noContent('It was done.'), ...errorResponses(...CONTROL_ERRORS) },
      },
    },
    async (request, reply) => {
      const { title } = request.body;
      await desk.control(deskOf(request), request.params.recordingId, { type: 'mark', title });
      return reply.code(204).send(null);
    },
  );
}
