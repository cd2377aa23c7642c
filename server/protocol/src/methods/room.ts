/** Requests about the room as a whole. */
import { Type, type Static } from 'typebox';
import {
  BreakoutId,
  DisplayName,
  EgressState,
  IceServer,
  Knock,
  ParticipantInfo,
  Password,
  Permissions,
  RoomInfo,
  RoomSettingsPatch,
  RoomState,
} from '../models.ts';
import { RtpCapabilities } from '../rtp.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

const Joined = Type.Object({
  state: Type.Literal('joined'),
  room: RoomInfo,
  self: ParticipantInfo,
  permissions: Permissions,
  breakoutId: BreakoutId,
  participants: Type.Array(ParticipantInfo, {
    description: 'The others in the room, or in the breakout room that one is in.',
  }),
  roomState: RoomState,
  egress: EgressState,
  iceServers: Type.Array(IceServer),
  rtpCapabilities: RtpCapabilities,
  mediaGeneration: Type.Integer({
    description: 'Counts the media rooms this room has had; see `media.reset`.',
  }),
});
const Knocking = Type.Object({
  state: Type.Literal('knocking'),
  knock: Knock,
});
/** The answer of `room.join` when one is in. */
export type JoinedRoom = Static<typeof Joined>;
/** The answer of `room.join` when one has to wait in the lobby. */
export type KnockingAtRoom = Static<typeof Knocking>;

export const roomMethods = {
  'room.join': {
    summary:
      'Joins the room of the token. Access is decided here: one is in, waits in the lobby, or is refused. Who was let in from the lobby (`knock.admitted`) asks again.',
    params: Type.Object(
      { displayName: Type.Optional(DisplayName), password: Type.Optional(Password) },
      strict,
    ),
    result: Type.Union([Joined, Knocking]),
  },
  'room.leave': {
    summary: 'Leaves the room or the lobby and ends the session.',
    params: Nothing,
    result: Nothing,
  },
  'room.update': {
    summary: 'Changes settings of the room, such as its lock or its lobby; the others stay as they are.',
    params: Type.Object({ settings: RoomSettingsPatch }, strict),
    result: Type.Object({ room: RoomInfo }),
  },
  'room.end': {
    summary: 'Ends the meeting for everybody.',
    params: Nothing,
    result: Nothing,
  },
  'room.setTimer': {
    summary: 'Shows everybody a timer that runs for so many seconds; 0 takes it away.',
    params: Type.Object(
      {
        seconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
        label: Type.Optional(Type.String({ maxLength: 128 })),
      },
      strict,
    ),
    result: Nothing,
  },
  'room.spotlight': {
    summary: 'Shows these participants large to everybody, in this order; none ends it.',
    params: Type.Object({ participantIds: Type.Array(Id, { maxItems: 9 }) }, strict),
    result: Nothing,
  },
  'room.muteAll': {
    summary:
      'Mutes the microphones of all. Hosts are left out, and so is whoever asks. With `hard`, nobody but hosts may unmute without approval from now on.',
    params: Type.Object(
      {
        hard: Type.Optional(Type.Boolean()),
        hosts: Type.Optional(Type.Boolean({ description: 'Mute hosts, too; not whoever asks.' })),
      },
      strict,
    ),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
