/** How many phones one core mixes, and how long their sound is on its way, beside the AudioBridge of Janus with the same load. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cpuSeconds } from '../support/cpuSeconds.ts';
import { amount, figure, percentile } from '../support/figures.ts';
import { JanusBridge } from './support/JanusBridge.ts';
import { PhoneLoad, type LoadResult } from './support/PhoneLoad.ts';

const ROOMS = 20;
const PER_ROOM = 5;
const LEGS = ROOMS * PER_ROOM;
const SETTLE_S = 6;
const SECONDS = amount('BENCH_SIP_SECONDS', 20);
const DELAY_LIMIT_MS = 60;
const ENGINE = join(import.meta.dirname, '../../server/src/sip/audio/testing/engineProcess.ts');

/** What the engine is told to open, and what it then tells (server/src/sip/audio/engine.ts). */
interface Opening {
  rooms: readonly (readonly number[])[];
  uplinkPort: number | undefined;
}
type Counter = 'ticks' | 'lateTicks' | 'workMs' | 'concealed' | 'encodedDown' | 'encodedUp' | 'silentUp';
type MixerCounters = Record<Counter, number>;

interface Outcome extends LoadResult {
  /** Share of one core. */
  readonly core: number;
}

/** Runs the load, and takes the processor time of its measured part. */
async function measure(load: PhoneLoad, pid: number): Promise<Outcome> {
  let from = 0;
  const timer = setTimeout(() => (from = cpuSeconds([pid])), SETTLE_S * 1000);
  const result = await load.run({ seconds: SETTLE_S + SECONDS, settleSeconds: SETTLE_S });
  clearTimeout(timer);
  return { ...result, core: (cpuSeconds([pid]) - from) / SECONDS };
}

async function ask<T>(child: ChildProcess, message: Opening | 'counters'): Promise<T> {
  child.send(message);
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

async function ours(uplinkPort: number | undefined) {
  const child = fork(ENGINE, { serialization: 'advanced' });
  await once(child, 'message');
  const load = await PhoneLoad.open({ rooms: ROOMS, perRoom: PER_ROOM });
  try {
    load.targets = await ask<number[]>(child, { rooms: load.rooms, uplinkPort });
    const first = await ask<MixerCounters>(child, 'counters');
    const outcome = await measure(load, child.pid ?? 0);
    const last = await ask<MixerCounters>(child, 'counters');
    return { outcome, first, last };
  } finally {
    load.close();
    child.disconnect();
  }
}

async function janus(): Promise<Outcome> {
  const bridge = await JanusBridge.start();
  const load = await PhoneLoad.open({ rooms: ROOMS, perRoom: PER_ROOM });
  try {
    load.targets = await bridge.fill(load.rooms);
    return await measure(load, bridge.pid);
  } finally {
    load.close();
    bridge.close();
  }
}

it(`mixes ${LEGS} phones on one core`, { tags: 'sip', timeout: 300_000 }, async () => {
  const { outcome, first, last } = await ours(undefined);
  const peer = await janus();
  const by = (value: number) => ({ name: "Janus's AudioBridge", value });
  const milliseconds = (share: number, { delays }: LoadResult) => percentile(delays, share);
  const what = `${LEGS} phones in ${ROOMS} rooms, PCMU`;
  figure(`${what}: processor`, {
    value: 100 * outcome.core,
    unit: '% of a core',
    limit: 100,
    peer: by(100 * peer.core),
  });
  figure(`${what}: in the box, p50`, {
    ...{ value: milliseconds(0.5, outcome), unit: 'ms', peer: by(milliseconds(0.5, peer)) },
  });
  figure(`${what}: in the box, p99`, {
    ...{ value: milliseconds(0.99, outcome), unit: 'ms', limit: DELAY_LIMIT_MS },
    peer: by(milliseconds(0.99, peer)),
  });
  const share = (one: LoadResult) => (100 * one.received) / one.sent;
  figure(`${what}: packets that came back`, {
    ...{ value: share(outcome), unit: '% of those sent', peer: by(share(peer)) },
  });
  const ticks = last.ticks - first.ticks;
  const underruns = last.concealed - first.concealed;
  figure(`${what}: sound that had to be made up`, {
    value: (100 * underruns) / (ticks * LEGS),
    unit: '% of ticks',
  });
  figure(`${what}: work in each tick of 20 ms`, {
    value: (last.workMs - first.workMs) / ticks,
    unit: 'ms',
    limit: 20,
  });
  figure(`${what}: ticks that began more than 20 ms late`, { value: last.lateTicks, unit: `of ${ticks}` });
  const encodes = (last.encodedDown - first.encodedDown) / ticks;
  // One for who speaks in a room, and one for all who listen there.
  figure(`${what}: encodes in each tick`, { value: encodes, unit: 'times', limit: 2 * ROOMS });
  expect(encodes).toBeLessThanOrEqual(2 * ROOMS);
  expect(outcome.core).toBeLessThan(1);
  expect(outcome.missed).toBeLessThanOrEqual(outcome.delays.length / 20);
});

it('encodes nothing for the SFU while a phone is silent', { tags: 'sip', timeout: 300_000 }, async () => {
  const { outcome, first, last } = await ours(9);
  const [up, silent] = [last.encodedUp - first.encodedUp, last.silentUp - first.silentUp];
  figure(`${LEGS} phones with an uplink each: processor`, {
    value: 100 * outcome.core,
    unit: '% of a core',
    limit: 100,
  });
  figure(`${LEGS} phones with an uplink each: encoded for the SFU`, {
    value: (100 * up) / (up + silent),
    unit: '% of ticks',
  });
  figure(`${LEGS} phones with an uplink each: in the box, p99`, {
    ...{ value: percentile(outcome.delays, 0.99), unit: 'ms', limit: DELAY_LIMIT_MS },
  });
  // One in each room speaks, and the others are silent throughout.
  expect(up / (up + silent)).toBeLessThanOrEqual(1 / PER_ROOM);
  expect(silent).toBeGreaterThan(0);
});
