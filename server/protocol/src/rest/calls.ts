/** Calls by REST: phones that are called into rooms, and those between somebody and a phone, outside of meetings. */
import { Type, type Static } from 'typebox';
import { NewCall, PhoneDigits, PhoneTarget } from '../methods/phone.ts';
import { BreakoutId, Moment } from '../models/basics.ts';
import { PhoneCall } from '../models/phone.ts';
import { JoinResultFields, strict } from './shared.ts';

export const DialBody = Type.Object({ ...NewCall, breakoutId: Type.Optional(BreakoutId) }, strict);
export type DialBody = Static<typeof DialBody>;
export const DigitsBody = Type.Object({ digits: PhoneDigits }, strict);
export const TransferBody = Type.Object(
  {
    target: Type.Optional(PhoneTarget),
    toCallId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  strict,
);
export const PhoneCallList = Type.Object({ items: Type.Array(PhoneCall) });

export const PrepareCallBody = Type.Object({ target: PhoneTarget }, strict);
export type PrepareCallBody = Static<typeof PrepareCallBody>;

/** With it one joins the room of the call, as any other. */
export const CallRoomResult = Type.Object(JoinResultFields);
export type CallRoomResult = Static<typeof CallRoomResult>;

/** What open apps are told, as the `data` of an event whose name is `type`. */
export const PersonalCallEventSchema = Type.Union([
  Type.Object({
    type: Type.Literal('ringing'),
    callId: Type.String(),
    number: Type.String({ description: 'Of who calls; empty if withheld.' }),
    displayName: Type.String(),
    startedAt: Moment,
  }),
  Type.Object({
    type: Type.Literal('stopped'),
    callId: Type.String(),
    why: Type.Enum(['answered', 'declined', 'missed'], {
      description: 'Taken or declined in one of the apps; or given up by the caller, or after a while.',
    }),
  }),
]);
export type PersonalCallEvent = Static<typeof PersonalCallEventSchema>;
