// eslint-disable-next-line no-restricted-syntax -- a flood lasts so long, and nothing else
import { setTimeout as delay } from 'node:timers/promises';
import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import { SETTINGS, trunkOf } from '../../calls/testing/settings.ts';
import { TestPhone } from '../../calls/testing/TestPhone.ts';
import { Flood } from '../../stack/testing/Flood.ts';
import { PhoneChild } from './PhoneChild.ts';

/** Who calls, who floods from the address of a trunk, and who has nothing to do here. */
const [CALLER, TRUNK, STRANGER] = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const from = (address: string) => ({ numbers: ['*'], allowedAddresses: [address], auth: null });
const BETWEEN_CALLS_MS = 500;

export const FLOODED: PhoneSettings = {
  ...SETTINGS,
  limits: { ...SETTINGS.limits, maxCalls: 100, messagesPerSecond: 100 },
  trunks: [
    trunkOf({ trunkId: 'legal', inbound: from(CALLER) }),
    trunkOf({ trunkId: 'flooded', inbound: from(TRUNK) }),
  ],
};

export interface Flooding {
  readonly perSecond: number;
  readonly seconds: number;
  readonly settleSeconds: number;
  /** Then all of it once more, for so long: what grows again is never given back. */
  readonly secondSeconds?: number;
}

export interface Flooded {
  /** How long each legal call took to stand, ms. */
  readonly setUps: number[];
  /** Messages that were sent. */
  readonly sent: number;
  /** Of the process, MiB. */
  readonly memory: {
    readonly before: number;
    readonly most: number;
    readonly after: number;
    readonly second: number;
  };
  readonly dropped: number;
  /** Calls of the flood that were refused, by status. */
  readonly refusals: ReadonlyMap<number, number>;
  readonly isAlive: boolean;
}

/** Half of the flood comes from strangers, half from the address of a trunk. Legal calls are made all the while. `settleSeconds`: waited after it. */
export async function underFlood(o: Flooding): Promise<Flooded> {
  const child = new PhoneChild('legal');
  const phone = await TestPhone.open();
  try {
    const port = await child.start(FLOODED);
    const to = { port, address: CALLER };
    await setUp(phone, port);
    const before = child.memory;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, child.memory)), 100);
    const setUps: number[] = [];
    const flood = async (seconds: number): Promise<number> => {
      const floods = [await Flood.open(STRANGER, to), await Flood.open(TRUNK, to)];
      for (const one of floods) one.start(o.perSecond / floods.length);
      const until = performance.now() + seconds * 1000;
      while (performance.now() < until) {
        setUps.push(await setUp(phone, port));
        await delay(BETWEEN_CALLS_MS);
      }
      for (const one of floods) one.close();
      await delay(o.settleSeconds * 1000);
      return floods.reduce((sum, one) => sum + one.sent, 0);
    };
    const sent = await flood(o.seconds);
    clearInterval(watch);
    const { memory: after, dropped, refusals } = child;
    if (o.secondSeconds !== undefined) await flood(o.secondSeconds);
    const memory = { before, most, after, second: child.memory };
    return { setUps, sent, memory, dropped, refusals, isAlive: child.isAlive };
  } finally {
    await phone.close();
    child.close();
  }
}

/** A legal call, until it stands; then it is ended. ms */
async function setUp(phone: TestPhone, port: number): Promise<number> {
  const begun = performance.now();
  const session = phone.call('+493012345', { port, from: '+4917012345678' });
  await new Promise<void>((resolve, reject) => {
    session.once('established', resolve);
    session.once('ended', ({ status, text }) => reject(new Error(`The legal call ended: ${status} ${text}`)));
  });
  const took = performance.now() - begun;
  session.removeAllListeners('ended');
  await session.end();
  return took;
}
