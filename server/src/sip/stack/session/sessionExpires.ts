import { readParams } from '../message/params.ts';
import { Scanner } from '../message/Scanner.ts';
import type { Headers } from '../message/Headers.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import type { TimerSettings } from './timerSettings.ts';

/** Who of a request sends the next one that shows the call is alive. */
export type Refresher = 'uac' | 'uas';

export interface SessionExpires {
  readonly interval: number;
  readonly refresher: Refresher | undefined;
}

/** A day: what is longer is no timer. */
const LONGEST = 86_400;

/** Session-Expires (RFC 4028, section 4); undefined for none, and for one that cannot be read. */
export function sessionExpiresOf(headers: Headers): SessionExpires | undefined {
  const line = headers.get('session-expires');
  if (line === undefined) return undefined;
  try {
    const scanner = new Scanner(line).white();
    const interval = Number(scanner.token());
    const refresher = readParams(scanner).get('refresher')?.toLowerCase();
    if (!Number.isInteger(interval) || interval <= 0) return undefined;
    return {
      interval: Math.min(interval, LONGEST),
      refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined,
    };
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}

/** Min-SE (RFC 4028, section 5); undefined for none. */
export function minSeOf(headers: Headers): number | undefined {
  const [, digits] = /^\s*(\d{1,9})/.exec(headers.get('min-se') ?? '') ?? [];
  return digits === undefined ? undefined : Math.min(LONGEST, Number(digits));
}

export const writeSessionExpires = ({ interval, refresher }: SessionExpires): string =>
  `${interval}${refresher ? `;refresher=${refresher}` : ''}`;

/** Whether a request wants to be refreshed more often than is taken, so that it is answered with 422 (section 9). */
export function isTooShort(headers: Headers, { least }: TimerSettings): boolean {
  const wanted = sessionExpiresOf(headers);
  return wanted !== undefined && wanted.interval < least && headers.tokens('supported').includes('timer');
}

/**
 * What is answered to a request (section 9, table 2): as it asks, or else that we refresh. A peer that knows no timers is refreshed by us, too: so
 * one that is gone is noticed even on hold. undefined: no timer.
 */
export function answerExpires(
  headers: Headers,
  { interval, least }: TimerSettings,
): SessionExpires | undefined {
  const wanted = sessionExpiresOf(headers);
  if (!wanted && interval === 0) return undefined;
  const floor = Math.max(minSeOf(headers) ?? 0, least);
  const agreed = Math.max(floor, Math.min(wanted?.interval ?? interval, interval === 0 ? LONGEST : interval));
  const knowsTimers = headers.tokens('supported').includes('timer');
  return { interval: agreed, refresher: knowsTimers ? (wanted?.refresher ?? 'uas') : 'uas' };
}

/** What became of ours: as the 2xx says; where it says nothing, we refresh by ourselves (section 7.2). */
export function acceptExpires(headers: Headers, asked: number): SessionExpires | undefined {
  const said = sessionExpiresOf(headers);
  if (said) return { interval: said.interval, refresher: said.refresher ?? 'uac' };
  return asked === 0 ? undefined : { interval: asked, refresher: 'uac' };
}
