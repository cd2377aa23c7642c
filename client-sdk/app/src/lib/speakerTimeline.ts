/** Who spoke when in a recording, as coloured bars along its length. */
import type { RecordingEvent } from '@parley/client-sdk';
import { hueOf } from '@parley/client-sdk';

export interface SpeakerBar {
  participantId: string;
  name: string;
  startMs: number;
  endMs: number;
  /** Percent of the whole. */
  left: number;
  width: number;
}

export interface SpeakerRow {
  participantId: string;
  name: string;
  /** Degrees; the same for a name in all recordings. */
  hue: number;
  totalMs: number;
  bars: SpeakerBar[];
}

/** Who was silent for less than this goes on speaking. */
const GAP_MS = 1500;
/** So that a word is seen. */
const MIN_WIDTH = 0.4;

/** One row for each who spoke, who spoke most first. */
export function speakersOf(events: readonly RecordingEvent[], totalMs: number): SpeakerRow[] {
  const names = new Map<string, string>();
  for (const event of events) if (event.type === 'joined') names.set(event.participantId, event.name);
  // People who come again have another participantId: who has the same name stands in one row.
  const rows = new Map<string, SpeakerRow>();
  for (const { participantId, startMs, endMs } of spansOf(events, totalMs)) {
    const name = names.get(participantId) ?? 'Somebody';
    const row = rows.get(name) ?? { participantId, name, hue: hueOf(name), totalMs: 0, bars: [] };
    rows.set(name, row);
    row.totalMs += endMs - startMs;
    addBar(row.bars, { participantId, name, startMs, endMs, left: 0, width: 0 });
  }
  const list = [...rows.values()].sort((a, b) => b.totalMs - a.totalMs);
  for (const { bars } of list) for (const bar of bars) place(bar, totalMs);
  return list;
}

function spansOf(events: readonly RecordingEvent[], totalMs: number) {
  const turns = events.flatMap((event) =>
    event.type === 'speaker' ? [{ participantId: event.participantId, atMs: event.atMs }] : [],
  );
  return turns.flatMap(({ participantId, atMs }, index) => {
    const endMs = Math.min(totalMs, turns[index + 1]?.atMs ?? totalMs);
    return participantId === null || endMs <= atMs ? [] : [{ participantId, startMs: atMs, endMs }];
  });
}

function addBar(bars: SpeakerBar[], bar: SpeakerBar): void {
  const last = bars.at(-1);
  if (last && bar.startMs - last.endMs < GAP_MS) last.endMs = bar.endMs;
  else bars.push(bar);
}

function place(bar: SpeakerBar, totalMs: number): void {
  const share = (ms: number) => (totalMs === 0 ? 0 : (ms / totalMs) * 100);
  bar.left = Math.min(share(bar.startMs), 100 - MIN_WIDTH);
  bar.width = Math.min(Math.max(share(bar.endMs - bar.startMs), MIN_WIDTH), 100 - bar.left);
}
