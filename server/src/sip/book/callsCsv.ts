/** Calls as a table for programs that calculate: CSV (RFC 4180), UTF-8. */
import type { CallRecord } from '@parley/protocol';

const moment = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
const seconds = ({ answeredAt, endedAt }: CallRecord): string =>
  answeredAt === null || endedAt === null
    ? ''
    : String(Math.max(0, Math.round((endedAt - answeredAt) / 1000)));

const COLUMNS: Readonly<Record<string, (call: CallRecord) => string | number | null>> = {
  callId: ({ callId }) => callId,
  direction: ({ direction }) => direction,
  trunkId: ({ trunkId }) => trunkId,
  extension: ({ extension }) => extension,
  from: ({ from }) => from,
  to: ({ to }) => to,
  room: ({ room }) => room,
  meetingId: ({ meetingId }) => meetingId,
  identity: ({ identity }) => identity,
  state: ({ state }) => state,
  startedAt: ({ startedAt }) => moment(startedAt),
  answeredAt: ({ answeredAt }) => moment(answeredAt),
  endedAt: ({ endedAt }) => moment(endedAt),
  seconds,
  endedBy: ({ endedBy }) => endedBy,
  status: ({ status }) => status,
  why: ({ why }) => why,
  codec: ({ quality }) => quality.codec,
  packetsReceived: ({ quality }) => quality.packetsReceived,
  packetsLost: ({ quality }) => quality.packetsLost,
  jitterMs: ({ quality }) => quality.jitterMs,
  concealedMs: ({ quality }) => quality.concealedMs,
  mos: ({ quality }) => quality.mos,
};

export const CSV_HEAD = `${Object.keys(COLUMNS).join(',')}\r\n`;

export const csvLine = (call: CallRecord): string =>
  `${Object.values(COLUMNS)
    .map((of) => cell(of(call)))
    .join(',')}\r\n`;

/** What a spreadsheet would take for a formula, telephone numbers among them, has an apostrophe before it, as people write it there. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[\s]*[=+\-@|%\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n;\t']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
