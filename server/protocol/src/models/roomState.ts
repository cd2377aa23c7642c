/** What a meeting is like at the moment, beside who is in it. */
import { Type, type Static } from 'typebox';
import { PhoneCall } from './phone.ts';
import { BreakoutId, Identity, Moment, MomentOrNull } from './basics.ts';

export const BreakoutRoom = Type.Object({
  breakoutId: Type.String(),
  name: Type.String(),
  people: Type.Array(
    Type.Object({ participantId: Type.String(), identity: Identity, displayName: Type.String() }),
    { description: 'Who is in it.' },
  ),
  assigned: Type.Array(Identity, { description: 'Who belongs there; only hosts see it.' }),
  helpAskedAt: MomentOrNull,
});
export type BreakoutRoom = Static<typeof BreakoutRoom>;

export const BreakoutState = Type.Object({
  open: Type.Boolean(),
  choosing: Type.Boolean({ description: 'People may choose their breakout room.' }),
  endsAt: MomentOrNull,
  rooms: Type.Array(BreakoutRoom),
  main: Type.Array(
    Type.Object({ participantId: Type.String(), identity: Identity, displayName: Type.String() }),
    { description: 'Who is in the main room.' },
  ),
});
export type BreakoutState = Static<typeof BreakoutState>;

export const PollInfo = Type.Object({
  pollId: Type.String(),
  question: Type.String(),
  multiple: Type.Boolean(),
  anonymous: Type.Boolean(),
  open: Type.Boolean(),
  resultsShown: Type.Boolean(),
  createdAt: Moment,
  voters: Type.Integer({ minimum: 0, description: 'How many have voted.' }),
  options: Type.Array(
    Type.Object({
      text: Type.String(),
      votes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
        description: 'null while the results are hidden from you.',
      }),
      names: Type.Array(Type.String(), {
        description: 'Who chose it, where the poll is not anonymous and the results are shown to you.',
      }),
    }),
  ),
  own: Type.Array(Type.Integer(), { description: 'What you chose.' }),
});
export type PollInfo = Static<typeof PollInfo>;

export const RoomState = Type.Object({
  spotlight: Type.Array(Type.String(), { description: 'participantIds shown large to everybody.' }),
  timer: Type.Union([Type.Object({ label: Type.String(), startedAt: Moment, endsAt: Moment }), Type.Null()], {
    description: 'The timer that a host started.',
  }),
  endsAt: MomentOrNull,
  hostPresent: Type.Boolean(),
  breakouts: Type.Union([BreakoutState, Type.Null()], {
    description: 'null where there are none, and for those who are no hosts while they are not open.',
  }),
  polls: Type.Array(PollInfo),
  calls: Type.Union([Type.Array(PhoneCall), Type.Null()], {
    description:
      'Phones that are in the room or are called: all for those who may call, one’s own for others. null where the server calls no phones.',
  }),
});
export type RoomState = Static<typeof RoomState>;

export const Place = Type.Object({ breakoutId: BreakoutId, name: Type.String() });
