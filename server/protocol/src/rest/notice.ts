/** What people are to know before they come in. */
import { Type, type Static } from 'typebox';

export const RoomNotice = Type.Object(
  {
    recorded: Type.Enum(['no', 'now', 'automatic'], {
      description:
        '`now`: the meeting is being recorded. `automatic`: it will be as soon as somebody is in, by the settings of the room.',
    }),
    asksConsent: Type.Boolean({
      description:
        'Whoever comes in is asked to agree to be recorded, and sends nothing until then. Always false where `recorded` is `no`.',
    }),
    streamed: Type.Boolean({ description: 'The meeting can be watched by people who are not in it.' }),
  },
  {
    description:
      'What people are to know before they come in. Whoever could not come in is told that nothing goes on.',
  },
);
export type RoomNotice = Static<typeof RoomNotice>;
