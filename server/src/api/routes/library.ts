import type { Readable } from 'node:stream';
import {
  CreateRecordingLinkBody,
  RecordingInfo,
  RecordingLink,
  RecordingPage,
  RecordingQuery,
} from '@parley/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Library, Viewer } from '../../recordings/Library.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import { sendRecording } from '../sendRecording.ts';
import { AUTH_ERRORS, callerIn, emptyBodyIsNone } from './host.ts';
import { mayAskForRecordings, RECORDERS } from './recordings.ts';

const about = { tags: ['recordings'], security: withToken } as const;
const recordingId = Type.String({ maxLength: 64 });
const Params = Type.Object({ recordingId });
const FileParams = Type.Object({ recordingId, number: Type.Integer({ minimum: 1, maximum: 100_000 }) });
const ticket = Type.Optional(
  Type.String({ maxLength: 4096, description: 'Of a link, in place of a token.' }),
);
const TicketQuery = Type.Object({ ticket }, { additionalProperties: false });
const FileQuery = Type.Object(
  {
    ticket,
    download: Type.Optional(
      Type.Enum(['1', '0'], { description: '`1` has a browser save it and not play it.' }),
    ),
  },
  { additionalProperties: false },
);
const READ_ERRORS = [...AUTH_ERRORS, 'RECORDING_NOT_FOUND'] as const;
const FILE_ERRORS = [...READ_ERRORS, 'RECORDING_UNFINISHED', 'NOT_FOUND', 'RANGE_REFUSED'] as const;
const BYTES = 'application/octet-stream';
const binary = { content: { [BYTES]: { schema: Type.Unsafe<Readable>(Type.String({ format: 'binary' })) } } };

interface Dependencies {
  library: Library;
  tokens: Pick<TokenService, 'verify'>;
}

/** What was recorded: listed, played, given to others, deleted. */
export function libraryRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [listRecordings, getRecording, deleteRecording, createLink, getContent])
    add(app, dependencies);
  for (const what of ['thumbnail', 'sidecar'] as const) getBeside(app, dependencies, what);
}

const needs = 'the grant roomRecord or roomAdmin, or roomJoin as a host, for the room';

const recordingGuard = ({ tokens, library }: Dependencies) =>
  guard(tokens, {
    allows: mayAskForRecordings,
    needs,
    roomOf: ({ params }) => library.roomOf((params as { recordingId: string }).recordingId),
  });

/** The same, where a link lets one in as well: then the library looks at that. */
function guardOrLink(dependencies: Dependencies): ReturnType<typeof guard> {
  const { onRequest, preHandler } = recordingGuard(dependencies);
  return {
    async onRequest(request, reply) {
      if (ticketIn(request) === undefined) await onRequest.call(this, request, reply);
    },
    async preHandler(request, reply) {
      if (ticketIn(request) === undefined) await preHandler.call(this, request, reply);
    },
  };
}

function ticketIn({ query }: FastifyRequest): string | undefined {
  const value: unknown = Reflect.get(query as object, 'ticket');
  return typeof value === 'string' ? value : undefined;
}

function viewerIn(request: FastifyRequest): Viewer {
  const given = ticketIn(request);
  return given === undefined ? { by: callerIn(request) } : { ticket: given };
}

