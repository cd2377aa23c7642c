import type { ParticipantInfo } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JOIN, RealHarness } from './testing/RealHarness.ts';

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create();
});
afterEach(() => harness.clear());
afterAll(() => harness.close());
const coded = (code: string): unknown => expect.objectContaining({ code });
const refused = (code: string): unknown => ({ error: coded(code) });
const PEOPLE = '/rooms/demo/participants';
/** What an integrator's token stands for in the audit log and to participants. */
const BOT = { sub: 'crm', name: 'Front desk' };

describe('an integrator', () => {
  it('promotes, renames and demotes somebody without a reconnect', async () => {
    const bob = await harness.people.enter('bob');
    const changed = await harness.ask(
      ['PATCH', `${PEOPLE}/bob`],
      { role: 'host', displayName: 'Bob B.' },
      BOT,
    );
    expect(changed.body).toMatchObject({ identity: 'bob', role: 'host', displayName: 'Bob B.' });
    expect(bob.ear.last('self.permissions')?.permissions.canAdmit).toBe(true);
    const demoted = await harness.ask(['PATCH', `${PEOPLE}/bob`], { role: 'viewer' }, BOT);
    expect((demoted.body as ParticipantInfo).role).toBe('viewer');
    expect(bob.ear.ended).toBeUndefined();
    expect((await harness.ask(['PATCH', `${PEOPLE}/bob`], {}, BOT)).body).toEqual(refused('INVALID_PARAMS'));
    expect((await harness.ask(['PATCH', `${PEOPLE}/eve`], { role: 'host' }, BOT)).body).toEqual(
      refused('PARTICIPANT_NOT_FOUND'),
    );
  });

  it('sees who waits, writes to them, admits and denies', async () => {
    await harness.people.rooms.createRoom({ name: 'demo', settings: { lobby: 'notHosts' } });
    const [ann, bob, eve] = [
      await harness.people.knock('ann'),
      await harness.people.knock('bob'),
      await harness.people.knock('eve'),
    ];
    const listed = await harness.ask(['GET', '/rooms/demo/lobby'], undefined, BOT);
    expect(listed.body).toMatchObject({
      items: [{ identity: 'ann' }, { identity: 'bob' }, { identity: 'eve' }],
    });
    await harness.ask(['POST', '/rooms/demo/lobby/messages'], { text: 'Soon.' }, BOT);
    expect(bob.ear.last('knock.message')).toEqual({ text: 'Soon.', from: 'Front desk' });
    const lobby = (who: { waiting: { knockId: string } }, verb: string): ['POST', string] => [
      'POST',
      `/rooms/demo/lobby/${who.waiting.knockId}/${verb}`,
    ];
    expect((await harness.ask(lobby(eve, 'deny'), { ban: true }, BOT)).status).toBe(204);
    expect(eve.ear.ended).toMatchObject({ reason: 'banned' });
    expect((await harness.ask(lobby(ann, 'admit'), undefined, BOT)).status).toBe(204);
    expect((await harness.ask(lobby(ann, 'admit'), undefined, BOT)).body).toEqual(refused('KNOCK_NOT_FOUND'));
    expect((await harness.ask(['POST', '/rooms/demo/lobby/admit'], undefined, BOT)).status).toBe(204);
    for (const { ear } of [ann, bob]) expect(ear.last('knock.admitted')).toBeDefined();
    await harness.people.enter('ann');
  });

  it('sends somebody back to the lobby, and ends the meeting', async () => {
    const bob = await harness.people.enter('bob');
    expect((await harness.ask(['POST', `${PEOPLE}/bob/lobby`], undefined, BOT)).status).toBe(204);
    expect(bob.ear.sentBackTo).toBeDefined();
    const ann = await harness.people.enter('ann');
    expect((await harness.ask(['POST', '/rooms/demo/end'], undefined, BOT)).status).toBe(204);
    expect(ann.ear.ended).toMatchObject({ reason: 'roomClosed' });
    await harness.people.rooms.createRoom({ name: 'demo' });
    expect((await harness.ask(['POST', '/rooms/demo/end'], undefined, BOT)).body).toEqual(
      refused('MEETING_NOT_FOUND'),
    );
  });

  it('bans whoever is in, waits or is away, and lifts it', async () => {
    await harness.people.rooms.createRoom({ name: 'demo' });
    const bob = await harness.people.enter('bob');
    for (const identity of ['bob', 'zoe', 'zoe'])
      expect((await harness.ask(['POST', '/rooms/demo/bans'], { identity }, BOT)).body).toMatchObject({
        identity,
        by: 'crm',
        networkUntil: null,
      });
    expect(bob.ear.ended).toMatchObject({ reason: 'banned' });
    for (const identity of ['bob', 'zoe'])
      await expect(harness.people.ask(identity)).rejects.toEqual(coded('BANNED'));
    const listed = await harness.ask(['GET', '/rooms/demo/bans'], undefined, BOT);
    expect(listed.body).toMatchObject({ items: [{ identity: 'bob' }, { identity: 'zoe' }] });
    expect((await harness.ask(['DELETE', '/rooms/demo/bans/bob'], undefined, BOT)).status).toBe(204);
    expect((await harness.ask(['DELETE', '/rooms/demo/bans/bob'], undefined, BOT)).body).toEqual(
      refused('BAN_NOT_FOUND'),
    );
    await harness.people.enter('bob');
  });

  it('removes and mutes owners, too', async () => {
    const olga = await harness.people.enter('olga', { role: 'owner' });
    expect((await harness.ask(['POST', `${PEOPLE}/olga/mute`], undefined, BOT)).status).toBe(200);
    expect((await harness.ask(['DELETE', `${PEOPLE}/olga`], undefined, BOT)).status).toBe(204);
    expect(olga.ear.ended).toMatchObject({ reason: 'removed' });
  });
});

