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
export { getLiveStream } from './getLiveStream.ts';
export { getRoomNotice } from './getRoomNotice.ts';
export { getServerInfo } from './getServerInfo.ts';
export {
  answerCall,
  declineCall,
  listenToCalls,
  prepareCall,
  type CallBell,
  type RingingCall,
} from './personalCalls.ts';
export { joinAsGuest, type GuestOptions } from './joinAsGuest.ts';
export {
  Recordings,
  type RecordingEvent,
  type RecordingFilter,
  type RecordingSidecar,
} from './admin/Recordings.ts';
export { LiveAdmin } from './admin/LiveAdmin.ts';
export { PhoneAdmin, type CallFilter } from './admin/PhoneAdmin.ts';
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
export { hueOf, initialsOf } from '@parley/protocol/initials';
export { LobbyVisit, type LobbyMessage } from './LobbyVisit.ts';
export type { BreakoutRooms } from './room/BreakoutRooms.ts';
export type { Calls, DialOptions } from './room/Calls.ts';
export type { Chat, SendFilesOptions, SendOptions } from './room/Chat.ts';
export type { Uploadable } from './room/FileTransfers.ts';
export type { HostLobby } from './room/HostLobby.ts';
export type { LiveStreaming, NewLiveTarget } from './room/LiveStreaming.ts';
export type { Moderation } from './room/Moderation.ts';
export type { Recording } from './room/Recording.ts';
export type { Polls } from './room/Polls.ts';
export type {
  Attributes,
  AuditEntryInfo,
  BanInfo,
  BreakoutRoom,
  BreakoutState,
  CallRecord,
  CallRoomResult,
  ChangeOccurrenceBody,
  ChatMessage,
  CreateInviteBody,
  CreatePinBody,
  CreateRecordingLinkBody,
  CreateScheduleBody,
  CreatedInvite,
  CreatedPin,
  DispatchTarget,
  EgressState,
  ExtensionBody,
  ExtensionInfo,
  FileInfo,
  HistoryMessage,
  InviteInfo,
  Knock,
  Knocker,
  LeaveReason,
  LiveInfo,
  LiveStream,
  LiveStreamInfo,
  LiveTarget,
  MeetingDetails,
  MeetingInfo,
  Occurrence,
  ParticipantInfo,
  ParticipantKind,
  Permissions,
  PhoneCall,
  PhoneLink,
  PictureLayout,
  PinInfo,
  PollInfo,
  PublicationInfo,
  RecordingFile,
  RecordingInfo,
  RecordingLink,
  RefusedCall,
  Role,
  RoomInfo,
  RoomNotice,
  RoomPhone,
  RoomSettings,
  RoomSettingsPatch,
  RoomState,
  RuleBody,
  RuleInfo,
  RunningRecording,
  ScheduleInfo,
  ServerInfo,
  SignedInHost,
  Source,
  StartLiveBody,
  StartRecordingBody,
  StayInfo,
  TrunkBody,
  TrunkInfo,
  UpdateScheduleBody,
} from '@parley/protocol';
