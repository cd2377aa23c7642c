import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { CallRecord, IncomingAnswer, RefusedCall } from '@parley/protocol';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/loadConfig.ts';
import type { IncomingCall } from '../../room/phonePorts.ts';
import { defaultSettings } from '../../room/defaultSettings.ts';
import { SqliteStore } from '../../store/SqliteStore.ts';
import { PhoneOffice } from './PhoneOffice.ts';
import { PhoneVault } from './PhoneVault.ts';
import { Pins } from './Pins.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const TRUNK = {
  ...{ trunkId: 'carrier', name: 'Carrier', country: 'DE', maxCalls: 2 },
  inbound: { numbers: ['+493012345678', '+49301111*'], allowedAddresses: ['203.0.113.1'] },
  outbound: {
    address: 'sip.carrier.example',
    callerId: '+493012345678',
    prefixes: ['+49'],
    minutesPerDay: 5,
  },
};
const EXTENSION = { extension: '100', password: '12345678', displayName: 'Desk', identity: 'ann' };

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one.close();
});

/** Phones as they are in production, without a process; `answer` is what a receiver answers. */
function phones(
  settings: Record<string, unknown> = {},
  answer: { answer: IncomingAnswer } | { why: string } = { why: 'there is none' },
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-book-'));
  open.push({ close: () => rmSync(dataDir, { recursive: true }) });
  const env: NodeJS.ProcessEnv = { PARLEY_DATA_DIR: dataDir, PARLEY_SIP_KEY: KEY };
  for (const [name, value] of Object.entries({ TRUNKS: [TRUNK], EXTENSIONS: [EXTENSION], ...settings }))
    env[`PARLEY_SIP_${name}`] = typeof value === 'string' ? value : JSON.stringify(value);
  const store = SqliteStore.open(dataDir);
  const log: string[] = [];
  const logger = pino(
    { level: 'trace' },
    new Writable({ write: (line: Buffer, _e, done) => (log.push(String(line)), done()) }),
  );
  const told: [string, CallRecord | RefusedCall][] = [];
  const asked: unknown[] = [];
  const receivers = {
    tellOfCall: (event: string, call: CallRecord) => void told.push([event, call]),
    tellOfRefusal: (call: RefusedCall) => void told.push(['call_refused', call]),
    askAboutCall: (url: string, question: unknown) => {
      asked.push([url, question]);
      return Promise.resolve(answer);
    },
  };
  const make = () => new PhoneOffice({ config: loadConfig(env), stores: store, receivers, logger });
  const office = make();
  open.push(store, office);
  store.rooms.save({
    ...{ roomId: 'RM_demo', name: 'demo', settings: defaultSettings(loadConfig({}).rooms) },
    ...{ passwordHash: null, kept: true, ownedBy: null, createdAt: 1 },
  });
  const pins = new Pins({ store: store.pins, vault: new PhoneVault(KEY), length: 8 });
  return { office, book: office.directory, calls: office.calls, store, pins, log, told, asked, make };
}

let legs = 0;
const incoming = (more: Partial<IncomingCall> = {}): IncomingCall => ({
  ...{
    legId: `CL_${(legs += 1)}`,
    trunkId: 'carrier',
    extension: null,
    from: '+4930999999',
    fromName: 'Bob',
  },
  ...{ to: '+493012345678', at: Date.now() },
  ...more,
});
const record = (more: Partial<CallRecord> = {}): CallRecord => ({
  ...{ callId: `CL_${(legs += 1)}`, direction: 'out', trunkId: 'carrier', extension: null },
  ...{ from: '+493012345678', to: '+4930999999', room: 'demo', meetingId: null, participantId: null },
  ...{ identity: null, state: 'answered', startedAt: Date.now(), answeredAt: Date.now(), endedAt: null },
  ...{ endedBy: null, status: null, why: null },
  quality: { codec: null, packetsLost: 0, packetsReceived: 0, jitterMs: 0, concealedMs: 0, mos: null },
  ...more,
});
const rule = (target: object, more: object = {}) => ({ ruleId: 'r', target, ...more });
const ROOM = { kind: 'room', room: 'demo' };
/** A pattern in its place would fit any text: `toMatchObject` compares its members, of which it has none. */
const says = (text: string) => expect.stringContaining(text) as string;

