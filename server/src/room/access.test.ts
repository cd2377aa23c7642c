import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GuessLimiter } from './GuessLimiter.ts';
import { PasswordGate, type GatedRoom } from './PasswordGate.ts';
import { ParleyError } from '@parley/protocol';
import { hashPassword } from '../auth/passwords.ts';
import { RoomsHarness } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create({ PARLEY_ROOMS_AUTO_CREATE: 'false' });
});
afterEach(() => harness.reset());
afterAll(() => harness.close());
const codeOf = (error: unknown): string => (error instanceof ParleyError ? error.code : 'another error');
const coded = (code: string): unknown => expect.objectContaining({ code });

describe('access to a room', () => {
  it('with a password: who shows it is in, and need not show it again; hosts need none', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { password: 'tulip' } });
    await expect(harness.ask('ann')).rejects.toEqual(coded('ACCESS_REFUSED'));
    await expect(harness.ask('ann', {}, { password: 'rose' })).rejects.toEqual(coded('ACCESS_REFUSED'));
    const ann = await harness.enter('ann', {}, { password: 'tulip' });
    expect(ann.answer.room).toMatchObject({ hasPassword: true });
    expect(JSON.stringify(ann.answer)).not.toMatch(/tulip|scrypt/);
    await ann.participant.leave('left');
    await harness.enter('ann');
    await harness.enter('hanna', { role: 'host' });
    await harness.rooms.updateRoom('demo', { password: null });
    await harness.enter('bob');
  });

  it('of guests: the password shown for the token counts as long as it is the password', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { password: 'tulip' } });
    const admit = (password?: string) =>
      harness.rooms.admitGuest('demo', {
        identity: 'guest',
        ...{ create: false, network: '192.0.2.1' },
        ...(password !== undefined && { password }),
      });
    await expect(admit()).rejects.toEqual(coded('ACCESS_REFUSED'));
    const { passwordShown = '' } = await admit('tulip');
    await harness.enter('guest-1', { guest: true, pass: passwordShown });
    await harness.rooms.updateRoom('demo', { password: 'rose' });
    await expect(harness.ask('guest-2', { guest: true, pass: passwordShown })).rejects.toEqual(
      coded('ACCESS_REFUSED'),
    );
  });

  it('that is locked is for hosts and for those who were in', async () => {
    await harness.rooms.createRoom({ name: 'demo' });
    const ann = await harness.enter('ann');
    await harness.rooms.updateRoom('demo', { locked: true });
    await expect(harness.ask('bob')).rejects.toEqual(coded('ACCESS_REFUSED'));
    await ann.participant.leave('left');
    await harness.enter('ann');
    await harness.enter('hanna', { role: 'host' });
  });

  it('looks the same when it is unknown, locked or the password is wrong', async () => {
    await harness.rooms.createRoom({ name: 'locked', settings: { locked: true } });
    await harness.rooms.createRoom({ name: 'guarded', settings: { password: 'tulip' } });
    const refusal = async (room: string) => {
      const claims = { video: { room, roomJoin: true } };
      const error: unknown = await harness
        .ask('ann', claims, { password: 'x' })
        .catch((reason: unknown) => reason);
      return JSON.stringify(error);
    };
    const [unknown, locked, guarded] = [
      await refusal('nowhere'),
      await refusal('locked'),
      await refusal('guarded'),
    ];
    expect(locked).toBe(unknown);
    expect(guarded).toBe(unknown);
    expect(unknown).toContain('ACCESS_REFUSED');
  });

  it('outside its hours is for hosts', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { opensAt: Date.now() + 3_600_000 } });
    await expect(harness.ask('ann')).rejects.toEqual(coded('ROOM_NOT_OPEN'));
    await harness.enter('hanna', { role: 'host' });
    await harness.rooms.updateRoom('demo', { opensAt: null, closesAt: Date.now() + 3_600_000 });
    const ann = await harness.enter('ann');
    expect(ann.answer.roomState.endsAt).toEqual(expect.any(Number));
  });

  it('cannot be for hours that end before they begin', async () => {
    const refused = expect.objectContaining({
      ...{ code: 'INVALID_PARAMS', details: expect.objectContaining({ path: 'closesAt' }) as unknown },
    }) as unknown;
    const create = (settings: object) => harness.rooms.createRoom({ name: 'demo', settings });
    await expect(create({ opensAt: 2000, closesAt: 1000 })).rejects.toEqual(refused);
    expect(harness.rooms.find('demo')).toBeUndefined();
    await create({ opensAt: 2000 });
    await expect(harness.rooms.updateRoom('demo', { closesAt: 2000 })).rejects.toEqual(refused);
    await harness.rooms.updateRoom('demo', { closesAt: 3000 });
    await expect(harness.rooms.updateRoom('demo', { opensAt: 4000 })).rejects.toEqual(refused);
    await harness.rooms.updateRoom('demo', { opensAt: 4000, closesAt: null });
  });

  it('for an identity that is in: replaced or refused, as the room says', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { duplicateIdentity: 'refuse' } });
    const ann = await harness.enter('ann');
    await expect(harness.ask('ann')).rejects.toEqual(coded('IDENTITY_TAKEN'));
    expect(ann.ear.ended).toBeUndefined();
    // Somebody whose connection is lost may come back at once.
    ann.participant.setConnection('interrupted');
    await harness.enter('ann');
  });

  it('of guests ends where guests are not allowed', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { guestsAllowed: false } });
    await expect(harness.ask('guest-1', { guest: true })).rejects.toEqual(coded('GUESTS_REFUSED'));
  });
});

