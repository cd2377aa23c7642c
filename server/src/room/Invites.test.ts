import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoomsHarness } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterAll(() => harness.close());

const HANNA = { identity: 'hanna', displayName: 'Hanna', role: 'host' } as const;

it('invitations and who came by them survive a crash', async () => {
  await harness.rooms.createRoom({ name: 'demo', settings: { guestsAllowed: false } });
  const { invite, code } = harness.rooms.room('demo').invites.create(HANNA, { maxUses: 2 });
  const admitted = await harness.rooms.admitGuest('demo', {
    identity: 'guest',
    create: false,
    invite: code,
    network: '192.0.2.1',
  });
  expect(admitted.invite).toMatchObject({ inviteId: invite.inviteId, role: 'participant' });
  await harness.enter('guest-1', { guest: true, invite: invite.inviteId });
  harness.crash();
  const { invites } = harness.rooms.room('demo');
  expect(invites.find(code)).toMatchObject({ ...invite, uses: 1 });
  invites.revokeOf('guest-1', HANNA);
  expect(invites.find(code)).toBeUndefined();
  harness.crash();
  expect(harness.rooms.room('demo').invites.all).toEqual([]);
});

it('an invitation cannot be made for the past', async () => {
  await harness.rooms.createRoom({ name: 'demo', settings: { guestsAllowed: false } });
  const { invites } = harness.rooms.room('demo');
  expect(() => invites.create(HANNA, { expiresAt: Date.now() })).toThrow(
    expect.objectContaining({ code: 'INVALID_PARAMS' }),
  );
});