describe('a call that comes in', () => {
  it('is asked for a PIN where a room has one, else refused, and says why', async () => {
    const { book, pins } = phones();
    const why = says('no room has a PIN');
    expect(await book.route(incoming())).toMatchObject({ kind: 'reject', status: 404, why });
    pins.ofRoom('RM_demo');
    expect(await book.route(incoming())).toEqual({ kind: 'pin', length: 8 });
  });

  it.each([
    [{ trunkId: 'stranger' }, 403, /no trunk that is known/],
    [{ trunkId: null }, 403, /no trunk/],
    [{ to: '+493077777777' }, 404, /none of the numbers of the trunk carrier/],
    [{ trunkId: null, extension: '999' }, 403, /no extension 999/],
  ])('%j is refused with %i', async (call, status, why) => {
    const { book } = phones({ RULES: [rule(ROOM)] });
    expect(await book.route(incoming(call))).toMatchObject({
      kind: 'reject',
      status,
      why: expect.stringMatching(why),
    });
  });

  it('goes by the first rule that fits: trunk, called, caller, by priority', async () => {
    const rules = [
      { ruleId: 'any', priority: 900, target: { kind: 'reject', status: 603 } },
      { ruleId: 'other-trunk', priority: 1, trunkIds: ['other'], target: { kind: 'reject', status: 600 } },
      { ruleId: 'vip', priority: 10, callers: ['+49 171*'], target: { kind: 'user', identity: 'ann' } },
      { ruleId: 'number', priority: 20, numbers: ['+493011110001'], target: ROOM },
    ];
    const { book } = phones({ RULES: rules });
    const kinds = async (call: Partial<IncomingCall>) => (await book.route(incoming(call))).kind;
    expect(await kinds({ from: '+491711234567', to: '+493011110001' })).toBe('user');
    expect(await kinds({ to: '+493011110001' })).toBe('room');
    expect(await kinds({ from: '' })).toBe('reject');
    expect(await book.route(incoming())).toMatchObject({ status: 603, why: 'The rule any rejects it.' });
  });

  it('goes where a receiver says; where that says nothing, it is refused with why', async () => {
    const url = 'https://example.com/calls';
    const target = { kind: 'room', room: 'demo', identity: 'bob', role: 'host' } as const;
    const asking = phones({ RULES: [rule({ kind: 'webhook', url })] }, { answer: { target } });
    expect(await asking.book.route(incoming())).toMatchObject({ ...target, displayName: null });
    expect(asking.asked).toMatchObject([[url, { event: 'call_incoming', call: { from: '+4930999999' } }]]);
    const silent = phones({ RULES: [rule({ kind: 'webhook', url })] });
    const why = says('could not decide: there is none');
    expect(await silent.book.route(incoming())).toMatchObject({ status: 480, why });
  });

  it('of an extension: to another, to a room by name, to a number, as whom it belongs to', async () => {
    const { office, book } = phones({
      EXTENSIONS: [EXTENSION, { ...EXTENSION, extension: '101' }],
      RULES: [rule({ kind: 'pin' }), { ruleId: 'desk', numbers: ['555'], target: ROOM }],
    });
    const dial = (to: string) => book.route(incoming({ trunkId: null, extension: '100', from: '100', to }));
    expect(await dial('101')).toEqual({
      kind: 'dial',
      way: { trunkId: null, target: '101', callerId: '100' },
    });
    expect(await dial('555')).toMatchObject({ kind: 'room', identity: 'ann', displayName: 'Desk' });
    expect(await dial('030999999')).toMatchObject({ kind: 'dial', way: { target: '+4930999999' } });
    expect(await dial('004315123456')).toMatchObject({ kind: 'reject', why: says('may not be called') });
    expect(await dial('nobody')).toMatchObject({ kind: 'reject', why: says('no room has one') });
    expect(await dial('112')).toMatchObject({ kind: 'reject', status: 403, why: says('emergency') });
    office.close();
  });

  it('is refused where there are as many as there may be: of the trunk, of the room, in all', async () => {
    const { book, calls } = phones({
      RULES: [rule(ROOM)],
      LIMITS_MAX_CALLS: '3',
      LIMITS_MAX_CALLS_PER_ROOM: '1',
    });
    const mine = record({ room: null });
    calls.started(mine);
    // It is noted before it is asked about.
    expect(await book.route(incoming({ legId: mine.callId }))).toMatchObject({ kind: 'room' });
    calls.started(record({ trunkId: null }));
    expect(await book.route(incoming())).toMatchObject({ status: 486, why: says('maxCallsPerRoom is 1') });
    calls.started(record({ room: null }));
    expect(await book.route(incoming())).toMatchObject({ status: 486, why: says('maxCalls is 3') });
    calls.ended({ ...mine, endedAt: Date.now(), state: 'ended' });
    calls.started(record({ room: null }));
    calls.ended(record({ callId: 'none', endedAt: 1 }));
  });
});

