/** How trunks are doing, and how calls sounded, in words. */
import type { CallRecord, DispatchTarget, TrunkInfo } from '@parley/client-sdk';
import type { Grade } from './quality.ts';

export interface Mark {
  /** The colour; the words say all that it does. */
  tone: Grade | 'off';
  words: string;
}
type Told = Pick<TrunkInfo, 'enabled' | 'outbound' | 'registration' | 'optionsSeconds' | 'state'>;

const REGISTRATION: Record<'registering' | 'registered' | 'retrying', Mark> = {
  registering: { tone: 'fair', words: 'Registering…' },
  registered: { tone: 'good', words: 'Registered' },
  retrying: { tone: 'poor', words: 'Not registered, tries again' },
};
const REACHABLE: Record<'up' | 'down', Mark> = {
  up: { tone: 'good', words: 'Answers' },
  down: { tone: 'poor', words: 'Does not answer' },
};

/** What is known of a trunk: its registration, where it has one, and whether it answers. */
export function trunkMarks({ enabled, outbound, registration, optionsSeconds, state }: Told): Mark[] {
  if (!enabled) return [{ tone: 'off', words: 'Switched off' }];
  const marks: Mark[] = [];
  if (registration !== null)
    marks.push(state.registration === 'off' ? REGISTRATION.registering : REGISTRATION[state.registration]);
  if (state.reachable !== 'unknown') marks.push(REACHABLE[state.reachable]);
  else if (outbound !== null && optionsSeconds > 0) marks.push({ tone: 'off', words: 'Not asked yet' });
  return marks.length > 0 ? marks : [{ tone: 'off', words: 'Waits for calls' }];
}

/** Why a trunk does not work; null while nothing is wrong. */
export const trunkTrouble = (trunk: Told): string | null =>
  trunk.enabled && trunkMarks(trunk).some(({ tone }) => tone === 'poor') ? trunk.state.why : null;

/** What a rule does with a call. */
export function targetWords(target: DispatchTarget): string {
  switch (target.kind) {
    case 'room':
      return `into the room ${target.room}`;
    case 'pin':
      return 'is asked for a PIN';
    case 'user':
      return `rings the apps of ${target.identity}`;
    case 'webhook':
      return `goes where ${target.url} says`;
    case 'reject':
      return `is refused with ${target.status}`;
  }
}

/** `+493012345678 from +4930* on carrier`; of any call, `Any call`. */
export function matchWords(rule: { numbers: string[]; callers: string[]; trunkIds: string[] }): string {
  const parts = [
    rule.numbers.length > 0 && `to ${rule.numbers.join(', ')}`,
    rule.callers.length > 0 && `from ${rule.callers.join(', ')}`,
    rule.trunkIds.length > 0 && `on ${rule.trunkIds.join(', ')}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'Any call' : `Calls ${parts.join(' ')}`;
}

/** What a mean opinion score says: 4.4 is the best that a telephone can have (ITU-T G.107). */
export function mosGrade(mos: number): { grade: Grade; words: string; share: number } {
  const share = Math.min(1, Math.max(0, (mos - 1) / 3.5));
  // As the figure beside it is rounded.
  const shown = Math.round(mos * 10) / 10;
  if (shown >= 4) return { grade: 'good', words: 'Good', share };
  return shown >= 3.1 ? { grade: 'fair', words: 'Fair', share } : { grade: 'poor', words: 'Poor', share };
}

/** `PCMU · 0.4 % lost · 12 ms jitter`; empty where nothing was heard. */
export function qualityWords({
  codec,
  packetsLost,
  packetsReceived,
  jitterMs,
}: CallRecord['quality']): string {
  if (codec === null) return '';
  const sent = packetsLost + packetsReceived;
  if (sent === 0) return codec;
  const lost = ((100 * packetsLost) / sent).toFixed(1);
  return `${codec} · ${lost} % lost · ${Math.round(jitterMs)} ms jitter`;
}

const OPEN: Partial<Record<CallRecord['state'], string>> = {
  dialing: 'Calling…',
  ringing: 'Rings',
  earlyMedia: 'Rings',
  answered: 'Goes on',
  onHold: 'On hold',
};
const BY: Record<'caller' | 'called' | 'host' | 'server', string> = {
  caller: 'the caller hung up',
  called: 'the called hung up',
  host: 'a host hung up',
  server: 'the server ended it',
};

/** What became of a call: `the caller hung up`, or why it was not answered. */
export function endWords({ state, answeredAt, endedBy, status, why }: CallRecord): string {
  const open = OPEN[state];
  if (open !== undefined) return open;
  if (answeredAt !== null) return endedBy === null ? 'Ended' : BY[endedBy];
  const reason = why ?? 'Not answered';
  return status === null || status === 0 ? reason : `${reason} (${status})`;
}
