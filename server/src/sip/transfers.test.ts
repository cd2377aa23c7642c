/** Calls that phones hand over: who may, who comes to speak with whom, and who is out of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXTENSION, trunkOf } from './calls/testing/ControlHarness.ts';
import { PhoneHarness, endOf, eventually } from './testing/PhoneHarness.ts';

let harness: PhoneHarness;
beforeAll(async () => {
  harness = await PhoneHarness.create();
  harness.book.extensions = ['201', '202', '203'].map((extension) => ({ ...EXTENSION, extension }));
  await harness.running();
});
afterAll(() => harness.close());
beforeEach(() => {
  harness.book.trunks = [];
  harness.book.maxCallsPerPerson = 10;
});

/** Extension 201 has called another one, and they speak. */
async function callOf(to: string) {
  harness.book.routes = () => ({ kind: 'dial', way: { trunkId: null, target: to, callerId: '201' } });
  const before = harness.told('dial').length;
  const legId = harness.ring({ from: '201', to, extension: '201' });
  await eventually(() => expect(harness.told('dial').length).toBe(before + 1));
  const other = harness.told('dial').at(-1)?.legId ?? '';
  harness.answer(other);
  await harness.lastTold('decide', legId, ({ decision }) => decision.kind === 'answer');
  harness.answer(legId);
  const zones = await Promise.all([legId, other].map(zoneOf));
  expect(zones[0]).toBe(zones[1]);
  return { legId, other, zone: zones[0] };
}
async function zoneOf(legId: string): Promise<string> {
  const { place } = await harness.lastTold('place', legId, (told) => told.place.kind === 'zone');
  return place.kind === 'zone' ? place.zoneId : '';
}
const ask = (legId: string, target: string, replaces?: string) =>
  harness.tell({
    ...{ type: 'transferAsked', legId, target, attended: replaces !== undefined },
    ...(replaces !== undefined && { replaces }),
  });
const isUp = (legId: string) => {
  expect(harness.told('hangUp', legId)).toEqual([]);
};

describe('a phone of the house', () => {
  it('hands its call over to a number: that is called, and comes in its place', async () => {
    const { legId, other, zone } = await callOf('202');
    ask(legId, '+4930777');
    expect(await harness.lastTold('decideTransfer', legId)).toMatchObject({ accept: true });
    const dialled = harness.told('dial').at(-1);
    expect(dialled).toMatchObject({ target: '+4930777', trunkId: 'trunk', transferOf: legId });
    const third = dialled?.legId ?? '';
    harness.answer(third);
    // As the process does it: the one that asked ends as soon as it knows.
    harness.tell(endOf(legId, { by: 'server' }));
    expect(await zoneOf(third)).toBe(zone);
    isUp(other);
    harness.tell(endOf(third, { by: 'called' }));
    await harness.lastTold('hangUp', other);
  });

  it('that hangs up before the other answers leaves nobody waiting for nobody', async () => {
    const { legId, other } = await callOf('202');
    ask(legId, '+4930777');
    await harness.lastTold('decideTransfer', legId);
    const third = harness.told('dial').at(-1)?.legId ?? '';
    harness.tell(endOf(legId, { by: 'caller' }));
    await eventually(() => expect(harness.phones.calls.map(({ callId }) => callId)).not.toContain(legId));
    isUp(other);
    harness.tell(endOf(third, { by: 'called', status: 486, answered: false }));
    await harness.lastTold('hangUp', other);
  });

  it('may hand over no more than it may call', async () => {
    const { legId, other } = await callOf('202');
    ask(legId, '+1900123456');
    expect(await harness.lastTold('decideTransfer', legId)).toMatchObject({ accept: false });
    isUp(other);
    harness.tell(endOf(legId, { by: 'caller' }));
    await harness.lastTold('hangUp', other);
  });

  it('may hand over to as many as its person may call', async () => {
    harness.book.maxCallsPerPerson = 2;
    const { legId, other } = await callOf('202');
    ask(legId, '+4930777');
    await harness.lastTold('decideTransfer', legId, ({ accept }) => accept);
    const third = harness.told('dial').at(-1)?.legId ?? '';
    ask(legId, '+4930888');
    await harness.lastTold('decideTransfer', legId, ({ accept }) => !accept);
    expect(harness.told('dial').at(-1)?.legId).toBe(third);
    for (const one of [legId, other, third]) harness.tell(endOf(one, { by: 'caller' }));
  });

  it('puts its two calls together, and is out of both', async () => {
    const first = await callOf('202');
    const second = await callOf('203');
    ask(first.legId, '203', second.legId);
    expect(await harness.lastTold('decideTransfer', first.legId)).toMatchObject({
      ...{ accept: true, outcome: 200 },
    });
    expect(await zoneOf(second.other)).toBe(first.zone);
    await harness.lastTold('hangUp', second.legId);
    for (const legId of [first.legId, second.legId]) harness.tell(endOf(legId, { by: 'server' }));
    await eventually(() => expect(harness.phones.calls).toHaveLength(2));
    isUp(first.other);
    isUp(second.other);
    harness.tell(endOf(first.other, { by: 'called' }));
    await harness.lastTold('hangUp', second.other);
  });

  it('brings who it speaks with into the meeting that it is in', async () => {
    const meeting = await harness.callRoom('meeting', { from: '201', extension: '201' });
    const second = await callOf('203');
    ask(meeting.legId, '203', second.legId);
    await harness.lastTold('decideTransfer', meeting.legId, ({ outcome }) => outcome === 200);
    expect(await zoneOf(second.other)).toBe(await zoneOf(meeting.legId));
    harness.tell(endOf(second.other, { by: 'called' }));
    harness.tell(endOf(meeting.legId, { by: 'called' }));
  });

  it('is not handed to a call that is nobody’s', async () => {
    const { legId, other } = await callOf('202');
    ask(legId, '203', 'no-such-leg');
    expect(await harness.lastTold('decideTransfer', legId)).toMatchObject({ accept: false });
    harness.tell(endOf(legId, { by: 'caller' }));
    await harness.lastTold('hangUp', other);
  });
});

