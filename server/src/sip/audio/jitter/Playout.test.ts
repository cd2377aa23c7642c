import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dice, play } from '../testing/playing.ts';
import { powerOf } from '../testing/tones.ts';
import type { Frame } from './Playout.ts';

const kinds = (frames: readonly Frame[], kind: Frame['kind']): number =>
  frames.filter((frame) => frame.kind === kind).length;
const joined = (frames: readonly Frame[]): Int16Array =>
  Int16Array.from(frames.flatMap(({ samples }) => [...samples]));

describe('a jitter buffer', () => {
  it('plays a steady stream as it is, after the shortest wait there is', () => {
    const { frames, delays, counters } = play({ seconds: 20 });
    expect(counters.concealedMs).toBe(0);
    expect(delays.at(-1)).toBeGreaterThanOrEqual(15);
    expect(delays.at(-1)).toBeLessThanOrEqual(45);
    expect(powerOf(joined(frames.slice(500)), 400)).toBeGreaterThan(-11);
  });

  const random = dice();
  const spread = Array.from({ length: 3000 }, () => random());
  it.each([
    ['30 ms of jitter', (index: number) => (spread[index] ?? 0) * 30, 75, 0.01],
    ['80 ms of jitter', (index: number) => (spread[index] ?? 0) * 80, 125, 0.02],
    ['packets out of order', (index: number) => (index % 10 === 0 ? 35 : 0), 85, 0.01],
    ['a burst of 5 each second', (index: number) => Math.max(0, 5 - (index % 50)) * 20, 130, 0.02],
  ])('holds out against %s', (_, network, most, share) => {
    const { frames, delays, counters } = play({ seconds: 60, network });
    const settled = delays.slice(-1500);
    expect(Math.max(...settled)).toBeLessThanOrEqual(most);
    expect(counters.concealedMs / 60_000).toBeLessThan(share);
    expect(kinds(frames.slice(20), 'nothing')).toBe(0);
  });

  it.each([0.01, 0.05, 0.2])('makes up what is lost, and no more: %d of all', (loss) => {
    const lost = (index: number) => (spread[index] ?? 0) < loss;
    const { counters, delays } = play({ seconds: 60, network: (index) => (lost(index) ? undefined : 0) });
    const count = spread.filter((_, index) => lost(index)).length;
    expect(counters.concealedMs).toBeGreaterThanOrEqual(count * 18);
    expect(counters.concealedMs).toBeLessThanOrEqual(count * 24);
    expect(Math.max(...delays.slice(-500))).toBeLessThanOrEqual(120);
  });

  it('waits no longer than 200 ms after half a second that came all at once, and soon as before', () => {
    const network = (index: number) => (index >= 500 && index < 525 ? (525 - index) * 20 : 0);
    const { delays } = play({ seconds: 60, network });
    expect(Math.max(...delays.slice(600))).toBeLessThanOrEqual(200);
    expect(Math.max(...delays.slice(-500))).toBeLessThanOrEqual(45);
  });

  it.each([200, -200])('neither grows nor runs dry in an hour with a clock off by %d ppm', (ppm) => {
    let [longest, shortest] = [0, 1000];
    const each = (_: Frame, tick: number, { delayMs = 0 }: { delayMs: number | undefined }) => {
      if (tick < 1000) return;
      longest = Math.max(longest, delayMs);
      shortest = Math.min(shortest, delayMs);
    };
    const payload = Buffer.alloc(160, 0xd5);
    const { counters } = play({ seconds: 3600, ppm, each, payload: () => payload });
    expect(longest).toBeLessThanOrEqual(63);
    expect(shortest).toBeGreaterThanOrEqual(10);
    expect(counters.concealedMs).toBeLessThanOrEqual(100);
    expect(ppm > 0 ? counters.shortenedMs : counters.lengthenedMs).toBeGreaterThan(600);
  });

  it('takes pauses for pauses: silence, no made-up sound, and every word whole', () => {
    const speaks = (index: number) => index % 100 < 50;
    const { frames, counters, delays } = play({ seconds: 30, speaks });
    // Without a packet that says so, a pause is known only when it is there.
    expect(counters.concealedMs).toBeLessThanOrEqual(15 * 200);
    const heard = joined(frames);
    const loud = Array.from({ length: Math.floor(heard.length / 160) }, (_, index) =>
      heard.subarray(index * 160, index * 160 + 160).some((sample) => Math.abs(sample) > 5000),
    );
    expect(loud.filter(Boolean).length * 10).toBeGreaterThanOrEqual(14_900);
    expect(Math.max(...delays.slice(-50))).toBeLessThanOrEqual(230);
  });

  it('plays on where the clock of the sender stood still for two seconds', () => {
    const { frames } = play({ seconds: 20, network: (index) => (index < 500 ? 0 : 2000) });
    expect(kinds(frames.slice(620), 'sound')).toBeGreaterThan(0.95 * frames.slice(620).length);
  });

  it('gives a frame at each tick whatever comes', () => {
    const delay = fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(delay, { minLength: 5, maxLength: 200 }), (network) => {
        const { frames, delays } = play({ seconds: 5, network: (index) => network[index % network.length] });
        expect(frames.every(({ samples }) => samples.length === 320)).toBe(true);
        expect(Number.isFinite(delays.reduce((sum, value) => sum + value, 0))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
