import type { IceServer } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { FileSpace } from './FileSpace.ts';
import type { MediaRoomSource } from './MediaRoomKeeper.ts';
import type { Dialer } from './phonePorts.ts';
import type { Egress, Hours, Outlet, RoomRecord, Stores } from './ports.ts';
import type { RoomObserver } from './RoomEvents.ts';

/** What a room is given by those who keep it. */
export interface RoomContext {
  media: MediaRoomSource;
  stores: Stores;
  files: FileSpace;
  egress: Egress;
  phones: Dialer;
  iceServers: IceServer[];
  /** How long there has to be no host before somebody else may admit, in ms. */
  successorDelay: number;
  /** When a former process is known to have lived last; ms since the epoch. */
  lastAliveAt: number;
  logger: Logger;
  metrics: Metrics;
  observer: RoomObserver | undefined;
  /** Called when the meeting has ended. */
  ended(record: RoomRecord): void;
}

export interface JoinOptions {
  outlet: Outlet;
  displayName: string;
  /** Address or network that they come from. */
  network: string;
  /** When the room is open by what is scheduled there; nothing where that does not restrict it. */
  hours: Hours | undefined;
}
