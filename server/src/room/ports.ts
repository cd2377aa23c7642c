/** What the domain needs from outside. The edges implement these; Server.ts hands them in. */
import type { AnyNotification, LeaveReason, RoomSettings } from '@parley/protocol';

/** The last word to a participant: why it is over, and whether joining anew makes sense. */
export interface SessionEnd {
  reason: LeaveReason;
  /** A sentence for people. */
  message: string;
  rejoin: boolean;
  /** Milliseconds to wait before joining anew. */
  retryAfter: number;
}

/** How a room speaks to one participant; a session implements it. */
export interface Outlet {
  notify(notification: AnyNotification): void;
  /** Sends `session.ended` and closes the connection for good. */
  end(end: SessionEnd): void;
}

/** What is kept of a room. */
export interface RoomRecord {
  roomId: string;
  name: string;
  settings: RoomSettings;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** Where rooms outlive the process. A call that returns has been written to disk. */
export interface RoomStore {
  loadRooms(): RoomRecord[];
  saveRoom(record: RoomRecord): void;
  deleteRoom(roomId: string): void;
}