describe('a call that a host hands over', () => {
  const ANN = { identity: 'ann', displayName: 'Ann' };
  const unreachable = expect.objectContaining({
    ...{ code: 'WRONG_STATE', details: { reason: 'unreachable' } },
    message: expect.stringMatching(/in(to)? the meeting/) as string,
  }) as Error;
  const outside = () => harness.callRoom('meeting', { from: '+4930111' });
  const desk = () => harness.callRoom('meeting', { from: '201', extension: '201' });
  const endAll = (...calls: { legId: string }[]) => {
    for (const { legId } of calls) harness.tell(endOf(legId, { by: 'caller' }));
  };

  it('from a trunk is not handed to an extension: the carrier would call a number of its own', async () => {
    const call = await outside();
    expect(() => harness.phones.transfer(call.legId, { target: '202' }, ANN)).toThrow(unreachable);
    expect(harness.told('transfer', call.legId)).toEqual([]);
    endAll(call);
  });

  it('on a desk is handed to an extension, and to a number', async () => {
    const call = await desk();
    for (const target of ['202', '+4930777']) {
      harness.phones.transfer(call.legId, { target }, ANN);
      await harness.lastTold('transfer', call.legId, (told) => told.target === target);
    }
    endAll(call);
  });

  it('is not connected with one of another side, whose address is not told', async () => {
    const [first, second] = [await outside(), await desk()];
    const third = await harness.callRoom('meeting', { from: '+4930333', trunkId: 'another' });
    for (const [one, other] of [
      [first, second],
      [second, first],
      [first, third],
    ] as const) {
      const to = { callId: other.legId };
      expect(() => harness.phones.transfer(one.legId, to, ANN)).toThrow(unreachable);
      expect(harness.told('transfer', one.legId)).toEqual([]);
    }
    endAll(first, second, third);
  });

  it('is connected with one of the same side', async () => {
    const [first, second] = [
      await desk(),
      await harness.callRoom('meeting', { from: '202', extension: '202' }),
    ];
    harness.phones.transfer(first.legId, { callId: second.legId }, ANN);
    expect(await harness.lastTold('transfer', first.legId)).toMatchObject({ attendedLegId: second.legId });
    endAll(first, second);
  });
});

describe('a phone behind a trunk', () => {
  it.each([
    ['hands nothing over at the cost of the house', undefined, false],
    ['does where the trunk may', true, true],
  ])('%s', async (_, transfers, accept) => {
    harness.book.trunks = [trunkOf({ trunkId: 'trunk', ...(transfers && { transfers }) })];
    const { legId } = await harness.callRoom('meeting');
    ask(legId, '+4930777');
    expect(await harness.lastTold('decideTransfer', legId)).toMatchObject({ accept });
    harness.tell(endOf(legId, { by: 'caller' }));
  });
});

describe('a call that comes in place of another', () => {
  it.each([
    ['of the same trunk goes on where that was', 'trunk', true],
    ['of another trunk is refused', 'another', false],
  ])('%s', async (_, trunkId, isTaken) => {
    const { legId } = await harness.callRoom('meeting');
    const next = harness.ring({ from: '+4930222', trunkId, replaces: legId });
    const { decision } = await harness.lastTold('decide', next);
    expect(decision.kind).toBe(isTaken ? 'answer' : 'reject');
    if (isTaken) {
      harness.answer(next);
      harness.tell(endOf(legId, { by: 'caller' }));
      expect(await zoneOf(next)).toBe(await zoneOf(legId));
    }
    for (const one of [legId, next]) harness.tell(endOf(one, { by: 'caller' }));
  });
});
