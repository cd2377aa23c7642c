/** React hooks and components of the SDK: the ones the web app is made of. */
export { RoomProvider, useRoom } from './RoomContext.tsx';
export {
  useActiveSpeakers,
  useChat,
  useConnectionState,
  useLobby,
  useParticipant,
  useParticipants,
  usePublication,
  useRoomState,
} from './hooks.ts';
export { VideoTile } from './VideoTile.tsx';
export { AudioRenderer } from './AudioRenderer.tsx';
