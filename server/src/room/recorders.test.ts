import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signRecorderToken } from '../auth/recorderToken.ts';
import { TokenService } from '../auth/TokenService.ts';
import { joinGrantsOf } from '../auth/grants.ts';
import { RoomsHarness, type Claims } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterEach(() => harness.reset());
afterAll(() => harness.close());

const RECORDER: Claims = { name: 'Recorder', video: { recorder: true } };
const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });
const host = (claims: Claims = {}) => harness.enter('hanna', { role: 'host', ...claims });
const enterRecorder = () => harness.enter('recorder', RECORDER);

describe('a recorder', () => {
  it('is seen by everybody, and sends nothing', async () => {
    const hanna = await host();
    const { participant } = await enterRecorder();
    expect(hanna.ear.last('participant.joined')?.participant).toMatchObject({
      ...{ identity: 'recorder', displayName: 'Recorder', kind: 'recorder', role: 'viewer' },
    });
    expect(participant.permissions).toMatchObject({
      ...{ canSubscribe: true, canPublish: false, canPublishData: false, canChat: false, hidden: false },
    });
  });

  it('alone gets a plain transport', async () => {
    const [hanna, { participant, answer }] = [await host(), await enterRecorder()];
    const params = { ip: '127.0.0.1', port: 40_000, rtpCapabilities: answer.rtpCapabilities };
    expect(() => hanna.participant.createPlainTransport(params)).toThrow(error('PERMISSION_DENIED'));
    await expect(participant.createPlainTransport(params)).resolves.toMatchObject({ ip: '127.0.0.1' });
  });

  it('waits for nobody, needs no password, and takes no place', async () => {
    const { room } = await host();
    const settings = { lobby: 'everyone', locked: true, password: 'secret', maxParticipants: 2 } as const;
    await room.run(() => room.update(null, settings));
    await enterRecorder();
    expect(room.info.numParticipants).toBe(1);
    expect(room.participants).toHaveLength(2);
    await room.run(() => room.update(null, { lobby: 'off', locked: false, password: null }));
    await harness.enter('ann');
    await expect(harness.ask('bob')).rejects.toThrow(error('ROOM_FULL'));
  });

  it('makes no room and begins no meeting', async () => {
    await expect(harness.ask('recorder', RECORDER)).rejects.toThrow(error('ACCESS_REFUSED'));
    await harness.rooms.createRoom({ name: 'demo' });
    await expect(harness.ask('recorder', RECORDER)).rejects.toThrow(error('MEETING_NOT_FOUND'));
  });

  it('keeps no meeting going', async () => {
    const hanna = await host();
    const { room } = hanna;
    await room.run(() => room.update(null, { emptyTimeout: 0 }));
    const { ear } = await enterRecorder();
    expect(room.isEmpty).toBe(false);
    await hanna.participant.leave('left');
    await expect.poll(() => ear.ended?.reason).toBe('roomClosed');
    expect(room.meetingId).toBeNull();
  });

  it('is no host, and nobody makes it one', async () => {
    const [{ room, participant: by }, { participant }] = [await host(), await enterRecorder()];
    const { participantId } = participant;
    expect(() => room.moderation.setRole(by, { participantId, role: 'host' })).toThrow(
      error('PERMISSION_DENIED'),
    );
    expect(() => room.moderation.rename(by, { participantId, displayName: 'X' })).toThrow(
      error('PERMISSION_DENIED'),
    );
    expect(() => room.moderation.sendToLobby(by, participantId)).toThrow(error('PERMISSION_DENIED'));
    const mute = room.moderation.mute(by, { participantId, source: 'microphone' });
    await expect(mute).rejects.toThrow(error('PERMISSION_DENIED'));
    await by.leave('left');
    expect(room.hostPresent).toBe(false);
  });

  it('can be sent away', async () => {
    const [{ room, participant: by }, { participant, ear }] = [await host(), await enterRecorder()];
    room.moderation.remove(by, { participantId: participant.participantId });
    expect(ear.ended).toMatchObject({ reason: 'removed', rejoin: false });
  });

  it('goes into any breakout room, is in nobody’s way there, and comes back to it', async () => {
    const [hanna, ann, { participant }] = [await host(), await harness.enter('ann'), await enterRecorder()];
    const { breakouts } = hanna.room;
    const [red = '', blue = ''] = breakouts.create(hanna.participant, ['Red', 'Blue']);
    breakouts.assignRandomly(hanna.participant);
    breakouts.open(hanna.participant, {});
    expect(participant.breakoutId).toBeNull();
    expect(() => breakouts.visit(ann.participant, ann.participant.breakoutId === red ? blue : red)).toThrow(
      error('PERMISSION_DENIED'),
    );
    for (const breakoutId of [red, blue]) breakouts.visit(participant, breakoutId);
    const shown = breakouts.stateFor(hanna.participant);
    expect(shown?.rooms.flatMap(({ people }) => people.map(({ identity }) => identity))).toEqual(['ann']);
    expect((await enterRecorder()).participant.breakoutId).toBe(blue);
  });

  it('comes with a token for one room, which the server signs', async () => {
    const tokens = await TokenService.create(
      { apiKey: 'key', apiSecret: 'x'.repeat(32) },
      { clockLeeway: 0 },
    );
    const token = signRecorderToken(tokens, { room: 'demo', identity: 'EG_1', displayName: 'Recorder' });
    expect(joinGrantsOf(await tokens.verify(token))).toMatchObject({
      ...{ room: 'demo', identity: 'EG_1', kind: 'recorder', role: 'viewer', roomCreate: false },
    });
  });
});
