import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenApp, PersonalCallEvent } from '../room/phonePorts.ts';
import { PhoneHarness, endOf, eventually } from './testing/PhoneHarness.ts';

let harness: PhoneHarness;
let number = 0;
let identity = '';

beforeAll(async () => {
  harness = await PhoneHarness.create();
  await harness.running();
});
afterAll(() => harness.close());
beforeEach(() => {
  number += 1;
  identity = `ann-${number}`;
  harness.book.routes = () => ({ kind: 'user', identity });
});

const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });

/** An open app, and what it was told. */
class App implements OpenApp {
  readonly heard: PersonalCallEvent[] = [];
  isEnded = false;
  readonly close: () => void;
  constructor(of = identity) {
    this.close = harness.phones.forTwo.listen(of, this);
  }
  told(event: PersonalCallEvent): void {
    this.heard.push(event);
  }
  ended(): void {
    this.isEnded = true;
  }
  get last(): PersonalCallEvent | undefined {
    return this.heard.at(-1);
  }
}
const me = () => ({ identity, displayName: 'Ann' });
const rings = (app: App, callId: string) =>
  eventually(() => expect(app.last).toMatchObject({ type: 'ringing', callId }));
const enter = (room: string, as = identity) =>
  harness.enter(as, { role: 'owner', video: { room, roomJoin: true } });
const phonesIn = (room: string) =>
  harness.rooms.find(room)?.roster.all.filter(({ grants }) => grants.kind === 'phone') ?? [];

describe('a phone that calls somebody', () => {
  it('rings in all their open apps; who takes it in one comes together with it, and the others stop', async () => {
    const [first, second, other] = [new App(), new App(), new App('somebody-else')];
    const legId = harness.ring({ from: '+4930121212', fromName: 'Carl' });
    await Promise.all([rings(first, legId), rings(second, legId)]);
    expect(first.last).toMatchObject({ number: '+4930121212', displayName: 'Carl' });
    expect((await harness.lastTold('decide', legId)).decision).toEqual({ kind: 'ring' });
    const third = new App();
    expect(third.last).toMatchObject({ type: 'ringing', callId: legId });
    const room = await harness.phones.forTwo.answer(legId, me());
    for (const app of [first, second, third])
      expect(app.last).toEqual({ type: 'stopped', callId: legId, why: 'answered' });
    expect(other.heard).toEqual([]);
    await expect(harness.phones.forTwo.answer(legId, me())).rejects.toThrow(error('CALL_NOT_FOUND'));
    await harness.lastTold('decide', legId, ({ decision }) => decision.kind === 'answer');
    harness.answer(legId);
    expect((await harness.lastTold('place', legId)).place).toMatchObject({ kind: 'zone', prompt: null });
    const ann = await enter(room);
    expect(phonesIn(room)).toHaveLength(1);
    // One of two has gone: the call is over.
    await ann.participant.leave('left');
    expect(await harness.lastTold('hangUp', legId)).toMatchObject({ by: 'server' });
    await eventually(() =>
      expect(harness.log.over.at(-1)).toMatchObject({ callId: legId, room, state: 'ended' }),
    );
    for (const app of [first, second, third, other]) app.close();
  });

  it('does not wait in a lobby, whatever rooms are like', async () => {
    const app = new App();
    const legId = harness.ring();
    await rings(app, legId);
    const room = await harness.phones.forTwo.answer(legId, me());
    await harness.rooms.updateRoom(room, { lobby: 'everyone', locked: true, guestsAllowed: false });
    harness.answer(legId);
    expect((await harness.lastTold('place', legId)).place.kind).toBe('zone');
    harness.tell(endOf(legId, { by: 'caller' }));
    await eventually(() => expect(phonesIn(room)).toEqual([]));
    app.close();
  });

  it('is told when they decline, and when they have no app open; both are written down', async () => {
    const app = new App();
    const declined = harness.ring();
    await rings(app, declined);
    expect(() => harness.phones.forTwo.decline(declined, { identity: 'eve', displayName: 'Eve' })).toThrow(
      error('CALL_NOT_FOUND'),
    );
    harness.phones.forTwo.decline(declined, me());
    const first = await harness.lastTold('decide', declined, ({ decision }) => decision.kind === 'reject');
    expect(first.decision).toMatchObject({ status: 603 });
    expect(app.last).toMatchObject({ type: 'stopped', why: 'declined' });
    app.close();
    const missed = harness.ring();
    const second = await harness.lastTold('decide', missed);
    expect(second.decision).toMatchObject({ kind: 'reject', status: 480 });
    harness.tell(
      endOf(missed, { by: 'server', status: 480, why: 'Nobody could be reached.', answered: false }),
    );
    await eventually(() =>
      expect(harness.log.over.at(-1)).toMatchObject({ callId: missed, identity, answeredAt: null }),
    );
  });

  it('stops ringing when it gives up', async () => {
    const app = new App();
    const legId = harness.ring();
    await rings(app, legId);
    harness.tell(endOf(legId, { by: 'caller', status: 487, why: 'It was cancelled.', answered: false }));
    await eventually(() => expect(app.last).toEqual({ type: 'stopped', callId: legId, why: 'missed' }));
    app.close();
  });
});

