/** Failures of the pages from which rooms are run, in words. */
import { ParleyError, type ErrorCode } from '@parley/client-sdk';
import type { ErrorText } from './errorTexts.ts';

const TEXTS: Partial<Record<ErrorCode, ErrorText>> = {
  PERMISSION_DENIED: {
    title: 'You do not run this',
    text: 'Only hosts may see and change it. Ask a host to make you one, or sign in as somebody else.',
  },
  ROOM_NOT_FOUND: {
    title: 'There is no such room',
    text: 'Check the address for a typing error. The room may have been deleted, too.',
  },
  ROOM_EXISTS: {
    title: 'There is a room of that name already',
    text: 'Choose another name, or find that room in the list.',
  },
  MEETING_NOT_FOUND: {
    title: 'There is no such meeting',
    text: 'It may have ended, or what was known of it has been deleted, as this server is set to do after a while.',
  },
  RECORDING_NOT_FOUND: {
    title: 'There is no such recording',
    text: 'It was deleted, by somebody or by the server, which may be set to do so after a while.',
  },
  RECORDING_UNFINISHED: {
    title: 'The recording has not ended yet',
    text: 'Stop it in the meeting, and wait until its files are finished.',
  },
  INVITE_NOT_FOUND: { title: 'That link is gone already', text: 'Somebody else may have revoked it.' },
  BAN_NOT_FOUND: { title: 'They may come in already', text: 'Somebody else may have lifted the ban.' },
  LIMIT_REACHED: {
    title: 'There can be no more of these',
    text: 'Take away some that are no longer needed, then try again.',
  },
  INVALID_PARAMS: {
    title: 'The server did not accept this',
    text: 'Check what you entered, then try again.',
  },
  RATE_LIMITED: { title: 'Too many requests', text: 'Wait a moment, then try again.' },
};

/** Whether it would work for somebody who is signed in. */
export const needsSignIn = (error: unknown): boolean =>
  error instanceof ParleyError && ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED'].includes(error.code);

export const isCode = (error: unknown, code: ErrorCode): boolean =>
  error instanceof ParleyError && error.code === code;

/** What is in no table is told in the words of the server, which are for people. */
export function manageErrorText(error: unknown): ErrorText {
  if (!(error instanceof ParleyError)) return { title: 'That did not work', text: 'Try again.' };
  if (needsSignIn(error)) return { title: 'Sign in first', text: 'This is for people who are signed in.' };
  // The SDK calls a server that does not answer at all one that is shutting down.
  if (error.code === 'SHUTTING_DOWN') return { title: 'The server does not answer', text: error.message };
  return TEXTS[error.code] ?? { title: 'That did not work', text: error.message };
}

/** Of what concerns the whole server: hosts of rooms may not. */
export const serverErrorText = (error: unknown): ErrorText =>
  isCode(error, 'PERMISSION_DENIED')
    ? {
        title: 'Only administrators see the phones of the server',
        text: 'You are signed in, but not as an administrator. Ask whoever runs this server to change it for you, or to make you one. How people call into your rooms stands with each room.',
      }
    : manageErrorText(error);
