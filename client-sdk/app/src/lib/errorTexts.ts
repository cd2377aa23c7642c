/** Every failure a person can meet, in words, with a way on. One table, so that nothing is told twice or not at all. */
import type { ErrorCode } from '@parley/client-sdk';

export interface ErrorText {
  title: string;
  text: string;
}

/** `both` is microphone and camera failing alike, which is told once. */
export type DeviceKind = 'microphone' | 'camera' | 'both' | 'screen';
export type DeviceProblem =
  'notFound' | 'permissionDenied' | 'inUse' | 'insecureContext' | 'unsupported' | 'other';

const NOUN = {
  microphone: 'microphone',
  camera: 'camera',
  both: 'camera or microphone',
  screen: 'screen',
} as const;

const DEVICE_TEXTS: Record<DeviceProblem, (noun: string) => ErrorText> = {
  notFound: (noun) => ({
    title: `No ${noun} found`,
    text: `Plug in a ${noun} or switch it on, then try again. You can join in without it, too.`,
  }),
  permissionDenied: (noun) => ({
    title: `Your browser does not let Parley use the ${noun}`,
    text: `Press the icon left of the address, allow the ${noun} for this page, then try again. If there is no such icon, look under privacy in the settings of your browser or phone.`,
  }),
  inUse: (noun) => ({
    title: `The ${noun} is busy`,
    text: `Another program seems to use it. Close that one, or choose another ${noun}, then try again.`,
  }),
  insecureContext: (noun) => ({
    title: `The ${noun} needs a secure address`,
    text: `Browsers give it to https pages only. Open this meeting by the https address of the server; it printed one when it started.`,
  }),
  unsupported: (noun) => ({
    title: `This browser cannot use a ${noun}`,
    text: `Open the link in a current Firefox, Chrome, Edge or Safari.`,
  }),
  other: (noun) => ({
    title: `The ${noun} did not start`,
    text: `Unplug it and plug it in again, or choose another ${noun}, then try again.`,
  }),
};

const SCREEN_TEXTS: Partial<Record<DeviceProblem, ErrorText>> = {
  notFound: {
    title: 'There is nothing to share',
    text: 'Open the window you want to show, then share again.',
  },
  permissionDenied: {
    title: 'Your screen is not shared',
    text: 'Sharing was cancelled or refused. If you did not refuse it, allow screen recording for your browser in the privacy settings of your system, then share again.',
  },
  insecureContext: {
    title: 'Sharing a screen needs a secure address',
    text: 'Open this meeting by the https address of the server; it printed one when it started.',
  },
  unsupported: {
    title: 'This browser cannot share a screen',
    text: 'Phones cannot, as a rule. Join from a computer to share your screen.',
  },
  other: { title: 'The screen could not be shared', text: 'Try again, or choose another window.' },
};

export function deviceErrorText(device: DeviceKind, problem: DeviceProblem): ErrorText {
  const screen = device === 'screen' ? SCREEN_TEXTS[problem] : undefined;
  return screen ?? DEVICE_TEXTS[problem](NOUN[device]);
}

const ASK_AGAIN = 'Ask who invited you for a new link.';

