import type { MixerCounters } from '../engine.ts';

export type Counters = { -readonly [K in keyof MixerCounters]: number };

export const newCounters = (): Counters => ({
  ...{ ticks: 0, lateTicks: 0, tickResets: 0, workMs: 0, decoded: 0, framesDown: 0, encodedDown: 0 },
  ...{ encodedUp: 0, silentUp: 0, concealed: 0, packetsIn: 0, packetsOut: 0 },
});

export function addCounters(to: Counters, more: MixerCounters): void {
  for (const key of Object.keys(to) as (keyof Counters)[]) to[key] += more[key];
}
