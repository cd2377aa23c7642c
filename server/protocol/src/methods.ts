/**
 * Every request a client can make, declared once: the shape of its parameters and of its result, the state in
 * which it is allowed, and what it does. Validation, types, dispatch and the API reference are all made from this table.
 */
import { Type, type Static, type TSchema } from 'typebox';
import { SOURCES } from './constants.ts';
import {
  Attributes,
  DisplayName,
  IceServer,
  Metadata,
  ParticipantInfo,
  Permissions,
  RoomInfo,
} from './models.ts';
import {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  RtpCapabilities,
  RtpParameters,
  SctpParameters,
  SctpStreamParameters,
} from './rtp.ts';

const strict = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Nothing = Type.Object({}, strict);
const Source = Type.Enum(SOURCES);

export const ClientInfo = Type.Object(
  {
    sdk: Type.String({
      maxLength: 64,
      description: 'Name and version of the SDK, such as `parley-js/0.1.0`.',
    }),
    platform: Type.Optional(
      Type.String({ maxLength: 64, description: '`browser`, `electron` or `reactNative`.' }),
    ),
    userAgent: Type.Optional(Type.String({ maxLength: 512 })),
  },
  strict,
);

/** In which state of a session a method is allowed. */
export type MethodState = 'new' | 'session' | 'joined';

export interface MethodSchema {
  readonly summary: string;
  readonly state: MethodState;
  readonly params: TSchema;
  readonly result: TSchema;
}

export const DataChannelLabel = Type.Enum(['reliable', 'lossy'], {
  description: '`reliable` is ordered and complete; `lossy` is unordered and never sent twice.',
});

