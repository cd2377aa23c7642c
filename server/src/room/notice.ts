import { ParleyError, type RoomNotice } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import { decideAt, type Comer } from './door.ts';
import { isUnguarded } from './PasswordGate.ts';
import type { Hours } from './ports.ts';
import type { Room } from './Room.ts';

/** Somebody who thinks of coming in. */
export interface Visitor {
  /** By the token that they would come with; undefined for guests, who have none yet. */
  grants: JoinGrants | undefined;
  /** Runs the room, whether or not they could come in. */
  isHost?: boolean;
  network: string;
  hours: Hours | undefined;
}

const NOTHING: RoomNotice = { recorded: 'no', asksConsent: false, streamed: false };

/**
 * The same of a room that is not there, is locked, has a password not yet shown, or would not let them in, as of one where
 * nothing goes on; and without looking at any password, so that it takes as long.
 */
export function noticeFor(room: Room | undefined, visitor: Visitor): RoomNotice {
  if (!room || !(visitor.isHost === true || isWelcome(room, visitor))) return NOTHING;
  const { recording, live, settings } = room;
  const recorded = recording.outlook;
  const streamed = live.state !== null;
  const asksConsent = (recorded !== 'no' || streamed) && settings.recordingConsent === 'ask';
  return { recorded, asksConsent, streamed };
}

function isWelcome(room: Room, { grants, network, hours }: Visitor): boolean {
  if (!(grants && room.knows(grants)) && !isUnguarded(room, grants?.passwordShown)) return false;
  try {
    // Whoever has to knock is told as well: they may be let in at any moment.
    decideAt(room, grants ?? guestAt(room), { network, hours });
    return true;
  } catch (error) {
    if (error instanceof ParleyError) return false;
    throw error;
  }
}

/** A guest whom nobody has seen yet. */
const guestAt = ({ settings }: Room): Comer => ({
  ...{ identity: '', isGuest: true, inviteId: undefined, grant: {}, kind: 'web' },
  role: settings.guestRole,
});
