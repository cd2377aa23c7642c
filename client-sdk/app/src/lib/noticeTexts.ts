/** What people are told before they come in. */
import type { RoomNotice } from '@parley/client-sdk';

export const NOTHING_TO_TELL: RoomNotice = { recorded: 'no', asksConsent: false, streamed: false };

export interface NoticeLine {
  kind: 'recorded' | 'streamed';
  title: string;
  text: string;
}

export function noticeLines({ recorded, asksConsent, streamed }: RoomNotice): NoticeLine[] {
  const lines: NoticeLine[] = [];
  if (recorded !== 'no')
    lines.push({
      kind: 'recorded',
      title: recorded === 'now' ? 'This meeting is being recorded' : 'This meeting will be recorded',
      text: asksConsent
        ? 'You are asked when you are in. You are in the recording only if you agree.'
        : 'What you say and show is in the recording, with your name.',
    });
  if (streamed)
    lines.push({
      kind: 'streamed',
      title: 'This meeting is streamed live',
      text: asksConsent
        ? 'People who are not in it see and hear you only if you agree. You are asked when you are in.'
        : 'People who are not in it see and hear it.',
    });
  return lines;
}

/** Whether somebody who was told the one does not know of the other. */
export const saysMore = (notice: RoomNotice, told: RoomNotice): boolean =>
  (notice.recorded !== 'no' && told.recorded === 'no') || (notice.streamed && !told.streamed);
