/** Those who do something to a room or to somebody in it. */
import type { Role } from '@parley/protocol';

/** Who did something, or whom it was done to. */
export interface Person {
  identity: string;
  displayName: string;
}

/** Without what else an object has that is one. */
export const personOf = ({ identity, displayName }: Person): Person => ({ identity, displayName });

/** Somebody who does what hosts do: in the room, or by REST. */
export interface Actor extends Person {
  readonly role: Role;
}

export interface AuditAbout {
  to?: Person;
  details?: Record<string, unknown>;
}
