/** An extension with several phones: all ring, and one call comes of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncomingSession } from '../stack/session/IncomingSession.ts';
import { ControlHarness, EXTENSION } from './testing/ControlHarness.ts';
import { TestPhone } from './testing/TestPhone.ts';

const PATIENCE = { timeout: 5000, interval: 10 };

let harness: ControlHarness;
let phones: TestPhone[];
beforeEach(async () => {
  harness = new ControlHarness();
  phones = await Promise.all([TestPhone.open(), TestPhone.open(), TestPhone.open()]);
});
afterEach(async () => {
  await Promise.all([harness.stop(), ...phones.map((phone) => phone.close())]);
});

/** Registers so many phones as one extension, one after the other. */
async function register(count: number, maxContacts = 2) {
  const port = await harness.start({ extensions: [{ ...EXTENSION, maxContacts }] });
  const registrations = phones.slice(0, count).map((phone) => ({ phone, port }));
  const made = [];
  for (const { phone } of registrations) {
    const registration = phone.register('201', { password: EXTENSION.password, port });
    made.push(registration);
    await vi.waitFor(() => expect(registration.state.state).toMatch(/registered|failed/), PATIENCE);
  }
  return made.map(({ state }) => state.state);
}

/** Calls the extension; both of its phones ring. */
async function ringBoth(): Promise<[IncomingSession, IncomingSession]> {
  await harness.do({
    ...{ type: 'dial', legId: 'leg', trunkId: null, target: '201', callerId: null, displayName: 'Team' },
    ...{ digits: '', ringSeconds: 30 },
  });
  const taken = phones.slice(0, 2).map(async (phone) => {
    await vi.waitFor(() => expect(phone.ringing).toHaveLength(1), PATIENCE);
    const [call] = phone.ringing;
    if (!call) throw new Error('unreachable');
    const session = phone.take(call);
    session.ring();
    return session;
  });
  const [one, two] = await Promise.all(taken);
  if (!one || !two) throw new Error('unreachable');
  return [one, two];
}

const ended = () => harness.events.filter(({ type }) => type === 'ended');
const over = (session: IncomingSession) => vi.waitFor(() => expect(session.state).toBe('ended'), PATIENCE);

describe('an extension with two phones', () => {
  beforeEach(async () => {
    expect(await register(2)).toEqual(['registered', 'registered']);
  });

  it('is answered by the first, and the other stops ringing', async () => {
    const [one, two] = await ringBoth();
    expect(await harness.told('progress')).toMatchObject({ state: 'ringing' });
    const cause = vi.fn();
    one.on('ended', cause);
    await two.answer();
    await harness.told('answered');
    await over(one);
    expect(cause.mock.calls[0]?.[0]).toMatchObject({
      status: 487,
      reason: { protocol: 'SIP', cause: 200 },
    });
    expect(two.state).toBe('established');
    expect(ended()).toEqual([]);
    await two.end();
    expect((await harness.told('ended')).end).toMatchObject({ by: 'called', status: 200 });
  });

  it('gets keys by INFO where the one that answers takes no others', async () => {
    for (const phone of phones) phone.takesEvents = false;
    const [, two] = await ringBoth();
    const infos: string[] = [];
    two.on('info', ({ body }) => infos.push(body));
    await two.answer();
    await harness.told('answered');
    await harness.do({ type: 'sendDigits', legId: 'leg', digits: '7' });
    expect(infos).toEqual(['Signal=7\r\nDuration=160\r\n']);
  });

  it('has one call where both answer at once', async () => {
    const sessions = await ringBoth();
    await Promise.all(sessions.map((session) => session.answer()));
    await harness.told('answered');
    await vi.waitFor(
      () => expect(sessions.map(({ state }) => state).toSorted()).toEqual(['ended', 'established']),
      PATIENCE,
    );
    expect(harness.events.filter(({ type }) => type === 'answered')).toHaveLength(1);
    expect(ended()).toEqual([]);
  });

  it('goes on ringing while one is busy, and is over when the last is', async () => {
    const [one, two] = await ringBoth();
    one.reject(486);
    await over(one);
    two.ring();
    expect(ended()).toEqual([]);
    two.reject(480);
    expect((await harness.told('ended')).end).toMatchObject({ by: 'called', status: 486 });
  });

  it('declines by one phone for all', async () => {
    const [one, two] = await ringBoth();
    one.reject(603);
    await over(two);
    expect((await harness.told('ended')).end).toMatchObject({ by: 'called', status: 603 });
  });

  it('stops ringing everywhere when the call is taken back', async () => {
    const sessions = await ringBoth();
    await harness.do({ type: 'hangUp', legId: 'leg', by: 'host', why: 'Taken back.', prompt: null });
    await Promise.all(sessions.map(over));
    expect((await harness.told('ended')).end).toMatchObject({ by: 'host', why: 'Taken back.' });
  });
});

it('an extension has as many phones as it may', async () => {
  expect(await register(3)).toEqual(['registered', 'registered', 'failed']);
});
