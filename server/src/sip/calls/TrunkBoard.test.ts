import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../util/HourlySweep.ts';
import { outboundTo, trunkOf } from './testing/settings.ts';
import { TrunkBoard } from './TrunkBoard.ts';

const TRUNK = trunkOf({
  inbound: { numbers: [], allowedAddresses: [], auth: null },
  outbound: { ...outboundTo(5060), address: 'sip.carrier.example' },
});

let board: TrunkBoard;
let now: number;
/** What DNS gives for the name of the trunk. */
let given: string[];
beforeEach(() => {
  [now, given] = [0, []];
  const names = { srv: () => Promise.resolve([]), addresses: () => Promise.resolve(given) };
  board = new TrunkBoard({ names, now: () => now });
});
afterEach(() => board.close());

/** As each minute. */
async function lookUp(...addresses: string[]): Promise<void> {
  given = addresses;
  await board.set([TRUNK]);
}
const isKnown = (address: string): boolean => board.trunksAt(address).length > 0;

describe('an address that the name of a trunk has led to', () => {
  it('counts for an hour after DNS gave it last, as it may give some of them at a time', async () => {
    await lookUp('192.0.2.1');
    now += 60_000;
    await lookUp('192.0.2.2');
    expect([isKnown('192.0.2.1'), isKnown('192.0.2.2'), isKnown('192.0.2.3')]).toEqual([true, true, false]);
    now += HOUR_MS;
    await lookUp('192.0.2.3');
    expect([isKnown('192.0.2.1'), isKnown('192.0.2.2'), isKnown('192.0.2.3')]).toEqual([false, true, true]);
  });

  it('counts as long as the name cannot be looked up', async () => {
    await lookUp('192.0.2.1');
    now += 5 * HOUR_MS;
    await lookUp();
    expect(isKnown('192.0.2.1')).toBe(true);
  });

  it('makes room for others where there are too many', async () => {
    for (let nth = 0; nth < 100; nth++) await lookUp('192.0.2.254', `192.0.2.${nth}`);
    expect([isKnown('192.0.2.254'), isKnown('192.0.2.99'), isKnown('192.0.2.0')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
