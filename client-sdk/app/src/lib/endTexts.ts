/** What the last screen says, by why the meeting ended for this person. */
import type { ErrorText } from './errorTexts.ts';

export type EndReason =
  | 'left'
  | 'removed'
  | 'banned'
  | 'denied'
  | 'timeOver'
  | 'duplicateIdentity'
  | 'roomClosed'
  | 'serverShutdown'
  | 'tokenExpired'
  | 'connectionLost';

export interface EndText extends ErrorText {
  /** Whether joining again makes sense, and how the button calls it. */
  rejoin: string | null;
}

const END_TEXTS: Record<EndReason, EndText> = {
  left: { title: 'You left the meeting', text: 'Left too early? Go right back in.', rejoin: 'Rejoin' },
  removed: {
    title: 'You were removed from the meeting',
    text: 'A host took you out. If you think it was a mistake, ask them.',
    rejoin: null,
  },
  banned: {
    title: 'You were banned from this meeting',
    text: 'A host took you out, and only a host can let you in again.',
    rejoin: null,
  },
  denied: {
    title: 'You were not let in',
    text: 'A host turned down your request. If you think it was a mistake, ask them, then try again.',
    rejoin: 'Ask again',
  },
  timeOver: { title: 'The meeting is over', text: 'Its time was up.', rejoin: null },
  duplicateIdentity: {
    title: 'You joined from another device',
    text: 'The meeting goes on there. This one was taken out, so that you are not in it twice.',
    rejoin: 'Use this device instead',
  },
  roomClosed: { title: 'The meeting has ended', text: 'It was closed for everybody.', rejoin: null },
  serverShutdown: {
    title: 'The server is restarting',
    text: 'It ended the meeting for now. Rejoin in a moment; the link stays the same.',
    rejoin: 'Rejoin',
  },
  tokenExpired: {
    title: 'Your invitation has expired',
    text: 'Ask who invited you for a new link.',
    rejoin: null,
  },
  connectionLost: {
    title: 'The connection was lost',
    text: 'It could not be brought back. Check your network, then rejoin.',
    rejoin: 'Rejoin',
  },
};

/** Reasons this version does not know are told as a lost connection, which always has a way on. */
export function endTextOf(reason: string): EndText & { reason: EndReason } {
  const known = isEndReason(reason) ? reason : 'connectionLost';
  return { ...END_TEXTS[known], reason: known };
}

function isEndReason(reason: string): reason is EndReason {
  return Object.hasOwn(END_TEXTS, reason);
}