describe('a PIN that is entered', () => {
  const attempt = (digits: string, more: object = {}) => ({
    legId: 'L',
    from: '+4930999999',
    trunkId: 'carrier',
    digits,
    ...more,
  });

  it('opens its room; a wrong one, and one of a room that is gone, are told alike', async () => {
    const { book, pins, store } = phones();
    const digits = pins.ofRoom('RM_demo');
    const { digits: own } = pins.create(
      'RM_demo',
      { identity: 'bob', displayName: 'Bob', role: 'host' },
      { identity: 'a', displayName: 'A' },
    );
    expect(await book.checkPin(attempt(digits))).toEqual({
      ...{ kind: 'accepted', room: 'demo', identity: null, displayName: null, role: 'participant' },
    });
    expect(await book.checkPin(attempt(own))).toMatchObject({
      identity: 'bob',
      displayName: 'Bob',
      role: 'host',
    });
    expect(await book.checkPin(attempt('00000000'))).toEqual({ kind: 'wrong', triesLeft: 2 });
    store.rooms.delete('RM_demo');
    expect(await book.checkPin(attempt(digits))).toEqual({ kind: 'wrong', triesLeft: 1 });
  });

  it('is never tried a fourth time, not even the right one; nor by who was wrong ten times', async () => {
    const { book, pins } = phones();
    const digits = pins.ofRoom('RM_demo');
    for (const triesLeft of [2, 1, 0])
      expect(await book.checkPin(attempt('1'))).toEqual({ kind: 'wrong', triesLeft });
    expect(await book.checkPin(attempt(digits))).toEqual({ kind: 'locked' });
    book.legEnded('L');
    for (let nth = 0; nth < 7; nth++) await book.checkPin(attempt('1', { legId: `L${nth}` }));
    expect(await book.checkPin(attempt(digits, { legId: 'new' }))).toEqual({ kind: 'locked' });
    const why = says('Too many wrong PINs');
    expect(await book.route(incoming())).toMatchObject({ kind: 'reject', status: 480, why });
    expect(await book.route(incoming({ from: '+4930888888' }))).toMatchObject({ kind: 'pin' });
  });

  it('opens no room that is full, which is told, and counts as no wrong one', async () => {
    const { book, pins, calls } = phones({ LIMITS_MAX_CALLS_PER_ROOM: '1' });
    calls.started(record());
    const why = says('maxCallsPerRoom is 1');
    for (let nth = 0; nth < 4; nth++)
      expect(await book.checkPin(attempt(pins.ofRoom('RM_demo')))).toEqual({ kind: 'full', why });
  });

  it('stands in no line of the log', async () => {
    const { book, pins, log } = phones();
    const digits = pins.ofRoom('RM_demo');
    await book.checkPin(attempt('87654329'));
    await book.checkPin(attempt(digits));
    expect(log.join('')).toContain('wrong PIN');
    expect(log.join('')).not.toMatch(new RegExp(`87654329|${digits}`));
  });
});

