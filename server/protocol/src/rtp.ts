/**
 * RTP and transport parameters as they travel on the wire: the shapes of mediasoup (ORTC), bounded in size here;
 * mediasoup checks their meaning.
 */
import { Type, type Static } from 'typebox';

const shortText = (maxLength = 128) => Type.String({ maxLength });
const uint32 = () => Type.Integer({ minimum: 0, maximum: 0xffff_ffff });
const kind = () => Type.Union([Type.Literal('audio'), Type.Literal('video')]);
/** Codec parameters: a flat map such as `profile-level-id` to text or number. */
const parameterMap = () =>
  Type.Record(
    // NOTE: of a key schema only the pattern counts, and a key that does not match it would go unchecked if it were let through.
    Type.String({ pattern: '^[\\x20-\\x7e]{0,64}$' }),
    Type.Union([Type.String({ maxLength: 256 }), Type.Number(), Type.Boolean(), Type.Null()]),
    { additionalProperties: false, maxProperties: 32 },
  );

const rtcpFeedback = () => Type.Object({ type: shortText(32), parameter: Type.Optional(shortText(32)) });

export const RtpCapabilities = Type.Object({
  codecs: Type.Optional(
    Type.Array(
      Type.Object({
        kind: kind(),
        mimeType: shortText(),
        preferredPayloadType: Type.Optional(Type.Integer({ minimum: 0, maximum: 127 })),
        clockRate: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
        channels: Type.Optional(Type.Integer({ minimum: 1, maximum: 32 })),
        parameters: Type.Optional(parameterMap()),
        rtcpFeedback: Type.Optional(Type.Array(rtcpFeedback(), { maxItems: 32 })),
      }),
      { maxItems: 128 },
    ),
  ),
  headerExtensions: Type.Optional(
    Type.Array(
      Type.Object({
        kind: kind(),
        uri: shortText(256),
        preferredId: Type.Integer({ minimum: 1, maximum: 255 }),
        preferredEncrypt: Type.Optional(Type.Boolean()),
        direction: Type.Optional(shortText(16)),
      }),
      { maxItems: 64 },
    ),
  ),
});
export type RtpCapabilities = Static<typeof RtpCapabilities>;

export const RtpParameters = Type.Object({
  mid: Type.Optional(shortText(64)),
  msid: Type.Optional(shortText(256)),
  codecs: Type.Array(
    Type.Object({
      mimeType: shortText(),
      payloadType: Type.Integer({ minimum: 0, maximum: 127 }),
      clockRate: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      channels: Type.Optional(Type.Integer({ minimum: 1, maximum: 32 })),
      parameters: Type.Optional(parameterMap()),
      rtcpFeedback: Type.Optional(Type.Array(rtcpFeedback(), { maxItems: 32 })),
    }),
    { minItems: 1, maxItems: 16 },
  ),
  headerExtensions: Type.Optional(
    Type.Array(
      Type.Object({
        uri: shortText(256),
        id: Type.Integer({ minimum: 1, maximum: 255 }),
        encrypt: Type.Optional(Type.Boolean()),
        parameters: Type.Optional(parameterMap()),
      }),
      { maxItems: 32 },
    ),
  ),
  encodings: Type.Optional(
    Type.Array(
      Type.Object({
        ssrc: Type.Optional(uint32()),
        rid: Type.Optional(shortText(16)),
        codecPayloadType: Type.Optional(Type.Integer({ minimum: 0, maximum: 127 })),
        rtx: Type.Optional(Type.Object({ ssrc: uint32() })),
        dtx: Type.Optional(Type.Boolean()),
        scalabilityMode: Type.Optional(shortText(16)),
        scaleResolutionDownBy: Type.Optional(Type.Number({ minimum: 1, maximum: 64 })),
        maxBitrate: Type.Optional(uint32()),
        maxFramerate: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
        active: Type.Optional(Type.Boolean()),
        adaptivePtime: Type.Optional(Type.Boolean()),
        priority: Type.Optional(shortText(16)),
        networkPriority: Type.Optional(shortText(16)),
      }),
      { maxItems: 3 },
    ),
  ),
  rtcp: Type.Optional(
    Type.Object({
      cname: Type.Optional(shortText(256)),
      reducedSize: Type.Optional(Type.Boolean()),
      mux: Type.Optional(Type.Boolean()),
    }),
  ),
});
export type RtpParameters = Static<typeof RtpParameters>;

export const DtlsParameters = Type.Object({
  role: Type.Optional(Type.Union([Type.Literal('auto'), Type.Literal('client'), Type.Literal('server')])),
  fingerprints: Type.Array(Type.Object({ algorithm: shortText(16), value: shortText(256) }), {
    minItems: 1,
    maxItems: 8,
  }),
});
export type DtlsParameters = Static<typeof DtlsParameters>;

export const IceParameters = Type.Object({
  usernameFragment: shortText(),
  password: shortText(),
  iceLite: Type.Optional(Type.Boolean()),
});
export type IceParameters = Static<typeof IceParameters>;

export const IceCandidate = Type.Object({
  foundation: shortText(),
  priority: uint32(),
  ip: shortText(),
  address: shortText(),
  protocol: Type.Union([Type.Literal('udp'), Type.Literal('tcp')]),
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  type: shortText(16),
  tcpType: Type.Optional(shortText(16)),
});
export type IceCandidate = Static<typeof IceCandidate>;

export const SctpParameters = Type.Object({
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  OS: Type.Integer({ minimum: 0, maximum: 65_535 }),
  MIS: Type.Integer({ minimum: 0, maximum: 65_535 }),
  maxMessageSize: uint32(),
  maxSendMessageSize: uint32(),
  maxReceiveMessageSize: uint32(),
});
export type SctpParameters = Static<typeof SctpParameters>;

export const SctpStreamParameters = Type.Object({
  streamId: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_534 })),
  ordered: Type.Optional(Type.Boolean()),
  maxPacketLifeTime: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  maxRetransmits: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
});
export type SctpStreamParameters = Static<typeof SctpStreamParameters>;