describe('somebody with a token for joining', () => {
  const as = (sub: string, more: object = {}) => ({ sub, video: JOIN, ...more });

  it('acts as the host that they are at the moment, whatever the token says', async () => {
    const { people } = harness;
    const hanna = await people.enter('hanna', { role: 'host' });
    const bob = await people.enter('bob');
    const rename = (sub: string, more?: object) =>
      harness.ask(['PATCH', `${PEOPLE}/bob`], { displayName: 'B' }, as(sub, more));
    expect((await rename('hanna', { role: 'host' })).status).toBe(200);
    expect((await rename('bob')).body).toEqual(refused('PERMISSION_DENIED'));
    const { participantId } = bob.participant;
    hanna.room.moderation.setRole(hanna.participant, { participantId, role: 'host' });
    expect((await rename('bob')).status).toBe(200);
    await harness.ask(['PATCH', `${PEOPLE}/hanna`], { role: 'participant' }, as('bob'));
    expect((await rename('hanna', { role: 'host' })).body).toEqual(refused('PERMISSION_DENIED'));
  });

  it('cannot lift the own ban, act on owners, or on another room', async () => {
    const { people } = harness;
    await people.rooms.createRoom({ name: 'demo' });
    await people.rooms.createRoom({ name: 'other' });
    await people.enter('olga', { role: 'owner' });
    const host = as('hanna', { role: 'host' });
    for (const request of [
      ['DELETE', `${PEOPLE}/olga`],
      ['POST', `${PEOPLE}/olga/lobby`],
      ['GET', '/rooms/other/bans'],
      ['GET', '/rooms/other/lobby'],
    ] as const)
      expect((await harness.ask([...request], undefined, host)).body).toEqual(refused('PERMISSION_DENIED'));
    await harness.ask(['POST', '/rooms/demo/bans'], { identity: 'hanna' });
    expect((await harness.ask(['DELETE', '/rooms/demo/bans/hanna'], undefined, host)).body).toEqual(
      refused('PERMISSION_DENIED'),
    );
  });
});
