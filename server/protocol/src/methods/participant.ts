/** Requests about oneself and about others in the room. */
import { Type } from 'typebox';
import { Attributes, DisplayName, Emoji, Metadata, RoleSchema, SourceSchema } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

const OfParticipant = Type.Object({ participantId: Id }, strict);

export const participantMethods = {
  'participant.updateSelf': {
    summary: 'Changes own display name, metadata or attributes; an attribute set to empty text is removed.',
    params: Type.Object(
      {
        displayName: Type.Optional(DisplayName),
        metadata: Type.Optional(Metadata),
        attributes: Type.Optional(Attributes),
      },
      strict,
    ),
    result: Nothing,
  },
  'participant.mute': {
    summary:
      'Mutes the microphone of somebody, or stops their camera or shared screen. With `hard`, their microphone stays muted until a host allows it.',
    params: Type.Object(
      { participantId: Id, source: SourceSchema, hard: Type.Optional(Type.Boolean()) },
      strict,
    ),
    result: Nothing,
  },
  'participant.askToUnmute': {
    summary: 'Asks somebody to unmute, and allows it where their microphone was muted hard.',
    params: OfParticipant,
    result: Nothing,
  },
  'participant.setRole': {
    summary:
      'Promotes or demotes somebody, without a reconnect. A host may make hosts, participants and viewers; only an owner may make or change owners.',
    params: Type.Object({ participantId: Id, role: RoleSchema }, strict),
    result: Nothing,
  },
  'participant.rename': {
    summary: 'Gives somebody another display name.',
    params: Type.Object({ participantId: Id, displayName: DisplayName }, strict),
    result: Nothing,
  },
  'participant.remove': {
    summary: 'Removes somebody. With `ban`, they cannot come back.',
    params: Type.Object({ participantId: Id, ban: Type.Optional(Type.Boolean()) }, strict),
    result: Nothing,
  },
  'participant.sendToLobby': {
    summary: 'Sends somebody back to the lobby; a host may let them in again.',
    params: OfParticipant,
    result: Nothing,
  },
  'participant.raiseHand': {
    summary: 'Raises the own hand: one joins the end of the queue.',
    params: Nothing,
    result: Nothing,
  },
  'participant.lowerHand': {
    summary: 'Lowers the own hand; a host may lower that of somebody else, or of all.',
    params: Type.Object({ participantId: Type.Optional(Id), all: Type.Optional(Type.Boolean()) }, strict),
    result: Nothing,
  },
  'participant.requestUnmute': {
    summary: 'Asks the hosts to be allowed to unmute; `withdraw` takes it back.',
    params: Type.Object({ withdraw: Type.Optional(Type.Boolean()) }, strict),
    result: Nothing,
  },
  'participant.answerUnmute': {
    summary: 'Allows somebody to unmute, or does not.',
    params: Type.Object({ participantId: Id, allowed: Type.Boolean() }, strict),
    result: Nothing,
  },
  'participant.react': {
    summary: 'Shows an emoji to everybody for a moment.',
    params: Type.Object({ emoji: Emoji }, strict),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
