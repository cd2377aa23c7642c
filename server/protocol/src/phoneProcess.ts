/**
 * What the server and the process of phones say to each other, over the channel that Node gives a child. The server knows rooms, people,
 * rules and PINs; the process knows SIP and sound. A leg is one phone; its id is given by whichever side begins it.
 *
 * An incoming call: `incoming` -> `decide` (again and again while PINs are asked for) -> `answered` -> `place` ... -> `ended`.
 * A call that is made: `dial` -> `progress` ... -> `answered` -> `place` ... -> `ended`.
 */
import { Type, type Static } from 'typebox';
import { CallQuality, DIGEST_ALGORITHMS, Extension, Trunk, TrunkState } from './models/phone.ts';
import { Moment, MomentOrNull } from './models/basics.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const LegId = Type.String({ minLength: 1, maxLength: 64 });
const ZoneId = Type.String({ minLength: 1, maxLength: 128 });

export const PROMPTS = [
  ...['welcome', 'enter-pin', 'wrong-pin', 'too-many-tries', 'waiting-for-host', 'admitted', 'you-are-alone'],
  ...[
    'muted',
    'unmuted',
    'ask-unmute',
    'hand-raised',
    'hand-lowered',
    'help',
    'not-allowed',
    'meeting-locked',
  ],
  ...[
    'meeting-ended',
    'removed',
    'not-found',
    'number-not-available',
    'goodbye',
    'recording-on',
    'recording-off',
  ],
  ...['recording-asked', 'recording-agreed', 'recording-refused'],
  ...['moved-to-breakout', 'back-in-main', 'try-later', 'music'],
] as const;
export const PromptName = Type.Enum(PROMPTS);
export type PromptName = Static<typeof PromptName>;

export const LANGUAGES = ['en', 'es', 'de', 'fr', 'zh'] as const;
export const PromptLanguage = Type.Enum(LANGUAGES);

export const PhoneSettings = Type.Object({
  listen: Type.Object({
    host: Type.String(),
    udpPort: Nullable(Port),
    tcpPort: Nullable(Port),
    tlsPort: Nullable(Port),
    tlsCert: Type.String({ description: 'Path of a PEM file; empty without TLS.' }),
    tlsKey: Type.String(),
  }),
  advertisedAddress: Nullable(
    Type.String({
      description: 'Address that phones reach, for SIP and sound, where it is not the one listened at.',
    }),
  ),
  domain: Type.String({ description: 'Name of this side in From, and realm of digests.' }),
  rtp: Type.Object({ ip: Type.String(), minPort: Port, maxPort: Port }),
  sfuIp: Type.String({
    description: 'Address at which the sound of rooms is received: loopback, as a rule.',
  }),
  trunks: Type.Array(Trunk),
  extensions: Type.Array(Extension),
  extensionNetworks: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Where phones of extensions may be (CIDR); networks of one’s own by default.',
    }),
  ),
  digestAlgorithms: Type.Optional(
    Type.Array(Type.Enum(DIGEST_ALGORITHMS), {
      description: 'What passwords are asked for with, best first.',
    }),
  ),
  limits: Type.Object({
    maxCalls: Type.Integer({ minimum: 1 }),
    messagesPerSecond: Type.Integer({ minimum: 1, description: 'Of one source; more are dropped unread.' }),
    ringSeconds: Type.Integer({ minimum: 5 }),
    maxCallSeconds: Type.Integer({ minimum: 60 }),
    silentSeconds: Type.Integer({ minimum: 5, description: 'Without RTP, not on hold: the leg ends.' }),
    sessionSeconds: Type.Integer({ minimum: 90, description: 'Session-Expires (RFC 4028).' }),
  }),
  promptsFolder: Nullable(
    Type.String({ description: 'Absolute; files in it replace those of the same name.' }),
  ),
  language: PromptLanguage,
});
export type PhoneSettings = Static<typeof PhoneSettings>;

/** What becomes of a call that nobody has decided about, or whose PIN was entered. */
export const CallDecision = Type.Union([
  Type.Object({
    kind: Type.Literal('reject'),
    status: Type.Integer({ minimum: 400, maximum: 699 }),
    why: Type.String(),
    /** Said before the call ends, where it was answered already. */
    prompt: Nullable(PromptName),
  }),
  /** It is answered, and digits are asked for: up to `length`, `#`, or a pause of 4 s. `pinEntered` follows. */
  Type.Object({
    kind: Type.Literal('askPin'),
    prompt: PromptName,
    length: Nullable(Type.Integer({ minimum: 4, maximum: 16 })),
  }),
  /** It is answered; `answered` follows. */
  Type.Object({ kind: Type.Literal('answer') }),
  /** It rings until something else is decided. */
  Type.Object({ kind: Type.Literal('ring') }),
]);
export type CallDecision = Static<typeof CallDecision>;

