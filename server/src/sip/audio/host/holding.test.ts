import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it, vi } from 'vitest';
import type { SoundEngine } from '../engine.ts';
import { openSoundEngine } from '../openSoundEngine.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const COUNT = 100;
let engine: SoundEngine;

afterEach(() => engine.close());

/** Legs and zones that were opened and closed, as far as they still are. */
async function comeAndGo(): Promise<WeakRef<object>[]> {
  const gone: WeakRef<object>[] = [];
  for (let index = 0; index < COUNT; index += 1) {
    const zone = await engine.openZone(`zone-${index}`);
    const leg = await engine.openLeg(`leg-${index}`);
    leg.join(zone.zoneId, { participantId: 'one', uplink: undefined });
    await leg.close();
    zone.close();
    gone.push(new WeakRef(leg), new WeakRef(zone));
  }
  return gone;
}

it('keeps nothing of calls and zones that are over', async () => {
  engine = await openSoundEngine({ ip: '127.0.0.1', ports: { from: 18_400, to: 18_799 }, maxWorkers: 1 });
  const gone = await comeAndGo();
  await vi.waitFor(() => {
    collect();
    expect(gone.filter((one) => one.deref() !== undefined)).toHaveLength(0);
  });
});