function listRecordings(app: App, { library, tokens }: Dependencies): void {
  app.get(
    '/recordings',
    {
      ...guard(tokens, {
        allows: mayAskForRecordings,
        needs,
        roomOf: ({ query }) => (query as { room?: string }).room ?? '',
        givesHostsTheirOwn: true,
      }),
      schema: {
        ...about,
        operationId: 'listRecordings',
        summary: 'List recordings',
        description: `Newest first, also of rooms that are gone, and those that still run. A token for one room has to name it in \`room\`. ${RECORDERS} Who is signed in sees those of their own rooms.`,
        querystring: RecordingQuery,
        response: {
          200: annotate(RecordingPage, { description: 'A page of recordings.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => library.list(callerIn(request), request.query),
  );
}

function getRecording(app: App, dependencies: Dependencies): void {
  app.get(
    '/recordings/:recordingId',
    {
      ...guardOrLink(dependencies),
      schema: {
        ...about,
        operationId: 'getRecording',
        summary: 'Get a recording',
        description: RECORDERS,
        params: Params,
        querystring: TicketQuery,
        response: {
          200: annotate(RecordingInfo, { description: 'The recording.' }),
          ...errorResponses(...READ_ERRORS),
        },
      },
    },
    (request) => dependencies.library.get(request.params.recordingId, viewerIn(request)),
  );
}

function deleteRecording(app: App, dependencies: Dependencies): void {
  app.delete(
    '/recordings/:recordingId',
    {
      ...recordingGuard(dependencies),
      schema: {
        ...about,
        operationId: 'deleteRecording',
        summary: 'Delete a recording',
        description: `With its files; one that runs has to be stopped first. ${RECORDERS}`,
        params: Params,
        response: {
          204: noContent('It is gone.'),
          ...errorResponses(...READ_ERRORS, 'RECORDING_UNFINISHED'),
        },
      },
    },
    async (request, reply) => {
      await dependencies.library.delete(request.params.recordingId, callerIn(request));
      return reply.code(204).send(null);
    },
  );
}

function createLink(app: App, dependencies: Dependencies): void {
  app.post(
    '/recordings/:recordingId/links',
    {
      ...recordingGuard(dependencies),
      preValidation: emptyBodyIsNone,
      schema: {
        ...about,
        operationId: 'createRecordingLink',
        summary: 'Give somebody a link to a recording',
        description: `It works for ten minutes at most, for one person: \`identity\`, or whoever asks. It is void as soon as that person, or who gave it, is removed from the room or is no host any more, and when the recording is deleted. ${RECORDERS}`,
        params: Params,
        body: annotate(CreateRecordingLinkBody, { examples: [{}, { identity: 'bob', seconds: 300 }] }),
        response: {
          201: annotate(RecordingLink, { description: 'The link.' }),
          ...errorResponses(...READ_ERRORS, 'RECORDING_UNFINISHED', 'NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { recordingId: id } = request.params;
      const {
        ticket: signed,
        identity,
        expiresAt,
      } = dependencies.library.link(id, callerIn(request), request.body);
      const path = `/api/v1/recordings/${id}/parts/${request.body.file ?? 1}/content?ticket=${signed}`;
      return reply.code(201).send({ path, identity, expiresAt });
    },
  );
}

function getContent(app: App, dependencies: Dependencies): void {
  app.get(
    '/recordings/:recordingId/parts/:number/content',
    {
      ...guardOrLink(dependencies),
      schema: {
        ...about,
        operationId: 'getRecordingContent',
        summary: 'Play or download a file of a recording',
        description: `Decrypted, whole or by the header \`Range\`. ${RECORDERS} Or a link: whether its person may still have it is looked at again each second while bytes go out.`,
        params: FileParams,
        querystring: FileQuery,
        response: {
          200: { description: 'The file.', ...binary },
          206: { description: 'A part of it.', ...binary },
          ...errorResponses(...FILE_ERRORS, 'RECORDING_FAILED'),
        },
      },
    },
    async (request, reply) => {
      const { recordingId: id, number } = request.params;
      const file = await dependencies.library.open(id, { number }, viewerIn(request));
      return sendRecording(request, reply, { file, download: request.query.download === '1' });
    },
  );
}

function getBeside(app: App, dependencies: Dependencies, what: 'thumbnail' | 'sidecar'): void {
  const isPicture = what === 'thumbnail';
  app.get(
    `/recordings/:recordingId/${what}`,
    {
      ...guardOrLink(dependencies),
      schema: {
        ...about,
        operationId: isPicture ? 'getRecordingThumbnail' : 'getRecordingSidecar',
        summary: isPicture ? 'A picture of a recording' : 'Who spoke when in a recording',
        description: RECORDERS,
        params: Params,
        querystring: FileQuery,
        response: { 200: { description: 'The file.', ...binary }, ...errorResponses(...FILE_ERRORS) },
      },
    },
    async (request, reply) => {
      const file = await dependencies.library.open(request.params.recordingId, what, viewerIn(request));
      return sendRecording(request, reply, { file, download: request.query.download === '1' });
    },
  );
}