/** Where a leg is. */
export const LegPlace = Type.Union([
  /** Hears music alone, after the prompt. */
  Type.Object({ kind: Type.Literal('waiting'), prompt: Nullable(PromptName) }),
  Type.Object({
    kind: Type.Literal('zone'),
    zoneId: ZoneId,
    participantId: Type.String(),
    /** Where its sound goes: a plain transport of the SFU. null where the zone has none. */
    uplink: Nullable(
      Type.Object({
        ip: Type.String(),
        port: Port,
        ssrc: Type.Integer({ minimum: 1, maximum: 0xffff_ffff }),
        payloadType: Type.Integer({ minimum: 0, maximum: 127 }),
        audioLevelExtensionId: Type.Integer({ minimum: 1, maximum: 14 }),
      }),
    ),
    muted: Type.Boolean(),
    prompt: Nullable(PromptName),
  }),
]);
export type LegPlace = Static<typeof LegPlace>;

export const Talker = Type.Object({
  ssrc: Type.Integer({ minimum: 1, maximum: 0xffff_ffff }),
  payloadType: Type.Integer({ minimum: 0, maximum: 127 }),
  participantId: Type.String({ description: 'Of a phone, too: its own sound is left out of what it hears.' }),
});
export type Talker = Static<typeof Talker>;

export const PhoneCommand = Type.Union([
  /** First of all, and again whenever something has changed. Calls of trunks that are gone end. */
  Type.Object({ type: Type.Literal('configure'), settings: PhoneSettings }),
  Type.Object({ type: Type.Literal('decide'), legId: LegId, decision: CallDecision }),
  Type.Object({
    type: Type.Literal('dial'),
    legId: LegId,
    trunkId: Nullable(Type.String({ description: 'null: an extension, or a URI.' })),
    target: Type.String({ description: 'E.164, an extension, or a SIP URI.' }),
    callerId: Nullable(Type.String()),
    displayName: Type.String({ description: 'Shown to whom is called, where the trunk lets it pass.' }),
    digits: Type.String({ description: 'Sent after the answer; `,` waits 0.5 s.' }),
    ringSeconds: Type.Integer({ minimum: 5, maximum: 300 }),
    /** The leg that asked for it (`transferAsked`): it hears how this goes, and ends when it stands. */
    transferOf: Type.Optional(LegId),
  }),
  Type.Object({ type: Type.Literal('place'), legId: LegId, place: LegPlace }),
  Type.Object({ type: Type.Literal('setMuted'), legId: LegId, muted: Type.Boolean() }),
  /** To this leg alone; what was said before is cut off. */
  Type.Object({ type: Type.Literal('say'), legId: LegId, prompts: Type.Array(PromptName) }),
  Type.Object({ type: Type.Literal('sendDigits'), legId: LegId, digits: Type.String({ maxLength: 64 }) }),
  /** REFER (RFC 3515), or with `attendedLegId` in place of that leg (RFC 3891). `transferred` follows. */
  Type.Object({
    type: Type.Literal('transfer'),
    legId: LegId,
    target: Type.String(),
    attendedLegId: Nullable(LegId),
  }),
  /** Answer to `transferAsked`. `outcome`: it is done already, without another call; where that is 2xx, the leg ends when its phone knows. */
  Type.Object({
    type: Type.Literal('decideTransfer'),
    legId: LegId,
    accept: Type.Boolean(),
    outcome: Type.Optional(Type.Integer({ minimum: 200, maximum: 699 })),
  }),
  /** A call that rings is cancelled, one that goes on is ended after the prompt. */
  Type.Object({
    type: Type.Literal('hangUp'),
    legId: LegId,
    by: Type.Enum(['host', 'server']),
    why: Type.String(),
    prompt: Nullable(PromptName),
  }),
  /** `zoneOpened` follows. */
  Type.Object({
    type: Type.Literal('openZone'),
    zoneId: ZoneId,
    audioLevelExtensionId: Type.Integer({ minimum: 1, maximum: 14 }),
  }),
  Type.Object({ type: Type.Literal('setTalkers'), zoneId: ZoneId, talkers: Type.Array(Talker) }),
  Type.Object({ type: Type.Literal('closeZone'), zoneId: ZoneId }),
  /** All calls end; the process exits after `stopped`. */
  Type.Object({ type: Type.Literal('stop') }),
]);
export type PhoneCommand = Static<typeof PhoneCommand>;

