import { createContext, useContext, type ReactNode } from 'react';
import type { Room } from '../src/index.ts';

const RoomContext = createContext<Room | null>(null);

/** Gives a room to all hooks and components below. */
export function RoomProvider({ room, children }: { room: Room; children: ReactNode }) {
  return <RoomContext value={room}>{children}</RoomContext>;
}

/** The room of the nearest RoomProvider; throws where there is none. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('useRoom needs a RoomProvider above it.');
  return room;
}
