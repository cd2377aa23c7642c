import { isDeepStrictEqual } from 'node:util';
import * as protocol from '@parley/protocol';
import {
  ACTING_ROLES,
  CLOSE_CODES,
  ERRORS,
  METHODS,
  NOTIFICATIONS,
  PERMISSION_TABLE,
  PROTOCOL_VERSION,
  SESSION_STATES,
  type MethodName,
  type SessionStateName,
} from '@parley/protocol';
import { join, limitsOf, table, typeOf, type JsonSchema } from './markdown.ts';

/** As much of an OpenAPI document as is read here. */
export interface OpenApi {
  paths?: Record<string, Record<string, Operation>>;
}
interface Operation {
  summary?: string;
  description?: string;
  responses?: Record<
    string,
    { description?: string; content?: { 'application/json'?: { schema?: JsonSchema } } }
  >;
  requestBody?: { content?: { 'application/json'?: { schema?: JsonSchema } } };
  parameters?: { name: string; in: string; required?: boolean; schema?: JsonSchema }[];
}

/** Shapes that are described once, under their own heading. */
const MODELS = {
  RoomInfo: protocol.RoomInfo,
  RoomSettings: protocol.RoomSettings,
  RoomSettingsPatch: protocol.RoomSettingsPatch,
  RoomState: protocol.RoomState,
  BreakoutState: protocol.BreakoutState,
  BreakoutRoom: protocol.BreakoutRoom,
  PollInfo: protocol.PollInfo,
  Knock: protocol.Knock,
  Knocker: protocol.Knocker,
  EgressState: protocol.EgressState,
  RunningRecording: protocol.RunningRecording,
  LiveStream: protocol.LiveStream,
  LiveTarget: protocol.LiveTarget,
  PictureLayout: protocol.PictureLayout,
  RecordingInfo: protocol.RecordingInfo,
  RecordingFile: protocol.RecordingFile,
  ChatMessage: protocol.ChatMessage,
  FileInfo: protocol.FileInfo,
  ParticipantInfo: protocol.ParticipantInfo,
  PublicationInfo: protocol.PublicationInfo,
  Permissions: protocol.Permissions,
  Attributes: protocol.Attributes,
  LeaveReason: protocol.LeaveReason,
  IceServer: protocol.IceServer,
  IceParameters: protocol.IceParameters,
  IceCandidate: protocol.IceCandidate,
  DtlsParameters: protocol.DtlsParameters,
  SctpParameters: protocol.SctpParameters,
  SctpStreamParameters: protocol.SctpStreamParameters,
  RtpCapabilities: protocol.RtpCapabilities,
  RtpParameters: protocol.RtpParameters,
} as const;
/** Shapes of mediasoup, which its own documentation describes. */
const OF_MEDIASOUP = new Set(['RtpCapabilities', 'RtpParameters', 'SctpParameters', 'SctpStreamParameters']);

const models = Object.entries(MODELS).map(([name, schema]) => ({ name, json: plain(schema) }));
function plain(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}
function nameOf(schema: JsonSchema): string | undefined {
  return models.find(({ json }) => isDeepStrictEqual(json, schema))?.name;
}

/** Members of an object, one in a row; nested ones with their path. */
function members(schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const limits = limitsOf(member);
    const isOptional = !schema.required?.includes(name);
    return [
      `\`${name}\`${isOptional ? ' (optional)' : ''}`,
      `\`${nameOf(member) ?? typeOf(member, nameOf)}\`${limits ? `, ${limits}` : ''}`,
      member.description ?? '',
    ];
  });
  return rows.length === 0 ? 'None.' : table(['Member', 'Type', 'Meaning'], rows);
}

function shape(label: string, schema: JsonSchema): string[] {
  const alternatives = schema.anyOf ?? [schema];
  return alternatives.flatMap((one, index) => {
    const isEmpty = Object.keys(one.properties ?? {}).length === 0;
    const title = alternatives.length > 1 ? `${label}, form ${index + 1}` : label;
    return isEmpty ? [`${title}: none.`] : [`${title}:`, members(one)];
  });
}

const STATES: Record<SessionStateName, string> = {
  open: 'before joining',
  knocking: 'in the lobby',
  joined: 'in the room',
};

/** Who may ask for it, and when, in words. */
function allowedWhen(method: MethodName): string {
  if (method === 'session.hello' || method === 'session.resume')
    return 'Allowed as the first message on a socket.';
  const row: Partial<Record<SessionStateName, readonly string[]>> = PERMISSION_TABLE[method];
  const states = SESSION_STATES.flatMap((state) => {
    const roles = row[state];
    if (!roles) return [];
    return [`${STATES[state]}${roles.length === ACTING_ROLES.length ? '' : ` (${roles.join(', ')})`}`];
  });
  return `Allowed ${states.join(', ')}.`;
}

function methodSections(): string[] {
  return Object.entries(METHODS).flatMap(([name, { summary, params, result }]) => [
    `### ${name}`,
    `${summary} ${allowedWhen(name as MethodName)}`,
    ...shape('Parameters', plain(params)),
    ...shape('Result', plain(result)),
  ]);
}

function notificationSections(): string[] {
  return Object.entries(NOTIFICATIONS).flatMap(([name, { summary, params }]) => [
    `### ${name}`,
    summary,
    ...shape('Parameters', plain(params)),
  ]);
}

