/** Names and texts that many shapes are made of. */
import { Type, type Static } from 'typebox';

export const RoomName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$',
  description: 'Name of a room: letters, digits, `_`, `.` and `-`, beginning with a letter or digit.',
});
export const Identity = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description:
    'Who a participant is, to the integrator. At most one participant of an identity is in a room.',
});
export const DisplayName = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
  description: 'Name that people see; not blank, no control characters.',
});
export const Metadata = Type.String({
  maxLength: 4096,
  description: 'Free text of the application; JSON, as a rule.',
});
// NOTE: of a key schema only the pattern counts, and a key that does not match it would go unchecked if it were let through.
export const Attributes = Type.Record(
  Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,64}$' }),
  Type.String({ maxLength: 1024 }),
  {
    additionalProperties: false,
    maxProperties: 32,
    description:
      'Small key and value pairs of the application. A key has at most 64 characters, no control characters.',
  },
);
export type Attributes = Static<typeof Attributes>;

export const Emoji = Type.String({
  minLength: 1,
  maxLength: 16,
  pattern: '^[^\\s\\u0000-\\u0020<>&"]+$',
  description: 'One emoji.',
});

export const MarkTitle = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
  description: 'What is remarkable at this moment; not blank, no control characters.',
});

export const Moment = Type.Integer({ description: 'Milliseconds since the epoch.' });
export const MomentOrNull = Type.Union([Type.Integer(), Type.Null()], {
  description: 'Milliseconds since the epoch; null when there is none.',
});
export const Password = Type.String({
  minLength: 1,
  maxLength: 128,
  description: 'Password of a room. It is kept only as a hash.',
});
export const BreakoutId = Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
  description: 'A breakout room; null is the main room.',
});