describe('who guesses passwords', { timeout: 30_000 }, () => {
  const attempt = (network: string, password: string | undefined = 'rose') => ({
    password,
    shown: undefined,
    network,
  });

  it('has ten tries of a network in half an hour, right or wrong thereafter', async () => {
    let now = 0;
    const gate = new PasswordGate(new GuessLimiter({ now: () => now, delay: 0 }));
    const room: GatedRoom = {
      record: { passwordHash: await hashPassword('tulip'), settings: { locked: false } },
      moderation: { tellOfGuessing: () => undefined },
    };
    for (let number = 0; number < 10; number += 1)
      await expect(gate.pass('demo', room, attempt('192.0.2.1'))).rejects.toEqual(coded('ACCESS_REFUSED'));
    await expect(gate.pass('demo', room, attempt('192.0.2.1', 'tulip'))).rejects.toMatchObject({
      code: 'TOO_MANY_TRIES',
      details: { retryAfter: 1800 },
    });
    await expect(gate.pass('demo', room, attempt('192.0.2.2', 'tulip'))).resolves.toBeDefined();
    now += 30 * 60_000;
    await expect(gate.pass('demo', room, attempt('192.0.2.1', 'tulip'))).resolves.toBeDefined();
  });

  it('has no more when the tries come all at once', async () => {
    const gate = new PasswordGate(new GuessLimiter({ now: () => 0, delay: 0 }));
    const room: GatedRoom = {
      record: { passwordHash: await hashPassword('tulip'), settings: { locked: false } },
      moderation: { tellOfGuessing: () => undefined },
    };
    const all = (count: number, password: string) =>
      Promise.allSettled(
        Array.from({ length: count }, () => gate.pass('demo', room, attempt('192.0.2.1', password))),
      );
    // A class behind one address knows the password.
    expect((await all(15, 'tulip')).map(({ status }) => status)).not.toContain('rejected');
    const codes = (await all(15, 'rose')).map((result) =>
      result.status === 'rejected' ? codeOf(result.reason) : 'ok',
    );
    expect(codes.filter((code) => code === 'ACCESS_REFUSED')).toHaveLength(10);
    expect(codes.filter((code) => code === 'TOO_MANY_TRIES')).toHaveLength(5);
  });

  it('from many networks makes every try slow, and the hosts are told once', async () => {
    const DELAY_MS = 200;
    const limiter = new GuessLimiter({ now: () => 0, delay: DELAY_MS });
    let told = 0;
    const gate = new PasswordGate(limiter);
    const room: GatedRoom = {
      record: { passwordHash: await hashPassword('tulip'), settings: { locked: false } },
      moderation: { tellOfGuessing: () => (told += 1) },
    };
    const tries = Array.from({ length: 30 }, (_, number) =>
      gate.pass('demo', room, attempt(`192.0.2.${number}`)),
    );
    for (const result of await Promise.allSettled(tries))
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ACCESS_REFUSED' } });
    await expect(gate.pass('demo', room, attempt('192.0.2.99'))).rejects.toEqual(coded('ACCESS_REFUSED'));
    expect(told).toBe(1);
    // The right password still opens, though not at once.
    const started = performance.now();
    await expect(gate.pass('demo', room, attempt('198.51.100.1', 'tulip'))).resolves.toBeDefined();
    expect(performance.now() - started).toBeGreaterThan(DELAY_MS - 2);
    await expect(gate.pass('other', room, attempt('198.51.100.1', 'tulip'))).resolves.toBeDefined();
  });

  it('gives none and has guessed nothing', async () => {
    const gate = new PasswordGate(new GuessLimiter({ now: () => 0, delay: 0 }));
    const none = { password: undefined, shown: undefined, network: '192.0.2.1' };
    for (let number = 0; number < 12; number += 1)
      await expect(gate.pass('demo', undefined, none)).rejects.toEqual(coded('ACCESS_REFUSED'));
  });
});