function modelSections(): string[] {
  return models
    .filter(({ name }) => !OF_MEDIASOUP.has(name))
    .flatMap(({ name, json }) => [
      `### ${name}`,
      json.description ?? '',
      json.properties ? members(json) : `\`${typeOf(json, nameOf)}\``,
    ]);
}

function restSections(document: OpenApi): string[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      const body = operation.requestBody?.content?.['application/json']?.schema;
      const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
      const responses = Object.entries(operation.responses ?? {}).map(
        ([status, { content, description = '' }]) => {
          const schema = content?.['application/json']?.schema;
          const isError = Number(status) >= 400;
          const codes = [...description.matchAll(/`([A-Z_]+)`:/g)]
            .map(([, code]) => `\`${code}\``)
            .join(', ');
          return [
            status,
            isError || !schema ? '' : `\`${typeOf(schema, nameOf)}\``,
            isError ? codes : description,
          ];
        },
      );
      return [
        `### ${method.toUpperCase()} ${path}`,
        `${operation.summary}. ${operation.description ?? ''}`,
        ...(query.length > 0
          ? [
              `Query: ${query.map(({ name, schema }) => `\`${name}\` (${typeOf(schema ?? {}, nameOf)})`).join(', ')}.`,
            ]
          : []),
        ...(body ? ['Body:', members(body)] : []),
        table(['Status', 'Body', 'Meaning'], responses),
      ];
    }),
  );
}

const CLOSE_MEANINGS: Record<keyof typeof CLOSE_CODES, string> = {
  sessionEnded: 'The session ended; `session.ended` said why. Do not resume.',
  helloTimeout: 'Neither `session.hello` nor `session.resume` came in time.',
  badFrame: 'The frame could not be read as a request.',
  refused: 'Hello or resume was refused; the error said why.',
  pingTimeout: 'Nothing was heard for too long. Resume.',
  superseded: 'The session was resumed on another socket.',
  tooSlow: 'The client reads too slowly. Resume.',
};

const WEBSOCKET = `The WebSocket is at \`/ws\`. Messages are JSON-RPC 2.0 (https://www.jsonrpc.org/specification), one in each text frame
of at most ${protocol.MAX_FRAME_BYTES} bytes; batches are not accepted. The version described here is ${PROTOCOL_VERSION}.

\`\`\`json
{ "jsonrpc": "2.0", "id": 1, "method": "session.hello", "params": { "protocolVersion": "${PROTOCOL_VERSION}", "token": "…", "client": { "sdk": "mine/1.0" } } }
{ "jsonrpc": "2.0", "id": 1, "result": { "sessionId": "SE_…", "…": "…" } }
{ "jsonrpc": "2.0", "seq": 1, "method": "participant.joined", "params": { "participant": { "…": "…" } } }
{ "jsonrpc": "2.0", "id": 2, "error": { "code": -32021, "message": "The room is full. …", "data": { "code": "ROOM_FULL" } } }
\`\`\`

A client numbers its requests with \`id\` from 1; the server numbers its notifications with \`seq\` from 1. When a socket
drops, open another and send \`session.resume\` with the number of the last notification received: what was missed follows,
each once and in order, and a request sent again under its old \`id\` is carried out once. Media flows on meanwhile.`;

const REST = `Paths begin with \`/api/v1\`. Bodies are JSON of at most ${protocol.MAX_FRAME_BYTES} bytes. Send a token: \`Authorization: Bearer …\`. A running
server shows the same at \`/api/docs\`, and as OpenAPI 3.1 at \`/api/v1/openapi.json\`. An error has one shape:

\`\`\`json
{ "error": { "code": "ROOM_NOT_FOUND", "message": "There is no room of this name. …" } }
\`\`\``;

/** `api.md`: the WebSocket from the tables of the protocol, REST from the OpenAPI document, and all errors. */
export function apiReference(document: OpenApi): string {
  const errors = Object.entries(ERRORS).map(([code, { rpc, http, message }]) => [
    `\`${code}\``,
    String(rpc),
    String(http),
    message,
  ]);
  const closes = Object.entries(CLOSE_MEANINGS).map(([name, meaning]) => [
    String(CLOSE_CODES[name as keyof typeof CLOSE_CODES]),
    `\`${name}\``,
    meaning,
  ]);
  return join(
    '# API',
    '<!-- Generated by `npm run docs`. -->',
    '[REST](#rest) · [WebSocket](#websocket) · [Methods](#methods) · [Notifications](#notifications) · [Models](#models) · [Errors](#errors)',
    '## REST',
    REST,
    ...restSections(document),
    '## WebSocket',
    WEBSOCKET,
    'Close codes:',
    table(['Code', 'Name', 'Meaning'], closes),
    '## Methods',
    ...methodSections(),
    '## Notifications',
    ...notificationSections(),
    '## Models',
    'Shapes whose names begin with `Rtp` and `Sctp` are those of [mediasoup](https://mediasoup.org/documentation/v3/mediasoup/rtp-parameters-and-capabilities/).',
    ...modelSections(),
    '## Errors',
    'Programs compare `code`; people read the message. `rpc` is the number in a WebSocket error, `http` the status in REST.',
    table(['Code', 'rpc', 'http', 'Message'], errors),
  );
}