/** Errors of joining that a person can do something about. The others are told as INTERNAL is. */
const JOIN_TEXTS: Partial<Record<ErrorCode | 'NETWORK' | 'UNSUPPORTED', ErrorText>> = {
  ROOM_NOT_FOUND: {
    title: 'There is no such meeting yet',
    text: 'Check the link for a typing error. If you meant to start this meeting, create it.',
  },
  ACCESS_REFUSED: {
    title: 'This meeting cannot be joined like this',
    text: 'The link may have a typing error, the meeting may be locked, or a password may be missing or wrong. If you meant to start a meeting of this name, create it.',
  },
  TOO_MANY_TRIES: {
    title: 'Too many wrong tries',
    text: 'Your network has tried too often. Wait half an hour, or ask a host to let you in.',
  },
  BANNED: {
    title: 'You cannot come back to this meeting',
    text: 'A host has banned you. Only a host can let you in again.',
  },
  IDENTITY_TAKEN: {
    title: 'You are in this meeting already',
    text: 'Leave it on the other device or in the other tab first.',
  },
  ROOM_NOT_OPEN: {
    title: 'The meeting is not open now',
    text: 'Its host has set the hours. Come back when it begins, or ask the host.',
  },
  ROOM_FULL: { title: 'The meeting is full', text: 'Try again when somebody has left.' },
  GUESTS_REFUSED: {
    title: 'This meeting is by invitation only',
    text: 'Ask its host for an invitation link, and open that.',
  },
  TOKEN_EXPIRED: { title: 'This invitation has expired', text: ASK_AGAIN },
  TOKEN_INVALID: {
    title: 'This invitation is not valid here',
    text: `It may be cut off or for another server. ${ASK_AGAIN}`,
  },
  TOKEN_MISSING: { title: 'An invitation is needed', text: ASK_AGAIN },
  PERMISSION_DENIED: { title: 'This invitation does not open this meeting', text: ASK_AGAIN },
  ORIGIN_REFUSED: {
    title: 'This page may not use the server',
    text: 'Open the meeting from the address of the server itself, or ask its operator to allow this one.',
  },
  RATE_LIMITED: { title: 'Too many attempts', text: 'Wait a moment, then try again.' },
  INVALID_PARAMS: {
    title: 'The server did not accept this',
    text: 'Check your name and the code of the meeting, then try again.',
  },
  UNSUPPORTED_VERSION: {
    title: 'This page is out of date',
    text: 'Load the page again to get the version that the server speaks.',
  },
  MEDIA_UNAVAILABLE: {
    title: 'The server is restarting its media',
    text: 'It will be back in a moment. Try again.',
  },
  SHUTTING_DOWN: { title: 'The server is restarting', text: 'It will be back in a moment. Try again.' },
  LIMIT_REACHED: { title: 'The server is at its limit', text: 'Try again later, or ask its operator.' },
  NETWORK: {
    title: 'The server cannot be reached',
    text: 'Check your connection, then try again. If others cannot reach it either, its operator has to look.',
  },
  UNSUPPORTED: {
    title: 'This browser cannot join a meeting',
    text: 'It lacks WebRTC, or has it switched off. Open the link in a current Firefox, Chrome, Edge or Safari.',
  },
};

const FALLBACK: ErrorText = {
  title: 'Joining did not work',
  text: 'Something went wrong on the way. Try again; if it stays so, tell the operator of this server.',
};

export type JoinProblem = ErrorCode | 'NETWORK' | 'UNSUPPORTED';

/** What of an invitation was in the link: nothing, a code of this server, or a token. */
export type Invitation = 'none' | 'code' | 'token';

/** Whether there is no such meeting, as far as may be known. */
const isMissing = (problem: JoinProblem): boolean =>
  problem === 'ROOM_NOT_FOUND' || problem === 'ACCESS_REFUSED';

/** What is said differently to whom an invitation promised a meeting that is there: they did not come to make one. */
const INVITED_TEXTS: Record<Exclude<Invitation, 'none'>, ErrorText> = {
  code: {
    title: 'This invitation is not valid',
    text: `It may have expired, been revoked or used up, or the link may be cut off. ${ASK_AGAIN}`,
  },
  token: {
    title: 'This invitation does not let you in now',
    text: `The meeting may be over or locked, or its password missing or wrong. If you have none, ask who invited you.`,
  },
};

export function joinErrorText(problem: JoinProblem, invitation: Invitation = 'none'): ErrorText {
  if (invitation !== 'none' && isMissing(problem)) return INVITED_TEXTS[invitation];
  return JOIN_TEXTS[problem] ?? FALLBACK;
}

/** Whether somebody may have meant to start this meeting. */
export const mayMeanToCreate = (problem: JoinProblem, invitation: Invitation): boolean =>
  invitation === 'none' && isMissing(problem);

/** Whether the password of the meeting may help. */
export const mayNeedPassword = (problem: JoinProblem | null, invitation: Invitation): boolean =>
  problem === 'ACCESS_REFUSED' && invitation !== 'code';

export const AUTOPLAY_TEXT: ErrorText = {
  title: 'Your browser holds back the sound',
  text: 'Click to hear the others.',
};
