/** People who wait to be let in. */
import { Type, type Static } from 'typebox';
import { Identity, Moment } from './basics.ts';
import { ParticipantKindSchema } from './participant.ts';

export const LobbyText = Type.String({ minLength: 1, maxLength: 2000 });

/** All that somebody in the lobby learns of the room. */
export const Knock = Type.Object({
  knockId: Type.String(),
  since: Moment,
  title: Type.String({ description: 'Title of the room.' }),
  text: Type.String({ description: 'What the room says to those who wait.' }),
  hostPresent: Type.Boolean({ description: 'Whether somebody is there who can let people in.' }),
});
export type Knock = Static<typeof Knock>;

/** Somebody in the lobby, as those see them who decide. */
export const Knocker = Type.Object({
  knockId: Type.String(),
  identity: Identity,
  displayName: Type.String(),
  kind: ParticipantKindSchema,
  isGuest: Type.Boolean({ description: 'The name is what they typed; nobody vouches for it.' }),
  since: Moment,
  connection: Type.Enum(['connected', 'interrupted']),
});
export type Knocker = Static<typeof Knocker>;
