/** Requests about calling phones from the room. */
import { Type } from 'typebox';
import { DisplayName } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

/** What can be called: normalised, and checked against what the trunks allow, by the server. */
export const PhoneTarget = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'A number with its country code, such as +4930123456; an extension; or a SIP URI.',
});
export const PhoneDigits = Type.String({
  pattern: '^[0-9A-D*#,]{0,64}$',
  description: 'Keys of a phone; `,` waits 0.5 s.',
});

const OfCall = { callId: Id };

export const NewCall = {
  target: PhoneTarget,
  displayName: Type.Optional(DisplayName),
  digits: Type.Optional(PhoneDigits),
  ringSeconds: Type.Optional(
    Type.Integer({
      minimum: 5,
      maximum: 300,
      description: 'For so long it rings; as configured by default.',
    }),
  ),
  participantId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        'Somebody in the room who speaks and hears by this phone from then on, and not by their computer: oneself, or somebody a host may act on.',
    }),
  ),
};

export const phoneMethods = {
  'phone.dial': {
    summary:
      'Calls a phone into the place one is in. What becomes of it is told by `phone.callChanged`; whoever is called comes in when they answer, or when their line sends sound before that.',
    params: Type.Object(NewCall, strict),
    result: Type.Object({ callId: Type.String() }),
  },
  'phone.cancel': {
    summary: 'Cancels a call that was not answered yet, or ends one.',
    params: Type.Object(OfCall, strict),
    result: Nothing,
  },
  'phone.sendDigits': {
    summary: 'Presses keys, as a menu at the other end asks for.',
    params: Type.Object({ ...OfCall, digits: PhoneDigits }, strict),
    result: Nothing,
  },
  'phone.transfer': {
    summary:
      'Hands a call over: to a number, or to the other end of another call. It leaves the room when that has worked.',
    params: Type.Object(
      { ...OfCall, target: Type.Optional(PhoneTarget), toCallId: Type.Optional(Id) },
      strict,
    ),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