export const KEY_ACTIONS = ['toggleMute', 'toggleHand', 'help', 'leaveBreakout', 'toggleConsent'] as const;

export type PhoneKeyAction = (typeof KEY_ACTIONS)[number];

export const LegEnd = Type.Object({
  by: Type.Enum(['caller', 'called', 'host', 'server']),
  status: Type.Integer(),
  why: Type.String(),
  startedAt: Moment,
  answeredAt: MomentOrNull,
  endedAt: Moment,
  quality: CallQuality,
});
export type LegEnd = Static<typeof LegEnd>;

export const PhoneEvent = Type.Union([
  /** Where it listens now; a fault is for people. */
  Type.Object({
    type: Type.Literal('listening'),
    udpPort: Nullable(Port),
    tcpPort: Nullable(Port),
    tlsPort: Nullable(Port),
    fault: Nullable(Type.String()),
  }),
  Type.Object({
    type: Type.Literal('incoming'),
    legId: LegId,
    trunkId: Nullable(Type.String()),
    extension: Nullable(Type.String({ description: 'Registered phone that calls.' })),
    from: Type.String({ description: 'E.164 where it is a number, an extension, or empty when withheld.' }),
    fromName: Type.String(),
    to: Type.String({ description: 'E.164, an extension, or what was dialled.' }),
    at: Moment,
    /** The leg that it wants to take the place of (RFC 3891): that ends when this one is answered. */
    replaces: Type.Optional(LegId),
  }),
  /** Never logged. */
  Type.Object({ type: Type.Literal('pinEntered'), legId: LegId, digits: Type.String() }),
  Type.Object({ type: Type.Literal('progress'), legId: LegId, state: Type.Enum(['ringing', 'earlyMedia']) }),
  /** It was answered, and sound is agreed on: it can be placed. */
  Type.Object({ type: Type.Literal('answered'), legId: LegId, at: Moment, codec: Type.String() }),
  Type.Object({ type: Type.Literal('held'), legId: LegId, held: Type.Boolean() }),
  Type.Object({ type: Type.Literal('key'), legId: LegId, action: Type.Enum(KEY_ACTIONS) }),
  Type.Object({
    type: Type.Literal('transferAsked'),
    legId: LegId,
    target: Type.String({
      description: 'What was dialled where it is a number of this side, a SIP URI otherwise.',
    }),
    attended: Type.Boolean(),
    /** The other end of this leg is who is meant: another call of the same phone. */
    replaces: Type.Optional(LegId),
  }),
  Type.Object({
    type: Type.Literal('transferred'),
    legId: LegId,
    status: Type.Integer(),
    why: Type.String(),
  }),
  Type.Object({ type: Type.Literal('ended'), legId: LegId, end: LegEnd }),
  Type.Object({ type: Type.Literal('zoneOpened'), zoneId: ZoneId, ip: Type.String(), port: Port }),
  /** Its worker has died; it must be opened anew, and its legs placed again. */
  Type.Object({ type: Type.Literal('zoneLost'), zoneId: ZoneId }),
  Type.Object({ type: Type.Literal('trunk'), state: TrunkState }),
  Type.Object({ type: Type.Literal('extension'), extension: Type.String(), registered: Type.Boolean() }),
  /** A call that never became one: strangers are only counted. */
  Type.Object({
    type: Type.Literal('refused'),
    trunkId: Nullable(Type.String()),
    source: Type.String(),
    from: Type.String(),
    to: Type.String(),
    status: Type.Integer(),
    why: Type.String(),
    at: Moment,
  }),
  /** About every 5 s. */
  Type.Object({
    type: Type.Literal('metrics'),
    legs: Type.Integer(),
    droppedMessages: Type.Integer({ description: 'Since it started: of strangers, and over the rate.' }),
    lateTicks: Type.Integer({ description: 'Since it started: mixes that began more than 20 ms late.' }),
    mixingMs: Type.Number({ description: 'Work for each 20 ms of sound, mean since it started.' }),
    rssBytes: Type.Integer(),
  }),
  Type.Object({ type: Type.Literal('stopped') }),
]);
export type PhoneEvent = Static<typeof PhoneEvent>;
