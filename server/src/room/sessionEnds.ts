import type { LeaveReason } from '@parley/protocol';
import type { SessionEnd } from './ports.ts';

const WORDS: Record<LeaveReason, Omit<SessionEnd, 'reason'>> = {
  left: { message: 'You left the meeting.', rejoin: false, retryAfter: 0 },
  connectionLost: { message: 'The connection was lost for too long.', rejoin: true, retryAfter: 0 },
  removed: { message: 'A host removed you from the meeting.', rejoin: false, retryAfter: 0 },
  banned: {
    message: 'A host banned you from this room. Only a host can let you in again.',
    rejoin: false,
    retryAfter: 0,
  },
  denied: { message: 'A host did not let you in.', rejoin: false, retryAfter: 0 },
  movedToLobby: { message: 'A host sent you back to the lobby.', rejoin: false, retryAfter: 0 },
  movedToBreakout: { message: 'You went to another room of the meeting.', rejoin: false, retryAfter: 0 },
  timeOver: { message: 'The time of the meeting is over.', rejoin: false, retryAfter: 0 },
  duplicateIdentity: {
    message: 'You joined from another tab or device, which took this place.',
    rejoin: false,
    retryAfter: 0,
  },
  roomClosed: { message: 'The meeting was ended for everybody.', rejoin: false, retryAfter: 0 },
  serverShutdown: {
    message: 'The server restarts. You will be back in a moment.',
    rejoin: true,
    retryAfter: 1000,
  },
  tokenExpired: { message: 'Your invitation has expired. Ask for a new one.', rejoin: false, retryAfter: 0 },
};

/** Reasons that the participant knows of when they leave for them: they asked for it, or are still there. */
export const NOT_ENDED_BY_SERVER: ReadonlySet<LeaveReason> = new Set([
  'left',
  'connectionLost',
  'movedToLobby',
]);

/** The last word to somebody whose session ends for this reason. */
export function sessionEndOf(reason: LeaveReason): SessionEnd {
  return { reason, ...WORDS[reason] };
}
