import { codeOf } from '../audio/dtmf/digits.ts';
import type { LegSession } from './LegSession.ts';

/** As long as a telephone event here, ms. */
const DURATION = 160;

/** Presses keys by INFO, for who takes none by RTP: one after the other, each once the one before it was taken. What is no key is passed over. */
export async function pressByInfo(session: Pick<LegSession, 'info'>, digits: string): Promise<void> {
  for (const digit of digits) {
    if (codeOf(digit) === undefined) continue;
    const body = `Signal=${digit.toUpperCase()}\r\nDuration=${DURATION}\r\n`;
    const status = await session.info({ contentType: 'application/dtmf-relay', body });
    // The rest alone would mean something else.
    if (status >= 300) return;
  }
}
