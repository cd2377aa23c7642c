import { afterEach, expect, it, vi } from 'vitest';
import { HourlySweep } from './HourlySweep.ts';

let sweep: HourlySweep;
/** Each time that the work was begun; it goes on until that is resolved. */
let begun: PromiseWithResolvers<void>[];
afterEach(async () => {
  for (const { resolve } of begun) resolve();
  await sweep.close();
});

function start(): void {
  begun = [];
  const work = (): Promise<void> => {
    const one = Promise.withResolvers<void>();
    begun.push(one);
    return one.promise;
  };
  sweep = new HourlySweep(work, () => undefined);
}
const untilBegun = (times: number): Promise<void> => vi.waitFor(() => expect(begun).toHaveLength(times));

it('goes on with another, and one only, for what comes while it works', async () => {
  start();
  sweep.again();
  sweep.again();
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  await untilBegun(2);
  begun[1]?.resolve();
  await sweep.sweep();
  sweep.again();
  await untilBegun(3);
});

it('has another follow also where the work has just looked for the last time', async () => {
  start();
  begun[0]?.resolve();
  // What follows the work has not been run yet.
  sweep.again();
  await untilBegun(2);
});

it('begins nothing more once it is closed', async () => {
  start();
  sweep.again();
  const closed = sweep.close();
  begun[0]?.resolve();
  await closed;
  sweep.again();
  await sweep.sweep();
  expect(begun).toHaveLength(1);
});
