import type { CreatedInvite, GuestJoinResult, InviteInfo } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Claims } from '../room/testing/RoomsHarness.ts';
import { ADMIN, JOIN, RealHarness, type Answer } from './testing/RealHarness.ts';

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create({ PARLEY_ROOMS_GUESTS_CREATE: 'false' });
});
afterEach(async () => {
  vi.useRealTimers();
  await harness.clear();
});
afterAll(() => harness.close());
const coded = (code: string): unknown => expect.objectContaining({ code });
const refused = (code: string): unknown => ({ error: coded(code) });

async function invite(body: object = {}, video = ADMIN): Promise<CreatedInvite> {
  const { body: made } = await harness.ask(['POST', '/rooms/demo/invites'], body, { video });
  return made as CreatedInvite;
}
let nextAddress = 0;
/** Each from an address of its own, so that wrong tries of one test do not count in another. */
const exchange = async (
  code: string,
  { room = 'demo', from = `192.0.2.${(nextAddress += 1)}` } = {},
): Promise<Answer> => {
  const answer = await harness.app.inject({
    ...{ method: 'POST', url: `/api/v1/rooms/${room}/join`, remoteAddress: from },
    payload: { displayName: 'Gus', invite: code },
  });
  return { status: answer.statusCode, body: answer.json(), text: answer.body };
};
/** The claims of the token that somebody got. */
async function claimsOf({ body }: Answer): Promise<{ identity: string; claims: Claims }> {
  const { token, identity } = body as GuestJoinResult;
  return { identity, claims: await harness.tokens.verify(token) };
}
async function enterBy(code: string) {
  const { identity, claims } = await claimsOf(await exchange(code));
  return harness.people.enter(identity, claims);
}

