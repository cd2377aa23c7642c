/** Phones: trunks, extensions, which call goes where, and what is known of calls. */
import { Type, type Static } from 'typebox';
import { Moment, MomentOrNull, RoomName } from './basics.ts';

const strict = { additionalProperties: false } as const;
const NO_CONTROL = '^[^\\u0000-\\u001f\\u007f]*$';

/** Text that becomes part of a header: no control characters, so that none can begin another header. */
const headerText = (description: string, maxLength = 255) =>
  Type.String({ maxLength, pattern: NO_CONTROL, description });

export const PhoneId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  description: 'Name of a trunk, a rule or an extension: letters, digits, `_`, `.` and `-`.',
});

export const E164 = Type.String({
  pattern: '^\\+[1-9][0-9]{1,14}$',
  description: 'Telephone number with country code, such as +4930123456 (ITU-T E.164).',
});

export const SipCredentials = Type.Object(
  {
    username: headerText('Name for digest authentication.', 128),
    password: Type.String({ maxLength: 256, description: 'Never sent back by REST, never logged.' }),
  },
  strict,
);
export type SipCredentials = Static<typeof SipCredentials>;

export const SipTransport = Type.Enum(['udp', 'tcp', 'tls'], {
  description: 'By which messages are sent to the trunk.',
});

export const TrunkInbound = Type.Object(
  {
    numbers: Type.Array(Type.String({ maxLength: 32 }), {
      default: ['*'],
      maxItems: 1000,
      description: 'Numbers that are called on this trunk: E.164, or a beginning with `*`. `*` is any.',
    }),
    allowedAddresses: Type.Array(Type.String({ maxLength: 64 }), {
      default: [],
      maxItems: 256,
      description:
        'Addresses (CIDR) from which calls come. Whoever is not in it is dropped before anything is read. Addresses of `outbound` and `registration` are added.',
    }),
    auth: Type.Union([SipCredentials, Type.Null()], {
      default: null,
      description: 'What the trunk must know (digest). null: its address is enough.',
    }),
  },
  strict,
);

export const TrunkOutbound = Type.Object(
  {
    address: headerText(
      'Host, or host:port, of the trunk. A host without port is looked up as RFC 3263 says.',
    ),
    transport: Type.Optional(SipTransport),
    proxy: Type.Optional(headerText('SIP URI of a proxy through which all goes.')),
    uriParams: Type.Optional(
      Type.String({
        maxLength: 128,
        pattern: '^[A-Za-z0-9-]+(=[A-Za-z0-9.+-]+)?(;[A-Za-z0-9-]+(=[A-Za-z0-9.+-]+)?)*$',
        description: 'Parameters of the address that is called, such as user=phone.',
      }),
    ),
    reliable: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Offers reliable provisional answers (100rel, RFC 3262), at which some carriers stumble.',
      }),
    ),
    auth: Type.Union([SipCredentials, Type.Null()], { default: null }),
    fromUser: Type.Optional(headerText('User part of From; by default the caller id.', 64)),
    fromDomain: Type.Optional(headerText('Domain of From; by default that of the trunk.')),
    callerId: Type.Union([E164, Type.Null()], { default: null, description: 'Number that is shown.' }),
    callerIdHeader: Type.Enum(['none', 'P-Asserted-Identity', 'P-Preferred-Identity', 'Remote-Party-ID'], {
      default: 'none',
      description: 'Header that carries the caller id beside From.',
    }),
    headers: Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }), headerText('Value.'), {
      default: {},
      maxProperties: 16,
      additionalProperties: false,
      description: 'Headers that the trunk wants in each INVITE.',
    }),
    prefixes: Type.Array(Type.String({ pattern: '^\\+[0-9]{0,14}$' }), {
      default: [],
      maxItems: 256,
      description: 'Beginnings of numbers that may be called, such as +49. Empty: none may.',
    }),
    minutesPerDay: Type.Integer({
      minimum: 0,
      default: 600,
      description: 'Minutes of calls made in a day (UTC), all together.',
    }),
    numberFormat: Type.Enum(['e164', 'digits', 'national'], {
      default: 'e164',
      description: 'How the trunk wants numbers: +4930…, 4930…, or 030….',
    }),
  },
  strict,
);

export const TrunkRegistration = Type.Object(
  {
    registrar: headerText('Host, or host:port, of the registrar.'),
    transport: Type.Optional(SipTransport),
    username: headerText('User that is registered.', 128),
    auth: SipCredentials,
    expiresSeconds: Type.Integer({ minimum: 60, maximum: 86_400, default: 600 }),
  },
  strict,
);

