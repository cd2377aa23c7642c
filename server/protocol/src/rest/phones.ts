/** Phones by REST: trunks, rules, extensions, PINs, and what is known of calls. */
import { Type, type Static, type TSchema } from 'typebox';
import { DisplayName, Identity, Moment, MomentOrNull, RoomName } from '../models/basics.ts';
import { RoleSchema } from '../models/participant.ts';
import {
  CallDirection,
  CallRecord,
  DispatchRule,
  DispatchTarget,
  Extension,
  PhoneId,
  SipCredentials,
  Trunk,
  TrunkInbound,
  TrunkOutbound,
  TrunkRegistration,
  TrunkState,
  TrunkTls,
} from '../models/phone.ts';
import { page, PersonSchema, strict } from './shared.ts';

const Fixed = Type.Boolean({ description: 'It stands in the configuration, and can be changed only there.' });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const CredentialsShown = Type.Object({ username: SipCredentials.properties.username });
const CredentialsBody = Type.Object(
  {
    username: SipCredentials.properties.username,
    password: Type.Optional(
      Type.String({ maxLength: 256, description: 'Left away: it stays as it is, where the name does.' }),
    ),
  },
  strict,
);

/** A trunk as REST shows it: without its passwords, with how it is. */
export const TrunkInfo = Type.Object({
  ...Type.Omit(Trunk, ['inbound', 'outbound', 'registration']).properties,
  inbound: nullable(Type.Object({ ...TrunkInbound.properties, auth: nullable(CredentialsShown) })),
  outbound: nullable(Type.Object({ ...TrunkOutbound.properties, auth: nullable(CredentialsShown) })),
  registration: nullable(Type.Object({ ...TrunkRegistration.properties, auth: CredentialsShown })),
  fixed: Fixed,
  state: TrunkState,
  minutesToday: Type.Number({
    minimum: 0,
    description: 'Minutes of calls that were made by it since midnight (UTC).',
  }),
});
export type TrunkInfo = Static<typeof TrunkInfo>;

/** What is left away has its default. */
export const TrunkBody = Type.Object(
  {
    ...Type.Partial(Type.Omit(Trunk, ['trunkId', 'inbound', 'outbound', 'registration', 'tls'])).properties,
    tls: Type.Optional(
      Type.Partial(Type.Omit(TrunkTls, ['ca', 'cert', 'key']), {
        ...strict,
        description: 'Files of certificates can be named in the configuration only.',
      }),
    ),
    inbound: Type.Optional(
      nullable(
        Type.Partial(Type.Object({ ...TrunkInbound.properties, auth: nullable(CredentialsBody) }), strict),
      ),
    ),
    outbound: Type.Optional(
      nullable(
        Type.Partial(Type.Object({ ...TrunkOutbound.properties, auth: nullable(CredentialsBody) }), strict),
      ),
    ),
    registration: Type.Optional(
      nullable(Type.Partial(Type.Object({ ...TrunkRegistration.properties, auth: CredentialsBody }), strict)),
    ),
  },
  strict,
);
export type TrunkBody = Static<typeof TrunkBody>;

export const RuleInfo = Type.Object({ ...DispatchRule.properties, fixed: Fixed });
export type RuleInfo = Static<typeof RuleInfo>;
export const RuleBody = Type.Object(
  { ...Type.Partial(Type.Omit(DispatchRule, ['ruleId', 'target'])).properties, target: DispatchTarget },
  strict,
);
export type RuleBody = Static<typeof RuleBody>;

export const ExtensionInfo = Type.Object({
  ...Type.Omit(Extension, ['password']).properties,
  fixed: Fixed,
  registered: Type.Boolean({ description: 'A phone is registered as it now.' }),
});
export type ExtensionInfo = Static<typeof ExtensionInfo>;
export const ExtensionBody = Type.Partial(Type.Omit(Extension, ['extension']), strict);
export type ExtensionBody = Static<typeof ExtensionBody>;

export const TrunkPage = page(TrunkInfo);
export const RulePage = page(RuleInfo);
export const ExtensionPage = page(ExtensionInfo);
export const TrunkParams = Type.Object({ trunkId: PhoneId });
export const RuleParams = Type.Object({ ruleId: PhoneId });
export const ExtensionParams = Type.Object({ extension: Extension.properties.extension });

