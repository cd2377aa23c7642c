/** React hooks and components of the SDK: the ones the web app is made of. */
export { RoomProvider, useRoom } from './RoomContext.tsx';
export {
  useActiveSpeakers,
  useCalls,
  useChat,
  useConnectionState,
  useLive,
  useLobby,
  useParticipant,
  useParticipants,
  usePublication,
  useRecording,
  useRoomState,
} from './hooks.ts';
export { VideoTile } from './VideoTile.tsx';
export { AudioRenderer } from './AudioRenderer.tsx';