export const TrunkTls = Type.Object(
  {
    ca: Type.Optional(Type.String({ description: 'Path of PEM certificates that are trusted.' })),
    cert: Type.Optional(Type.String({ description: 'Path of a PEM certificate to show.' })),
    key: Type.Optional(Type.String({ description: 'Path of its key.' })),
    verify: Type.Boolean({ default: true }),
    serverName: Type.Optional(headerText('Name that the certificate must have.')),
    alpn: Type.Boolean({ default: false, description: 'Offers `sip`; some carriers refuse who does.' }),
    minVersion: Type.Optional(
      Type.Enum(['TLSv1.2', 'TLSv1.3'], { description: 'The oldest that is spoken; TLSv1.2 by default.' }),
    ),
  },
  strict,
);

/** RFC 8760. */
export const DIGEST_ALGORITHMS = ['SHA-256', 'MD5'] as const;

export const SOUND_CODECS = ['opus', 'G722', 'PCMA', 'PCMU'] as const;

export const Trunk = Type.Object(
  {
    trunkId: PhoneId,
    name: Type.String({ maxLength: 64, pattern: NO_CONTROL, default: '', description: 'For people.' }),
    enabled: Type.Boolean({ default: true }),
    inbound: Type.Union([TrunkInbound, Type.Null()], { default: null }),
    outbound: Type.Union([TrunkOutbound, Type.Null()], { default: null }),
    registration: Type.Union([TrunkRegistration, Type.Null()], { default: null }),
    tls: Type.Optional(TrunkTls),
    country: Type.String({
      pattern: '^[A-Z]{2}$',
      default: 'US',
      description: 'ISO 3166 code of the country whose national numbers the trunk sends.',
    }),
    codecs: Type.Array(Type.Enum(SOUND_CODECS), { default: ['opus', 'G722', 'PCMA', 'PCMU'], minItems: 1 }),
    encryption: Type.Enum(['off', 'optional', 'required'], {
      default: 'optional',
      description: 'SRTP with keys in SDP (RFC 4568). Only with TLS are the keys themselves secret.',
    }),
    inbandKeys: Type.Boolean({
      default: false,
      description: 'Keys are looked for in the sound, too: for carriers that send no telephone events.',
    }),
    symmetricRtp: Type.Boolean({
      default: true,
      description: 'Sound is sent to where it comes from, when that is not what was said: peers behind NAT.',
    }),
    optionsSeconds: Type.Integer({
      minimum: 0,
      maximum: 3600,
      default: 60,
      description: 'How often it is asked whether it is there (OPTIONS). 0: never.',
    }),
    maxCalls: Type.Integer({ minimum: 1, default: 30, description: 'At once.' }),
    transfers: Type.Optional(
      Type.Boolean({
        description:
          'Whether phones behind it may hand their calls over to others (REFER): this server then calls those, and pays for it. Not without this.',
      }),
    ),
  },
  strict,
);
export type Trunk = Static<typeof Trunk>;

export const DispatchTarget = Type.Union([
  Type.Object({ kind: Type.Literal('room'), room: RoomName }, strict),
  /** Asks for a PIN; the PIN says which room. */
  Type.Object({ kind: Type.Literal('pin') }, strict),
  /** Rings the open apps of somebody. */
  Type.Object({ kind: Type.Literal('user'), identity: Type.String({ maxLength: 128 }) }, strict),
  /** A receiver decides: it gets `call.incoming` and answers with one of these. */
  Type.Object({ kind: Type.Literal('webhook'), url: Type.String({ maxLength: 2048 }) }, strict),
  Type.Object({ kind: Type.Literal('reject'), status: Type.Integer({ minimum: 400, maximum: 699 }) }, strict),
]);
export type DispatchTarget = Static<typeof DispatchTarget>;

export const DispatchRule = Type.Object(
  {
    ruleId: PhoneId,
    priority: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 100,
      description: 'The lowest that fits is taken.',
    }),
    trunkIds: Type.Array(PhoneId, { default: [], description: 'Empty: any.' }),
    numbers: Type.Array(Type.String({ maxLength: 32 }), {
      default: [],
      description: 'Called numbers: E.164, an extension, or a beginning with `*`. Empty: any.',
    }),
    callers: Type.Array(Type.String({ maxLength: 32 }), {
      default: [],
      description: 'Numbers of callers, written likewise. Empty: any.',
    }),
    target: DispatchTarget,
  },
  strict,
);
export type DispatchRule = Static<typeof DispatchRule>;

