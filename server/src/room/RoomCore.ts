import type { RoomSettings } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Actor, AuditAbout, Person } from './actors.ts';
import type { Bans } from './Bans.ts';
import type { Invites } from './Invites.ts';
import type { Members } from './Members.ts';
import type { Participant } from './Participant.ts';
import type { Stores } from './ports.ts';
import type { RoomEvents } from './RoomEvents.ts';
import type { Roster } from './Roster.ts';

export type { Actor, AuditAbout, Person };

/** What the parts of a room share. */
export interface RoomCore {
  readonly roomId: string;
  readonly name: string;
  readonly settings: RoomSettings;
  /** The meeting that goes on; null while nobody meets. */
  readonly meetingId: string | null;
  readonly roster: Roster;
  readonly members: Members;
  readonly bans: Bans;
  readonly invites: Invites;
  readonly stores: Stores;
  readonly logger: Logger;
  readonly events: RoomEvents;
  /** Changes of a room are made one after the other. */
  run<T>(task: () => T | Promise<T>): Promise<T>;
  /** Tells everybody the state of the room as it is now. */
  stateChanged(): void;
  /** Roles or settings changed: everybody gets the rights that follow from them. */
  rightsChanged(): void;
  /** Takes somebody to another place of the meeting. */
  move(participant: Participant, breakoutId: string | null, reason: 'assigned' | 'own' | 'closed'): void;
  audit(by: Person | null, action: string, about?: AuditAbout): void;
}
