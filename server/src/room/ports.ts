/** What a room needs from outside. The edges implement these, and Server.ts injects them. */
import type { AnyNotification, LeaveReason, RoomSettings } from '@parley/protocol';

/** How a room speaks to one participant; a Session implements it. */
export interface Outlet {
  notify(notification: AnyNotification): void;
  /** Sends `session.ended`, then the socket is closed; no resume afterwards. */
  end(end: { reason: LeaveReason; message: string; rejoin: boolean; retryAfter: number }): void;
}

export interface RoomRecord {
  roomId: string;
  name: string;
  settings: RoomSettings;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** Rooms that outlive the process. What a method returned from is kept, also when the process dies. */
export interface RoomStore {
  loadRooms(): RoomRecord[];
  saveRoom(r: RoomRecord): void;
  deleteRoom(roomId: string): void;
}