describe('somebody who calls a phone', () => {
  it('gets a room for it, if the number may be called, from which it is called; who hangs up ends both', async () => {
    const { forTwo } = harness.phones;
    await expect(forTwo.prepare('+1900123456', me())).rejects.toThrow(error('PHONE_NUMBER_REFUSED'));
    const room = await forTwo.prepare('+4930131313', me());
    const ann = await enter(room);
    const call = ann.room.calls.dial(ann.participant, { target: '+4930131313', breakoutId: null });
    await harness.lastTold('dial', call.callId);
    harness.answer(call.callId);
    await harness.lastTold('place', call.callId);
    await ann.participant.leave('left');
    await harness.lastTold('hangUp', call.callId);
    await eventually(() => expect(phonesIn(room)).toEqual([]));
  });
});

describe('an extension that calls another', () => {
  beforeEach(() => {
    harness.book.routes = () => ({
      kind: 'dial',
      way: { trunkId: null, target: '202', callerId: '201' },
    });
  });
  const dialled = async () => {
    const before = harness.told('dial').length;
    const legId = harness.ring({ from: '201', to: '202' });
    await eventually(() => expect(harness.told('dial').length).toBe(before + 1));
    return { legId, other: harness.told('dial').at(-1)?.legId ?? '' };
  };

  it('is answered when that is, and hears it; who hangs up ends both', async () => {
    const { legId, other } = await dialled();
    expect(harness.told('dial', other)).toMatchObject([{ trunkId: null, target: '202' }]);
    harness.answer(other);
    await harness.lastTold('decide', legId, ({ decision }) => decision.kind === 'answer');
    harness.answer(legId);
    const [one, two] = await Promise.all([
      harness.lastTold('place', legId),
      harness.lastTold('place', other),
    ]);
    const zones = [one, two].map(({ place }) => place.kind === 'zone' && place.zoneId);
    expect(zones[0]).toBe(zones[1]);
    harness.tell(endOf(other, { by: 'called' }));
    await harness.lastTold('hangUp', legId);
  });

  it('hears why it was not', async () => {
    const { legId, other } = await dialled();
    harness.tell(endOf(other, { by: 'called', status: 486, why: 'It is busy.', answered: false }));
    const { decision } = await harness.lastTold('decide', legId, (told) => told.decision.kind === 'reject');
    expect(decision).toMatchObject({ status: 486, why: 'It is busy.' });
  });

  it('ends the ringing when it gives up', async () => {
    const { legId, other } = await dialled();
    harness.tell(endOf(legId, { by: 'caller', status: 487, why: 'It was cancelled.', answered: false }));
    await harness.lastTold('hangUp', other);
  });
});

describe('an extension that calls a number', () => {
  const own = { password: 'correct horse', displayName: '', maxContacts: 1 };
  beforeEach(() => {
    harness.book.maxCallsPerPerson = 1;
    harness.book.extensions = ['201', '202'].map((extension) => ({ ...own, extension, identity }));
    harness.book.routes = ({ to }) => ({
      kind: 'dial',
      way: { trunkId: 'trunk', target: to, callerId: '+4930999' },
    });
  });
  afterEach(() => {
    harness.book.maxCallsPerPerson = 10;
    harness.book.extensions = [];
  });
  const call = (extension: string, to: string) => harness.ring({ from: extension, extension, to });
  const dialled = (to: string) => harness.told('dial').filter(({ target }) => target === to);

  it('makes no more calls than its person may, with all their phones, also where they begin at once', async () => {
    const before = harness.told('dial').length;
    const legs = [call('201', '+4930701'), call('201', '+4930702'), call('202', '+4930703')];
    const refused = () =>
      harness.told('decide').filter((told) => legs.includes(told.legId) && told.decision.kind === 'reject');
    await eventually(() => expect(refused()).toHaveLength(2));
    const why = expect.stringContaining('limit') as string;
    expect(refused()).toMatchObject([{ decision: { why } }, { decision: { why } }]);
    expect(harness.told('dial')).toHaveLength(before + 1);
    const { legId: out = '' } = harness.told('dial').at(-1) ?? {};
    for (const legId of legs) harness.tell(endOf(legId, { by: 'caller', answered: false }));
    harness.tell(endOf(out, { by: 'caller', answered: false }));
    await eventually(() => expect(harness.phones.calls.map(({ callId }) => callId)).not.toContain(out));
    call('202', '+4930704');
    await eventually(() => expect(dialled('+4930704')).toHaveLength(1));
    harness.tell(endOf(dialled('+4930704')[0]?.legId ?? '', { by: 'called', answered: false }));
  });
});

