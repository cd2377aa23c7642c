/** The SDK of Parley: join a room, publish and receive media, from a browser, Electron or React Native. */
export { Room } from './Room.ts';
export type { Fault } from './Connection.ts';
export type { RoomOptions } from './RoomOptions.ts';
export type {
  AnyPublication,
  ConnectionState,
  Disconnected,
  ReconnectReason,
  RoomEvents,
} from './RoomEvents.ts';
export { getServerInfo } from './getServerInfo.ts';
export { joinAsGuest, type GuestOptions } from './joinAsGuest.ts';
export { RoomAdmin } from './admin/RoomAdmin.ts';
export { ServerAdmin } from './admin/ServerAdmin.ts';
export type { Access, Page, PageRequest } from './admin/RestClient.ts';
export {
  getSignedInHost,
  joinAsSignedIn,
  signInByAdminLink,
  signInUrl,
  signOut,
  type OwnRoomOptions,
} from './signIn.ts';
export { Schedules, type ScheduleFilter, type SchedulePage } from './Schedules.ts';
export { Participant } from './participants/Participant.ts';
export {
  LocalParticipant,
  type DeviceChoice,
  type PublishTrackOptions,
  type UnpublishReason,
} from './participants/LocalParticipant.ts';
export { RemoteParticipant } from './participants/RemoteParticipant.ts';
export { Publication } from './participants/Publication.ts';
export { LocalPublication } from './participants/LocalPublication.ts';
export { RemotePublication, type Layers } from './participants/RemotePublication.ts';
export type { PublishDefaults, PublishOptions, VideoCodec } from './media/encodings.ts';
export type { ReceivedData } from './media/DataChannels.ts';
export type { RecoveredBy } from './recovery/recoveryReducer.ts';
export { createLocalTracks, createScreenTracks, listDevices, onDevicesChanged } from './devices/devices.ts';
export { DeviceError, type DeviceErrorKind } from './devices/DeviceError.ts';
export { AudioLevelMeter } from './devices/AudioLevelMeter.ts';
export type { Platform } from './platform/Platform.ts';
export { browserPlatform } from './platform/browser.ts';
export { createElectronPlatform } from './platform/electron.ts';
export { createReactNativePlatform, type ReactNativeWebRtc } from './platform/reactNative.ts';
export { ParleyError, ERRORS, type ErrorCode } from '@parley/protocol/errors';
export { LobbyVisit, type LobbyMessage } from './LobbyVisit.ts';
export type { BreakoutRooms } from './room/BreakoutRooms.ts';
export type { Chat, SendFilesOptions, SendOptions } from './room/Chat.ts';
export type { Uploadable } from './room/FileTransfers.ts';
export type { HostLobby } from './room/HostLobby.ts';
export type { Moderation } from './room/Moderation.ts';
export type { Polls } from './room/Polls.ts';
export type {
  Attributes,
  AuditEntryInfo,
  BanInfo,
  BreakoutRoom,
  BreakoutState,
  ChangeOccurrenceBody,
  ChatMessage,
  CreatedInvite,
  CreateInviteBody,
  CreateScheduleBody,
  FileInfo,
  HistoryMessage,
  InviteInfo,
  Knock,
  Knocker,
  LeaveReason,
  MeetingDetails,
  MeetingInfo,
  Occurrence,
  ParticipantInfo,
  ParticipantKind,
  Permissions,
  PollInfo,
  PublicationInfo,
  Role,
  RoomInfo,
  RoomSettings,
  RoomSettingsPatch,
  RoomState,
  ServerInfo,
  SignedInHost,
  ScheduleInfo,
  Source,
  StayInfo,
  UpdateScheduleBody,
} from '@parley/protocol';
