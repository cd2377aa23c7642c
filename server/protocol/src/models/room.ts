/** A room: a named place with settings that outlive its meetings. */
import { Type, type Static } from 'typebox';
import { RECORDING_KINDS, RecordingFormat } from './egress.ts';
import { Metadata, MomentOrNull, Password, RoomName } from './basics.ts';

const seconds = (maximum: number, description: string) => Type.Integer({ minimum: 0, maximum, description });
const allOrHosts = (description: string) => Type.Enum(['everyone', 'hosts'], { description });

export const LOBBY_POLICIES = ['off', 'guests', 'notHosts', 'everyone'] as const;
export type LobbyPolicy = (typeof LOBBY_POLICIES)[number];

export const RoomSettings = Type.Object(
  {
    title: Type.String({ maxLength: 128, description: 'Title that people see; the name when empty.' }),
    metadata: Metadata,
    maxParticipants: Type.Integer({ minimum: 0, maximum: 10_000, description: '0 is no limit.' }),
    guestsAllowed: Type.Boolean({ description: 'People may join by link and name, without a token.' }),
    guestRole: Type.Enum(['participant', 'viewer'], {
      description: 'What guests are. `viewer` makes a webinar: they see and hear, and send nothing.',
    }),
    locked: Type.Boolean({ description: 'Nobody but hosts comes in. Who was in already may return.' }),
    lobby: Type.Enum(LOBBY_POLICIES, {
      description:
        'Who waits in the lobby until a host lets them in: nobody, guests, everybody but hosts, or everybody. Nobody is let in merely because a host came.',
    }),
    lobbyText: Type.String({ maxLength: 2000, description: 'Text that people see who wait in the lobby.' }),
    successor: Type.Enum(['nobody', 'member', 'anyone'], {
      description:
        'Who may admit from the lobby when no host has been there for 15 s: nobody, the one who is no guest and has been there longest, or whoever has been there longest.',
    }),
    publishing: allOrHosts('Who may turn on camera and microphone. Viewers never may.'),
    sharing: allOrHosts('Who may share the screen.'),
    chatting: Type.Enum(['everyone', 'hosts', 'nobody'], {
      description: 'Who may write to all in the chat.',
    }),
    privateChat: Type.Enum(['everyone', 'withHosts', 'nobody'], {
      description:
        'Who may write to one alone: everybody, everybody to a host and hosts to anybody, or nobody.',
    }),
    uploading: Type.Enum(['everyone', 'hosts', 'nobody'], {
      description: 'Who may share files in the chat.',
    }),
    recording: allOrHosts('Who may record.'),
    autoRecord: Type.Enum(['off', ...RECORDING_KINDS], {
      description: 'What is recorded by itself as soon as somebody is in the meeting.',
    }),
    autoRecordFormat: RecordingFormat,
    recordingConsent: Type.Enum(['notify', 'ask'], {
      description:
        '`notify`: everybody sees that a recording or live stream runs. `ask`: only those who agree are in them.',
    }),
    recordBreakouts: Type.Boolean({
      description: 'A recording of the main room records open breakout rooms as well, each on its own.',
    }),
    renaming: allOrHosts('Who may change display names: everybody their own, or only hosts.'),
    unmuting: Type.Enum(['everyone', 'onApproval'], {
      description: '`onApproval`: a host has to allow it before somebody unmutes. Hosts may always.',
    }),
    chatHistory: Type.Enum(['all', 'sinceJoined'], {
      description: 'Which messages to all somebody sees who comes late.',
    }),
    duplicateIdentity: Type.Enum(['replace', 'refuse'], {
      description:
        'What happens when an identity joins that is in the room already: the newcomer takes the place, or is refused.',
    }),
    emptyTimeout: seconds(86_400, 'Seconds until a meeting that nobody is in ends.'),
    hostAbsentTimeout: seconds(86_400, 'Seconds until a meeting without a host ends; 0 is never.'),
    maxDuration: seconds(
      604_800,
      'Seconds a meeting lasts at most; 0 is without end. A warning comes before.',
    ),
    opensAt: MomentOrNull,
    closesAt: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Milliseconds since the epoch, later than `opensAt`; null when there is none.',
    }),
  },
  { description: 'Settings of a room; they outlive its meetings.' },
);
export type RoomSettings = Static<typeof RoomSettings>;

export const RoomSettingsPatch = Type.Partial(
  Type.Object({
    ...RoomSettings.properties,
    password: Type.Union([Password, Type.Null()], {
      description: 'Password that everybody but hosts needs; null takes it away. It is never shown.',
    }),
  }),
  { additionalProperties: false, description: 'Settings to change; others stay.' },
);
export type RoomSettingsPatch = Static<typeof RoomSettingsPatch>;

export const RoomInfo = Type.Object({
  roomId: Type.String(),
  name: RoomName,
  settings: RoomSettings,
  hasPassword: Type.Boolean(),
  createdAt: Type.Integer({ description: 'Milliseconds since the epoch.' }),
  numParticipants: Type.Integer({
    minimum: 0,
    description: 'Participants at this moment, hidden ones left out.',
  }),
  meetingStartedAt: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Milliseconds since the epoch; null while nobody meets.',
  }),
});
export type RoomInfo = Static<typeof RoomInfo>;