const CallFilterFields = {
  room: Type.Optional(RoomName),
  meetingId: Type.Optional(Type.String({ maxLength: 64 })),
  trunkId: Type.Optional(PhoneId),
  direction: Type.Optional(CallDirection),
  number: Type.Optional(
    Type.String({ maxLength: 64, description: 'Of the caller or the called, exactly as records have it.' }),
  ),
  identity: Type.Optional(Identity),
  since: Type.Optional(Type.Integer({ minimum: 0, description: 'Started at this moment or later.' })),
  until: Type.Optional(Type.Integer({ minimum: 0, description: 'Started before this moment.' })),
  answered: Type.Optional(Type.Boolean()),
};
export const CallExportQuery = Type.Object(CallFilterFields, strict);
export type CallExportQuery = Static<typeof CallExportQuery>;
export const CallQuery = Type.Object(
  {
    ...CallFilterFields,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 256, description: '`nextCursor` of the page before.' })),
  },
  strict,
);
export type CallQuery = Static<typeof CallQuery>;
export const CallPage = page(CallRecord);

/** A call that never became one. */
export const RefusedCall = Type.Object({
  trunkId: Type.Union([Type.String(), Type.Null()]),
  source: Type.String({ description: 'Address that it came from; empty when that is not known any more.' }),
  from: Type.String(),
  to: Type.String(),
  status: Type.Integer({ description: 'What SIP answered.' }),
  why: Type.String({ description: 'For people: why, and what to change.' }),
  at: Moment,
});
export type RefusedCall = Static<typeof RefusedCall>;
export const RefusedCallPage = page(RefusedCall);

export const DialInNumber = Type.Object({
  label: Type.String({ description: 'Such as the place.' }),
  number: Type.String(),
});
/** How to come into a room by phone, as its hosts see it. */
export const RoomPhone = Type.Object({
  numbers: Type.Array(DialInNumber),
  pin: Type.Union([Type.String(), Type.Null()], {
    description: 'What callers type in; null where there are no phones.',
  }),
});
export type RoomPhone = Static<typeof RoomPhone>;

const PinLabel = Type.String({ maxLength: 128, description: 'What it is for; only hosts see it.' });
export const PinInfo = Type.Object({
  pinId: Type.String(),
  identity: Identity,
  displayName: DisplayName,
  role: RoleSchema,
  label: PinLabel,
  createdAt: Moment,
  createdBy: PersonSchema,
  expiresAt: MomentOrNull,
});
export type PinInfo = Static<typeof PinInfo>;
export const PinPage = page(PinInfo);
export const CreatePinBody = Type.Object(
  {
    identity: Type.Optional(Identity),
    displayName: DisplayName,
    role: Type.Optional(RoleSchema),
    label: Type.Optional(PinLabel),
    expiresAt: Type.Optional(MomentOrNull),
  },
  strict,
);
export type CreatePinBody = Static<typeof CreatePinBody>;
export const CreatedPin = Type.Object({
  ...PinInfo.properties,
  pin: Type.String({ description: 'Shown this once; the server keeps only its hash.' }),
});
export type CreatedPin = Static<typeof CreatedPin>;

/** What a receiver is asked that decides about a call; signed as webhooks are. */
export const IncomingQuestion = Type.Object({
  event: Type.Literal('call_incoming'),
  id: Type.String({ description: 'Of this question.' }),
  createdAt: Type.Integer({ description: 'Seconds since the epoch.' }),
  call: Type.Object({
    callId: Type.String(),
    trunkId: Type.Union([Type.String(), Type.Null()]),
    extension: Type.Union([Type.String(), Type.Null()]),
    from: Type.String({ description: 'E.164, an extension, or empty when withheld.' }),
    fromName: Type.String(),
    to: Type.String(),
  }),
});
export type IncomingQuestion = Static<typeof IncomingQuestion>;

/** What it answers. */
export const IncomingAnswer = Type.Object(
  {
    target: Type.Union([
      Type.Object(
        {
          kind: Type.Literal('room'),
          room: RoomName,
          identity: Type.Optional(Identity),
          displayName: Type.Optional(DisplayName),
          role: Type.Optional(RoleSchema),
        },
        strict,
      ),
      Type.Object({ kind: Type.Literal('pin') }, strict),
      Type.Object({ kind: Type.Literal('user'), identity: Identity }, strict),
      Type.Object(
        {
          kind: Type.Literal('reject'),
          status: Type.Optional(Type.Integer({ minimum: 400, maximum: 699 })),
          why: Type.Optional(Type.String({ maxLength: 256, description: 'Kept with the refused call.' })),
        },
        strict,
      ),
    ]),
  },
  strict,
);
export type IncomingAnswer = Static<typeof IncomingAnswer>;