describe('an invitation', () => {
  it('leads past password and lock of a room that admits no guests, into its role', async () => {
    const settings = { password: 'tulip', locked: true, guestsAllowed: false };
    await harness.people.rooms.createRoom({ name: 'demo', settings });
    const made = await invite({ role: 'viewer', label: 'press' });
    expect(made.url).toBe(`http://meet.test/r/demo#invite=${made.code}`);
    const { participant } = await enterBy(made.code);
    expect(participant.info).toMatchObject({ role: 'viewer', displayName: 'Gus' });
    await participant.leave('left');
  });

  it('makes hosts, who need not wait in the lobby; others do', async () => {
    await harness.people.rooms.createRoom({ name: 'demo', settings: { lobby: 'guests' } });
    const host = await enterBy((await invite({ role: 'host' })).code);
    expect(host.participant.role).toBe('host');
    const { identity, claims } = await claimsOf(await exchange((await invite()).code));
    const { ear } = await harness.people.knock(identity, claims);
    host.room.lobby.admitAll(host.participant);
    expect(ear.last('knock.admitted')).toBeDefined();
    await harness.people.enter(identity, claims);
  });

  it('shows its code once, and the database has only its hash', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const { code, url, phone, ...info } = await invite({ label: 'for Gus', maxUses: 3 });
    const listed = await harness.ask(['GET', '/rooms/demo/invites']);
    expect(listed.body).toEqual({ items: [info], nextCursor: null });
    expect(phone).toEqual({ numbers: [], pin: null });
    expect(url).toContain(code);
    expect(info).toMatchObject({ role: 'participant', uses: 0, maxUses: 3, state: 'open' });
    const { roomId } = harness.people.rooms.getRoom('demo');
    const kind = { kind: 'invite', schema: {}, lasting: true };
    expect(JSON.stringify([...harness.people.stores.items.load(roomId, kind)])).not.toContain(code);
  });

  it('is refused like anything else when it is wrong, used up, expired, revoked, or of another room', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await harness.people.rooms.createRoom({ name: 'demo' });
    await harness.people.rooms.createRoom({ name: 'other' });
    const once = await invite({ maxUses: 1 });
    const brief = await invite({ expiresAt: Date.now() + 60_000 });
    const revoked = await invite();
    expect((await exchange(once.code)).status).toBe(200);
    expect((await exchange(brief.code)).status).toBe(200);
    vi.advanceTimersByTime(60_000);
    expect((await harness.ask(['DELETE', `/rooms/demo/invites/${revoked.inviteId}`])).status).toBe(204);
    const answers = [
      await exchange('wrong'),
      await exchange(once.code),
      await exchange(brief.code),
      await exchange(revoked.code),
      await exchange((await invite()).code, { room: 'other' }),
      await exchange('wrong', { room: 'nowhere' }),
    ];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.body).toEqual(refused('ACCESS_REFUSED'));
    const { body } = await harness.ask(['GET', '/rooms/demo/invites']);
    const states = (body as { items: InviteInfo[] }).items.map(({ state, uses }) => [state, uses]);
    expect(states.sort()).toEqual([
      ['expired', 1],
      ['open', 0],
      ['usedUp', 1],
    ]);
  });

  it('is used by no more than it says, though all ask at once', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const { code } = await invite({ maxUses: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => exchange(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  });

  it('counts as a wrong try when it is wrong', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const { code } = await invite();
    for (let number = 0; number < 10; number += 1)
      expect((await exchange(`wrong-${number}`, { from: '198.51.100.7' })).body).toEqual(
        refused('ACCESS_REFUSED'),
      );
    expect((await exchange('wrong', { from: '198.51.100.7' })).body).toEqual(refused('TOO_MANY_TRIES'));
    // Whoever sits in the same office has a code, and has guessed nothing.
    expect((await exchange(code, { from: '198.51.100.7' })).status).toBe(200);
  });

  it('that is revoked ends its tokens, but not for those who are in the meeting', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const { code, inviteId } = await invite({ role: 'host' });
    const inside = await enterBy(code);
    const outside = await claimsOf(await exchange(code));
    await harness.ask(['DELETE', `/rooms/demo/invites/${inviteId}`]);
    await inside.participant.leave('connectionLost');
    await harness.people.enter(inside.participant.identity, { role: 'host', guest: true, invite: inviteId });
    await expect(harness.people.ask(outside.identity, outside.claims)).rejects.toEqual(
      coded('ACCESS_REFUSED'),
    );
    const asHost = { video: JOIN, role: 'host', invite: inviteId } as const;
    const listed = await harness.ask(['GET', '/rooms/demo/invites'], undefined, asHost);
    expect(listed.body).toEqual(refused('PERMISSION_DENIED'));
    expect((await harness.ask(['DELETE', `/rooms/demo/invites/${inviteId}`])).body).toEqual(
      refused('INVITE_NOT_FOUND'),
    );
  });

  it('is revoked when somebody who came by it is banned, wherever they are by then', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const [first, second] = [await invite(), await invite()];
    const inside = await enterBy(first.code);
    const gone = await enterBy(second.code);
    await gone.participant.leave('left');
    for (const { participant } of [inside, gone])
      await harness.ask(['POST', '/rooms/demo/bans'], { identity: participant.identity });
    expect(inside.ear.ended).toMatchObject({ reason: 'banned' });
    for (const { code } of [first, second])
      expect((await exchange(code)).body).toEqual(refused('ACCESS_REFUSED'));
  });

  it('keeps a room that was only passing', async () => {
    await harness.people.enter('hanna', { role: 'host' });
    const { inviteId } = await invite({}, { ...JOIN, roomAdmin: true });
    await harness.ask(['POST', '/rooms/demo/end']);
    const { rooms } = harness.people;
    expect(rooms.room('demo').invites.isOpen(inviteId)).toBe(true);
    const stored = harness.people.stores.rooms.load();
    expect(stored).toMatchObject([{ name: 'demo', kept: true }]);
  });

  it('for owners takes the right to make rooms', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const ask = (video: typeof ADMIN, role?: 'owner' | 'host') =>
      harness.ask(['POST', '/rooms/demo/invites'], { role: 'owner' }, { video, ...(role && { role }) });
    expect((await ask(ADMIN)).status).toBe(201);
    expect((await ask({ roomAdmin: true })).body).toEqual(refused('PERMISSION_DENIED'));
    expect((await ask(JOIN, 'owner')).body).toEqual(refused('PERMISSION_DENIED'));
    expect((await ask(JOIN)).body).toEqual(refused('PERMISSION_DENIED'));
  });
});
