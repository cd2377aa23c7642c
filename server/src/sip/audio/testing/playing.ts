import { PCMU } from '../codecs/g711.ts';
import { openDecoder } from '../codecs/SoundDecoder.ts';
import { Playout, type Frame } from '../jitter/Playout.ts';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import { tone } from './tones.ts';

/** For streams in which there is none. */
export const noOpus: OpusCodec = {
  name: 'none',
  openEncoder: () => {
    throw new Error('There is no Opus in this test.');
  },
  openDecoder: () => {
    throw new Error('There is no Opus in this test.');
  },
};

export interface Simulated {
  seconds: number;
  /** How late packet `index` is, ms; undefined: lost. */
  network?: (index: number) => number | undefined;
  /** How much faster the sender's clock is than ours, parts in a million. */
  ppm?: number;
  /** Whether the sender sends packet `index` at all; its clock goes on. */
  speaks?: (index: number) => boolean;
  startMs?: number;
  payload?: (index: number) => Buffer;
  each?: (frame: Frame, tick: number, playout: Playout) => void;
}

const TONE = 400;

/** PCMU of a tone through a network that is made up, on a clock that is. */
export function play({
  seconds,
  network = () => 0,
  ppm = 0,
  speaks = () => true,
  startMs = 60,
  payload = (index) => PCMU.encode(tone(TONE, { length: 160, from: index * 160, rate: 8000 })),
  each,
}: Simulated) {
  const playout = new Playout({ codec: 'PCMU', startMs, open: () => openDecoder('PCMU', noOpus) });
  const count = (seconds * 1000) / 20;
  const arrivals: { at: number; index: number; sequence: number }[] = [];
  let sequence = 0;
  for (let index = 0; index < count; index += 1) {
    if (!speaks(index)) continue;
    const delay = network(index);
    const number = sequence;
    sequence += 1;
    if (delay !== undefined)
      arrivals.push({ at: index * 20 * (1 - ppm / 1e6) + delay, index, sequence: number });
  }
  arrivals.sort((a, b) => a.at - b.at);
  const frames: Frame[] = [];
  let next = 0;
  const delays: number[] = [];
  for (let tick = 0; tick * 20 < count * 20 * (1 - ppm / 1e6); tick += 1) {
    const now = tick * 20 + 7;
    for (let packet = arrivals[next]; packet && packet.at <= now; packet = arrivals[next]) {
      playout.receive(
        {
          ...{ index: packet.sequence, timestamp: (packet.index * 160) >>> 0, isNew: next === 0 },
          payload: payload(packet.index),
        },
        packet.at,
      );
      next += 1;
    }
    const frame = playout.pull(now);
    each?.(frame, tick, playout);
    frames.push(frame);
    if (playout.delayMs !== undefined) delays.push(playout.delayMs);
  }
  return { frames, delays, playout, counters: playout.counters };
}

/** A generator that is the same in every run, 0 to 1. */
export function dice(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