describe('what is dialled', () => {
  const VIA = { trunkId: 'carrier', target: '+4930999999', callerId: '+493012345678' };
  const dial = (target: string, settings: object = {}) =>
    phones({ ...settings }).book.mayDial({ by: null, room: 'demo', target });

  it.each([
    ['030 999999', VIA],
    ['+4930999999', VIA],
    ['sip:030999999@sip.carrier.example', VIA],
    ['sip:030999999@SIP.carrier.example:5060', VIA],
    ['100', { trunkId: null, target: '100', callerId: null }],
    ['sip:100@parley', { trunkId: null, target: '100', callerId: null }],
  ])('%s is called', (target, way) => expect(dial(target)).toEqual(way));

  it.each([
    ['+431512345678', 'PHONE_NUMBER_REFUSED'],
    ['+499001234567', 'PHONE_NUMBER_REFUSED'],
    ['112', 'PHONE_NUMBER_INVALID'],
    ['ann', 'PHONE_NUMBER_INVALID'],
    ['sip:ann@10.0.0.1', 'PHONE_NUMBER_REFUSED'],
    ['sip:ann@sip.carrier.example', 'PHONE_NUMBER_REFUSED'],
    ['sip:ann@sip.carrier.example:99999', 'PHONE_NUMBER_INVALID'],
    ['sip:ann@pbx.example;x=y', 'PHONE_NUMBER_INVALID'],
    ['sip:a\r\nTo: b@pbx.example', 'PHONE_NUMBER_INVALID'],
  ])('%j is not: %s', (target, code) => {
    expect(() => dial(target)).toThrow(expect.objectContaining({ code }));
  });

  it('is an address of another host only where that is allowed', () => {
    const settings = { DIAL_HOSTS: ['PBX.example'] };
    expect(dial('SIP:ann@pbx.example:5070;transport=tcp', settings).target).toBe(
      'sip:ann@pbx.example:5070;transport=tcp',
    );
    expect(() => dial('sip:ann@pbx.example.org', settings)).toThrow(/dialHosts/);
    const any = { DIAL_HOSTS: ['*'] };
    expect(dial('sip:030999999@sip.carrier.example', any).trunkId).toBe('carrier');
    expect(() => dial('sip:+882135550000@sip.carrier.example', any)).toThrow(/\+882/);
  });

  it('goes by the trunk that names the number best, and by the next where that is busy', () => {
    const local = {
      ...TRUNK,
      trunkId: 'local',
      maxCalls: 1,
      outbound: { ...TRUNK.outbound, prefixes: ['+4930'] },
    };
    const { book, calls } = phones({ TRUNKS: [TRUNK, local] });
    const ask = () => book.mayDial({ by: null, room: null, target: '+4930999999' });
    expect(ask().trunkId).toBe('local');
    calls.started(record({ trunkId: 'local' }));
    expect(ask().trunkId).toBe('carrier');
    for (let nth = 0; nth < 2; nth++) calls.started(record());
    expect(ask).toThrow(
      expect.objectContaining({
        code: 'PHONE_LIMIT_REACHED',
        details: { limit: 'maxCalls of the trunk carrier', max: 2 },
      }),
    );
  });

  it('is refused where the minutes of the day are used up, also by calls before a crash', () => {
    const { book, calls, make } = phones();
    const now = Date.now();
    const ask = (asked = book) => asked.mayDial({ by: null, room: null, target: '+4930999999' });
    const long = {
      answeredAt: now - 3 * 60_000,
      startedAt: now - 3 * 60_000,
      endedAt: now,
      state: 'ended',
    } as const;
    calls.ended(record(long));
    expect(calls.minutesToday('carrier')).toBeLessThanOrEqual(3.1);
    ask();
    calls.ended(record(long));
    const isNewDay = now % 86_400_000 < 3 * 60_000;
    if (!isNewDay) expect(ask).toThrow(expect.objectContaining({ code: 'PHONE_LIMIT_REACHED' }));
    const later = make();
    if (!isNewDay) expect(() => ask(later.directory)).toThrow(/limit/);
    later.close();
  });

  it('is refused to who has as many calls as one may', () => {
    const ask = (present: number) =>
      phones({ LIMITS_MAX_CALLS_PER_PERSON: '2' }).book.mayDial({
        ...{ by: null, room: null, target: '100', present },
      });
    expect(ask(1).target).toBe('100');
    expect(() => ask(2)).toThrow(/maxCallsPerPerson|limit/i);
  });

  it('is nothing where there is nothing to call by', () => {
    expect(() => dial('+4930999999', { TRUNKS: [], EXTENSIONS: [] })).toThrow(
      expect.objectContaining({ code: 'PHONES_OFF' }),
    );
  });
});

describe('calls that are written down', () => {
  it('are told of once each: begun, answered, ended', () => {
    const { calls, told, store } = phones();
    const call = record({ answeredAt: null, state: 'ringing' });
    calls.started(call);
    calls.changed({ ...call, state: 'earlyMedia' });
    calls.changed({ ...call, answeredAt: 5, state: 'answered' });
    calls.changed({ ...call, answeredAt: 5, state: 'onHold' });
    calls.ended({ ...call, answeredAt: 5, endedAt: 9, state: 'ended' });
    expect(told.map(([event]) => event)).toEqual(['call_started', 'call_answered', 'call_ended']);
    expect(store.calls.find(call.callId)).toMatchObject({ state: 'ended', endedAt: 9 });
    expect(calls.open.size).toBe(0);
  });

  it('have ended with the last sign of life, where the process was killed', () => {
    const { calls, store, make, told } = phones();
    const call = record({ startedAt: 1000, answeredAt: 2000 });
    calls.started(call);
    store.meetings.beat(7000);
    const next = make();
    const ended = { state: 'ended', endedBy: 'server', endedAt: 7000 };
    expect(store.calls.find(call.callId)).toMatchObject(ended);
    expect([told.at(-1), store.calls.open()]).toEqual([['call_ended', expect.objectContaining(ended)], []]);
    next.close();
  });

  it('and those that were refused, with why; a flood of them is not', () => {
    const { calls, store, told } = phones();
    calls.ended(
      record({
        direction: 'in',
        answeredAt: null,
        endedAt: 5,
        endedBy: 'server',
        status: 404,
        why: 'No rule.',
        state: 'ended',
      }),
    );
    const refused = {
      trunkId: 'carrier',
      source: '203.0.113.1',
      from: '+1',
      to: '+2',
      status: 403,
      why: 'No.',
      at: 6,
    };
    for (let nth = 0; nth < 500; nth++) calls.refused({ ...refused, at: nth });
    const { calls: kept, nextBefore } = store.calls.refusals({ limit: 1000 });
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(120);
    expect(nextBefore).toBeNull();
    expect(kept.at(-1)).toMatchObject({ status: 404, why: 'No rule.' });
    expect(told.filter(([event]) => event === 'call_refused').length).toBe(kept.length - 1);
  });
});