describe('the phone on the desk of somebody', () => {
  let app: App;
  beforeEach(async () => {
    const own = { password: 'correct horse', displayName: '', identity, maxContacts: 1 };
    const extensions = ['1', '2', '3'].map((nth) => ({ ...own, extension: `${number}0${nth}` }));
    harness.book.extensions = extensions;
    for (const { extension } of extensions.slice(0, 2))
      harness.tell({ type: 'extension', extension, registered: true });
    const there = `${number}02`;
    await eventually(() => expect(harness.phones.registered.has(there)).toBe(true));
    app = new App();
  });
  afterEach(() => {
    app.close();
    harness.book.extensions = [];
  });

  const ringAll = async (count = 2) => {
    const before = harness.told('dial').length;
    const legId = harness.ring({ from: '+4930121212', fromName: 'Carl' });
    await eventually(() => expect(harness.told('dial').length).toBe(before + count));
    const desks = harness.told('dial').slice(before);
    return { legId, desks, ids: desks.map((desk) => desk.legId) };
  };

  it('rings with their apps; where it is taken, the others stop, and who hangs up ends both', async () => {
    const { legId, desks, ids } = await ringAll();
    await rings(app, legId);
    expect(desks.map(({ target }) => target).toSorted()).toEqual([`${number}01`, `${number}02`]);
    expect(desks[0]).toMatchObject({ trunkId: null, callerId: '+4930121212', displayName: 'Carl' });
    const [one = '', two = ''] = ids;
    harness.answer(two);
    await harness.lastTold('decide', legId, ({ decision }) => decision.kind === 'answer');
    expect(await harness.lastTold('hangUp', one)).toMatchObject({ why: 'The call was taken elsewhere.' });
    await eventually(() => expect(app.last).toEqual({ type: 'stopped', callId: legId, why: 'answered' }));
    harness.answer(legId);
    const places = await Promise.all([legId, two].map((id) => harness.lastTold('place', id)));
    const zones = places.map(({ place }) => place.kind === 'zone' && place.zoneId);
    expect(zones[0]).toBe(zones[1]);
    harness.tell(endOf(legId, { by: 'caller' }));
    await harness.lastTold('hangUp', two);
  });

  it('stops when the call is taken in an app, or given up', async () => {
    const taken = await ringAll();
    await harness.phones.forTwo.answer(taken.legId, me());
    for (const id of taken.ids) await harness.lastTold('hangUp', id);
    const givenUp = await ringAll();
    harness.tell(endOf(givenUp.legId, { by: 'caller', status: 487, answered: false }));
    for (const id of givenUp.ids) await harness.lastTold('hangUp', id);
  });

  it('rings alone where no app is open, and when nobody takes it the caller hears so', async () => {
    app.close();
    const { legId, ids } = await ringAll();
    for (const id of ids)
      harness.tell(endOf(id, { by: 'called', status: 486, why: 'It is busy.', answered: false }));
    const { decision } = await harness.lastTold('decide', legId, (told) => told.decision.kind === 'reject');
    expect(decision).toMatchObject({ status: 486 });
  });

  it('leaves the call to the apps when it is busy, and declines it for them', async () => {
    const busy = await ringAll();
    for (const id of busy.ids) harness.tell(endOf(id, { by: 'called', status: 486, answered: false }));
    await rings(app, busy.legId);
    harness.phones.forTwo.decline(busy.legId, me());
    const declined = await ringAll();
    const [one = '', two = ''] = declined.ids;
    harness.tell(endOf(one, { by: 'called', status: 603, answered: false }));
    await harness.lastTold('hangUp', two);
    await eventually(() => expect(app.last).toMatchObject({ type: 'stopped', why: 'declined' }));
    await harness.lastTold('decide', declined.legId, ({ decision }) => decision.kind === 'reject');
  });

  it('called by its number, rings their apps too', async () => {
    harness.book.routes = () => ({
      kind: 'dial',
      way: { trunkId: null, target: `${number}01`, callerId: '201' },
    });
    const { legId, desks } = await ringAll(1);
    expect(desks).toMatchObject([{ target: `${number}01` }]);
    await rings(app, legId);
    harness.phones.forTwo.decline(legId, me());
  });
});