export const Extension = Type.Object(
  {
    extension: Type.String({
      pattern: '^[A-Za-z0-9_.-]{1,32}$',
      description: 'What others dial, and the user name.',
    }),
    password: Type.String({ minLength: 8, maxLength: 256 }),
    displayName: Type.String({
      maxLength: 64,
      pattern: NO_CONTROL,
      default: '',
      description: 'Name that is shown; the extension when empty.',
    }),
    identity: Type.Union([Type.String({ maxLength: 128 }), Type.Null()], {
      default: null,
      description: 'Whose phone it is; it comes into rooms as them.',
    }),
    maxContacts: Type.Integer({ minimum: 1, maximum: 16, default: 4 }),
  },
  strict,
);
export type Extension = Static<typeof Extension>;

export const CALL_STATES = ['dialing', 'ringing', 'earlyMedia', 'answered', 'onHold', 'ended'] as const;
export const CallDirection = Type.Enum(['in', 'out']);

export const CallQuality = Type.Object({
  codec: Type.Union([Type.String(), Type.Null()]),
  packetsLost: Type.Integer({ minimum: 0 }),
  packetsReceived: Type.Integer({ minimum: 0 }),
  jitterMs: Type.Number({ description: 'Interarrival jitter (RFC 3550, section 6.4.1), mean.' }),
  concealedMs: Type.Integer({ minimum: 0, description: 'Sound that was made up for what was lost or late.' }),
  mos: Type.Union([Type.Number(), Type.Null()], {
    description: 'Estimate of how it sounded, 1 (bad) to 4.5, by the E-model (ITU-T G.107).',
  }),
});
export type CallQuality = Static<typeof CallQuality>;

/** A leg: one phone. It is written when it ends, and can be read while it goes on. */
export const CallRecord = Type.Object({
  callId: Type.String({ description: 'Of this leg, 128 random bits.' }),
  direction: CallDirection,
  trunkId: Type.Union([Type.String(), Type.Null()]),
  extension: Type.Union([Type.String(), Type.Null()]),
  from: Type.String({ description: 'Number of the caller.' }),
  to: Type.String({ description: 'Number that was called.' }),
  room: Type.Union([Type.String(), Type.Null()]),
  meetingId: Type.Union([Type.String(), Type.Null()]),
  participantId: Type.Union([Type.String(), Type.Null()]),
  identity: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum(CALL_STATES),
  startedAt: Moment,
  answeredAt: MomentOrNull,
  endedAt: MomentOrNull,
  endedBy: Type.Union([Type.Enum(['caller', 'called', 'host', 'server']), Type.Null()]),
  status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Final SIP status; null while it goes on.',
  }),
  why: Type.Union([Type.String(), Type.Null()], { description: 'For people: why it ended or was rejected.' }),
  quality: CallQuality,
});
export type CallRecord = Static<typeof CallRecord>;

export const PHONE_CALL_STATES = [
  ...['dialing', 'ringing', 'earlyMedia', 'answered', 'onHold'],
  ...['busy', 'noAnswer', 'cancelled', 'failed', 'ended'],
] as const;

/** A call of a room, as hosts and whoever made it see it. */
export const PhoneCall = Type.Object({
  callId: Type.String(),
  direction: CallDirection,
  state: Type.Enum(PHONE_CALL_STATES, {
    description: 'The last five are for good: the call is listed no more.',
  }),
  number: Type.String({
    description: 'Of the other end: E.164, an extension, a SIP URI; empty if withheld.',
  }),
  displayName: Type.String(),
  breakoutId: Type.Union([Type.String(), Type.Null()]),
  participantId: Type.Union([Type.String(), Type.Null()], {
    description: 'Who speaks by it; null until there is sound.',
  }),
  by: Type.Union([Type.String(), Type.Null()], {
    description: 'Identity of who called; null for calls that came in.',
  }),
  startedAt: Moment,
  answeredAt: MomentOrNull,
  message: Type.String({
    description: 'What became of it, for people; empty while there is nothing to say.',
  }),
});
export type PhoneCall = Static<typeof PhoneCall>;

/** What everybody sees of the phone that somebody speaks by. */
export const PhoneLink = Type.Object({
  callId: Type.String(),
  maskedNumber: Type.String({
    description: 'Such as +49 30 ••••12; empty if withheld. Hosts see all of it in `calls`.',
  }),
  direction: CallDirection,
  state: Type.Enum(['earlyMedia', 'answered'], {
    description: '`earlyMedia`: it rings, or says something, and was not answered yet.',
  }),
  onHold: Type.Boolean(),
});
export type PhoneLink = Static<typeof PhoneLink>;

export const TrunkState = Type.Object({
  trunkId: Type.String(),
  registration: Type.Enum(['off', 'registering', 'registered', 'retrying']),
  reachable: Type.Enum(['unknown', 'up', 'down']),
  why: Type.Union([Type.String(), Type.Null()], { description: 'What went wrong last.' }),
  calls: Type.Integer({ minimum: 0 }),
});
export type TrunkState = Static<typeof TrunkState>;