export const METHODS = {
  'session.hello': {
    summary: 'Opens a session. The first message on a socket, unless a session is resumed.',
    state: 'new',
    params: Type.Object(
      {
        protocolVersion: Type.String({ maxLength: 16 }),
        token: Type.String({ minLength: 1, maxLength: 8192 }),
        client: ClientInfo,
      },
      strict,
    ),
    result: Type.Object({
      sessionId: Type.String(),
      resumeKey: Type.String({ description: 'Secret that a resume must show. It changes with each resume.' }),
      protocolVersion: Type.String(),
      serverVersion: Type.String(),
      features: Type.Array(Type.String()),
      resumeWindow: Type.Integer({ description: 'Milliseconds a dropped session is kept.' }),
      pingInterval: Type.Integer({ description: 'Milliseconds between pings of the client.' }),
      room: Type.String({ description: 'Name of the room that the token is for.' }),
      identity: Type.String(),
    }),
  },
  'session.resume': {
    summary:
      'Takes a session over on a new socket. Notifications after lastSeq follow the response, each once and in order.',
    state: 'new',
    params: Type.Object(
      {
        sessionId: Id,
        resumeKey: Type.String({ minLength: 1, maxLength: 128 }),
        lastSeq: Type.Integer({
          minimum: 0,
          description: 'Number of the last notification received; 0 when none was.',
        }),
      },
      strict,
    ),
    result: Type.Object({
      resumeKey: Type.String(),
      missed: Type.Integer({ description: 'How many notifications follow.' }),
    }),
  },
  'session.ping': {
    summary:
      'Shows that the client is alive, and which notifications it has, so that the server may forget them.',
    state: 'session',
    params: Type.Object({ lastSeq: Type.Integer({ minimum: 0 }) }, strict),
    result: Type.Object({ serverTime: Type.Integer({ description: 'Milliseconds since the epoch.' }) }),
  },
  'room.join': {
    summary: 'Joins the room of the token. Access is decided here.',
    state: 'session',
    params: Type.Object({ displayName: Type.Optional(DisplayName) }, strict),
    result: Type.Object({
      state: Type.Literal('joined'),
      room: RoomInfo,
      self: ParticipantInfo,
      permissions: Permissions,
      participants: Type.Array(ParticipantInfo, { description: 'The others in the room.' }),
      iceServers: Type.Array(IceServer),
      rtpCapabilities: RtpCapabilities,
      mediaGeneration: Type.Integer({
        description: 'Counts the media rooms this room has had; see `media.reset`.',
      }),
    }),
  },
  'room.leave': {
    summary: 'Leaves the room and ends the session.',
    state: 'session',
    params: Nothing,
    result: Nothing,
  },
  'participant.updateSelf': {
    summary: 'Changes own display name, metadata or attributes; an attribute set to empty text is removed.',
    state: 'joined',
    params: Type.Object(
      {
        displayName: Type.Optional(DisplayName),
        metadata: Type.Optional(Metadata),
        attributes: Type.Optional(Attributes),
      },
      strict,
    ),
    result: Nothing,
  },
  'media.createTransport': {
    summary: 'Creates the send or the receive transport. A former one of the same direction is closed.',
    state: 'joined',
    params: Type.Union([
      Type.Object({ direction: Type.Literal('send'), forceTcp: Type.Optional(Type.Boolean()) }, strict),
      Type.Object(
        {
          direction: Type.Literal('recv'),
          rtpCapabilities: RtpCapabilities,
          forceTcp: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ]),
    result: Type.Object({
      transportId: Type.String(),
      iceParameters: IceParameters,
      iceCandidates: Type.Array(IceCandidate),
      dtlsParameters: DtlsParameters,
      sctpParameters: SctpParameters,
    }),
  },
  'media.connectTransport': {
    summary: 'Gives the DTLS parameters of the client.',
    state: 'joined',
    params: Type.Object({ transportId: Id, dtlsParameters: DtlsParameters }, strict),
    result: Nothing,
  },
  'media.restartIce': {
    summary: 'New ICE credentials for a transport whose path broke (RFC 8445 section 9).',
    state: 'joined',
    params: Type.Object({ transportId: Id }, strict),
    result: Type.Object({ iceParameters: IceParameters }),
  },
  'media.publish': {
    summary: 'Publishes a track. One publication for each source.',
    state: 'joined',
    params: Type.Object(
      {
        transportId: Id,
        source: Source,
        kind: Type.Enum(['audio', 'video']),
        rtpParameters: RtpParameters,
        muted: Type.Optional(Type.Boolean()),
        width: Type.Optional(Type.Integer({ minimum: 1, maximum: 16_384 })),
        height: Type.Optional(Type.Integer({ minimum: 1, maximum: 16_384 })),
      },
      strict,
    ),
    result: Type.Object({ publicationId: Type.String(), producerId: Type.String() }),
  },
  'media.unpublish': {
    summary: 'Ends a publication of one’s own.',
    state: 'joined',
    params: Type.Object({ publicationId: Id }, strict),
    result: Nothing,
  },
  'media.setMuted': {
    summary: 'Mutes or unmutes a publication of one’s own; nothing is forwarded while it is muted.',
    state: 'joined',
    params: Type.Object({ publicationId: Id, muted: Type.Boolean() }, strict),
    result: Nothing,
  },
  'media.updateSubscriptions': {
    summary:
      'Says what one wants to receive, and how large it is shown. The server chooses layers, and pauses what nobody sees.',
    state: 'joined',
    params: Type.Object(
      {
        changes: Type.Array(
          Type.Object(
            {
              publicationId: Id,
              subscribed: Type.Optional(
                Type.Boolean({ description: 'false closes the consumer. true by default.' }),
              ),
              visible: Type.Optional(
                Type.Boolean({ description: 'false pauses the consumer. true by default.' }),
              ),
              width: Type.Optional(
                Type.Integer({
                  minimum: 0,
                  maximum: 16_384,
                  description: 'Width of the tile, device pixels.',
                }),
              ),
              height: Type.Optional(
                Type.Integer({
                  minimum: 0,
                  maximum: 16_384,
                  description: 'Height of the tile, device pixels.',
                }),
              ),
              priority: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  maximum: 255,
                  description: 'Share of a scarce downlink; 1 by default.',
                }),
              ),
            },
            strict,
          ),
          { minItems: 1, maxItems: 256 },
        ),
      },
      strict,
    ),
    result: Nothing,
  },
  'media.resumeConsumer': {
    summary: 'Starts a consumer, which is made paused, once the client can play it.',
    state: 'joined',
    params: Type.Object({ consumerId: Id }, strict),
    result: Nothing,
  },
  'media.produceData': {
    summary: 'Opens the channel on which one sends application messages (RFC 8831).',
    state: 'joined',
    params: Type.Object(
      { transportId: Id, label: DataChannelLabel, sctpStreamParameters: SctpStreamParameters },
      strict,
    ),
    result: Type.Object({ dataProducerId: Type.String() }),
  },
  'media.consumeData': {
    summary: 'Opens the channel on which one receives application messages.',
    state: 'joined',
    params: Type.Object({ transportId: Id, label: DataChannelLabel }, strict),
    result: Type.Object({
      dataConsumerId: Type.String(),
      dataProducerId: Type.String(),
      label: Type.String(),
      protocol: Type.String(),
      sctpStreamParameters: SctpStreamParameters,
    }),
  },
} as const satisfies Record<string, MethodSchema>;

export type Methods = typeof METHODS;
export type MethodName = keyof Methods;
export type MethodParams<M extends MethodName> = Static<Methods[M]['params']>;
export type MethodResult<M extends MethodName> = Static<Methods[M]['result']>;
/** The answer of `room.join` when one is in. */
export type JoinedRoom = MethodResult<'room.join'>;
export type DataChannelLabel = Static<typeof DataChannelLabel>;
export type SubscriptionChange = MethodParams<'media.updateSubscriptions'>['changes'][number];
