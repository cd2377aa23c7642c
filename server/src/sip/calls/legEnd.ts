import type { CallQuality } from '@parley/protocol';
import type { LegEnd } from '@parley/protocol/phoneProcess';
import type { LegStatistics } from '../audio/engine.ts';
import type { EndCause } from '../stack/session/types.ts';

/** How a leg was ended from this side, where it was. */
export interface OwnEnd {
  by: 'host' | 'server';
  why: string;
}

export interface LegTimes {
  startedAt: number;
  answeredAt: number | null;
  endedAt: number;
}

interface Ending {
  direction: 'in' | 'out';
  cause: EndCause;
  own: OwnEnd | undefined;
  statistics: LegStatistics | undefined;
}

/** A request that came to nothing (see `asAnswer`), for people. */
const UNREACHED: Readonly<Record<string, string>> = {
  'Request Timeout': 'Nothing came back from there: it cannot be reached, or does not answer this server.',
  'Service Unavailable': 'It cannot be reached: no connection could be made.',
  'No address was found': 'No address was found for where the call should go.',
};

/** What people are told where the other side gave no words of its own. */
const WORDS: Readonly<Record<number, string>> = {
  403: 'The trunk does not allow this call.',
  404: 'There is no such number.',
  408: 'Nobody answered.',
  410: 'The number is not in use any more.',
  480: 'Nobody can be reached there at present.',
  484: 'The number is not complete.',
  486: 'The line is busy.',
  487: 'The call was taken back.',
  488: 'There is no sound that both sides speak.',
  503: 'The trunk cannot take the call at present.',
  600: 'The line is busy.',
  603: 'The call was declined.',
};

/** What is written down of a leg when it is over. */
export function legEndOf({ direction, cause, own, statistics }: Ending, times: LegTimes): LegEnd {
  return {
    ...times,
    by: own?.by ?? sideOf(direction, cause),
    status: cause.status,
    why: own?.why ?? whyOf(cause),
    quality: qualityOf(statistics),
  };
}

function whyOf(cause: EndCause): string {
  const { by, status, text } = cause;
  if (status === 200) return 'The call was ended.';
  if (by === 'network' && text !== '') return UNREACHED[text] ?? text;
  return WORDS[status] ?? wordsOf(cause);
}

function sideOf(direction: 'in' | 'out', { by }: EndCause): LegEnd['by'] {
  if (by !== 'them') return 'server';
  return direction === 'in' ? 'caller' : 'called';
}

const wordsOf = ({ status, text }: EndCause): string =>
  text === '' ? `The other side answered ${status}.` : `The other side answered ${status}: ${text}`;

const qualityOf = (statistics: LegStatistics | undefined): CallQuality => ({
  codec: statistics?.codec ?? null,
  packetsLost: Math.round(statistics?.packetsLost ?? 0),
  packetsReceived: statistics?.packetsReceived ?? 0,
  jitterMs: Math.round((statistics?.jitterMs ?? 0) * 10) / 10,
  concealedMs: Math.round(statistics?.concealedMs ?? 0),
  mos: statistics?.mos === undefined ? null : Math.round(statistics.mos * 100) / 100,
});
