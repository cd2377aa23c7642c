/** What phones are told, and what people are told of calls. */
import { ParleyError, type LeaveReason, type PhoneCall } from '@parley/protocol';
import type { LegEnd, PromptName } from '@parley/protocol/phoneProcess';

const END_PROMPTS: Partial<Record<LeaveReason, PromptName>> = {
  removed: 'removed',
  banned: 'removed',
  denied: 'not-allowed',
  roomClosed: 'meeting-ended',
  timeOver: 'meeting-ended',
  serverShutdown: 'meeting-ended',
};

/** The last that a phone hears when its stay ends for this reason. */
export const promptOfEnd = (reason: LeaveReason): PromptName => END_PROMPTS[reason] ?? 'goodbye';

/** What a phone hears that could not come in. */
export function promptOfError(error: unknown): PromptName {
  if (!(error instanceof ParleyError)) return 'try-later';
  switch (error.code) {
    case 'ACCESS_REFUSED':
      return 'meeting-locked';
    case 'ROOM_NOT_FOUND':
      return 'not-found';
    case 'BANNED':
    case 'GUESTS_REFUSED':
    case 'PERMISSION_DENIED':
      return 'not-allowed';
    case 'TOO_MANY_TRIES':
      return 'too-many-tries';
    default:
      return 'try-later';
  }
}

type Over = Extract<PhoneCall['state'], 'busy' | 'noAnswer' | 'cancelled' | 'failed' | 'ended'>;

/** What became of a call, by the final status of SIP (RFC 3261, section 21; RFC 8197, RFC 5039). */
export function outcomeOf({
  answeredAt,
  by,
  status,
  why,
}: Pick<LegEnd, 'answeredAt' | 'by' | 'status' | 'why'>): {
  state: Over;
  message: string;
} {
  if (answeredAt !== null) return { state: 'ended', message: why };
  if (by === 'host') return { state: 'cancelled', message: 'The call was cancelled.' };
  switch (status) {
    case 486:
    case 600:
      return { state: 'busy', message: 'The line is busy. Try again later.' };
    case 408:
    case 480:
    case 487:
      return { state: 'noAnswer', message: 'Nobody answered.' };
    case 603:
    case 607:
      return { state: 'failed', message: 'The call was declined.' };
    case 404:
    case 410:
    case 484:
    case 604:
      return { state: 'failed', message: 'There is no such number. Check it, and call again.' };
    case 401:
    case 403:
    case 407:
      return { state: 'failed', message: 'The trunk did not allow the call. Its operator can say why.' };
    case 488:
    case 606:
      return { state: 'failed', message: 'No way of sending sound could be agreed on.' };
    default:
      return { state: 'failed', message: why === '' ? 'The call could not be made.' : why };
  }
}
