import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Metrics } from '../observability/Metrics.ts';
import { Guest, camera, createPool, microphone, eventually } from './mediaFixtures.ts';
import type { MediaRoom } from './MediaRoom.ts';
import type { WorkerPool } from './WorkerPool.ts';

let pool: WorkerPool;
let metrics: Metrics;
let room: MediaRoom;
let ann: Guest;
let bob: Guest;

beforeAll(async () => ({ pool, metrics } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  ann = new Guest(room, 'ann');
  bob = new Guest(room, 'bob');
});
afterEach(() => room.close());

const gaugeOf = async (gauge: 'transports' | 'consumers') =>
  (await metrics[gauge].get()).values[0]?.value ?? 0;
const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });
/** Ann publishes; resolves when Bob has a consumer. */
const annPublishes = async (
  source: 'camera' | 'microphone' | 'screen' = 'camera',
  publicationId = 'PU_1',
) => {
  const { transportId } = await ann.createSend();
  const params = source === 'microphone' ? microphone(transportId) : camera(transportId, source);
  const published = await ann.endpoint.publish(publicationId, params);
  return { transportId, published };
};
const bobsConsumer = (index = 0) =>
  eventually(() => {
    const created = bob.of('media.consumerCreated')[index];
    if (!created) throw new Error('no consumer yet');
    return created;
  });

describe('transports', () => {
  it('describes a transport with candidates of the port that was opened', async () => {
    const made = await ann.createSend();
    expect(made.iceCandidates.map(({ protocol, address }) => [protocol, address])).toEqual([
      ['udp', '127.0.0.1'],
      ['tcp', '127.0.0.1'],
    ]);
    expect(new Set(made.iceCandidates.map(({ port }) => port)).size).toBe(1);
    expect(made.dtlsParameters.fingerprints.length).toBeGreaterThan(0);
    expect(made.sctpParameters.port).toBe(5000);
  });

  it('offers TCP only when that is asked for', async () => {
    const { iceCandidates } = await ann.endpoint.createTransport({ direction: 'send', forceTcp: true });
    expect(iceCandidates.map(({ protocol }) => protocol)).toEqual(['tcp']);
  });

  it('closes a former transport of the same direction', async () => {
    const before = await gaugeOf('transports');
    const first = await ann.createSend();
    const second = await ann.createSend();
    await ann.createRecv(room);
    expect(await gaugeOf('transports')).toBe(before + 2);
    await expect(ann.endpoint.restartIce({ transportId: first.transportId })).rejects.toThrow(
      error('TRANSPORT_NOT_FOUND'),
    );
    const { iceParameters } = await ann.endpoint.restartIce({ transportId: second.transportId });
    expect(iceParameters.usernameFragment).not.toBe(second.iceParameters.usernameFragment);
  });

  it('keeps one of two that were asked for at once', async () => {
    const before = await gaugeOf('transports');
    await Promise.allSettled([ann.createSend(), ann.createSend()]);
    expect(await gaugeOf('transports')).toBe(before + 1);
  });

  it('connects once', async () => {
    const { transportId } = await ann.createSend();
    const value = Array.from({ length: 32 }, () => 'AB').join(':');
    const connect = (fingerprints: { algorithm: string; value: string }[]) =>
      ann.endpoint.connectTransport({ transportId, dtlsParameters: { role: 'client', fingerprints } });
    await expect(connect([{ algorithm: 'sha-256', value: 'zz' }])).rejects.toThrow(error('MEDIA_REJECTED'));
    await expect(connect([{ algorithm: 'md5', value }])).rejects.toThrow(error('MEDIA_REJECTED'));
    await connect([{ algorithm: 'sha-256', value }]);
    await expect(connect([{ algorithm: 'sha-256', value }])).rejects.toThrow(error('WRONG_STATE'));
  });

  it('does not know the transports of others', async () => {
    const { transportId } = await ann.createSend();
    const dtlsParameters = { fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] };
    await bob.createSend();
    for (const attempt of [
      bob.endpoint.restartIce({ transportId }),
      bob.endpoint.connectTransport({ transportId, dtlsParameters }),
      bob.endpoint.publish('PU_x', camera(transportId)),
      bob.endpoint.produceData({ transportId, label: 'lossy', sctpStreamParameters: { streamId: 1 } }),
      bob.endpoint.consumeData({ transportId, label: 'lossy' }),
    ])
      await expect(attempt).rejects.toThrow(error('TRANSPORT_NOT_FOUND'));
  });

  it('refuses capabilities that make no sense', async () => {
    const rtpCapabilities = { codecs: [{ kind: 'video' as const, mimeType: 'nonsense', clockRate: 1 }] };
    await expect(ann.endpoint.createTransport({ direction: 'recv', rtpCapabilities })).rejects.toThrow(
      error('MEDIA_REJECTED'),
    );
  });
});

describe('publish', () => {
  it('says what was made of the track', async () => {
    const { published } = await annPublishes();
    expect(published).toMatchObject({ codec: 'video/VP8', layering: 'simulcast' });
  });

  it('refuses a second publication of a source, also at the same moment', async () => {
    const { transportId } = await ann.createSend();
    const results = await Promise.allSettled([
      ann.endpoint.publish('PU_1', camera(transportId)),
      ann.endpoint.publish('PU_2', camera(transportId)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(ann.endpoint.publish('PU_3', camera(transportId))).rejects.toThrow(error('SOURCE_TAKEN'));
    ann.endpoint.unpublish('PU_1');
    await ann.endpoint.publish('PU_4', camera(transportId));
  });

  it('refuses what the participant may not publish', async () => {
    const viewer = new Guest(room, 'viewer', { canPublishSources: ['microphone'] });
    const mute = new Guest(room, 'mute', { canPublish: false });
    for (const guest of [viewer, mute]) {
      const { transportId } = await guest.createSend();
      await expect(guest.endpoint.publish('PU_1', camera(transportId))).rejects.toThrow(
        error('PERMISSION_DENIED'),
      );
    }
  });

  it('tells in words why it refuses parameters, and leaves the source free', async () => {
    const { transportId } = await ann.createSend();
    const good = camera(transportId);
    const refused = [
      { ...microphone(transportId), source: 'camera' as const },
      { ...good, rtpParameters: { ...good.rtpParameters, codecs: microphone('').rtpParameters.codecs } },
      { ...good, rtpParameters: { ...good.rtpParameters, encodings: [{}, {}] } },
    ];
    for (const params of refused) {
      const failure: unknown = await ann.endpoint.publish('PU_1', params).catch((thrown: unknown) => thrown);
      expect(failure).toEqual(error('MEDIA_REJECTED'));
      expect(failure).toHaveProperty('details.reason', expect.stringMatching(/^[^\n]{5,}$/));
      expect(failure).not.toHaveProperty('details.reason', expect.stringMatching(/method:|\bat /));
    }
    await ann.endpoint.publish('PU_1', good);
  });

  it('cannot be done on the receive transport', async () => {
    const { transportId } = await ann.createRecv(room);
    await expect(ann.endpoint.publish('PU_1', camera(transportId))).rejects.toThrow(
      error('TRANSPORT_NOT_FOUND'),
    );
  });

  it('ends with its transport, and may be done again', async () => {
    await annPublishes();
    const { transportId } = await ann.createSend();
    await expect(ann.endpoint.setMuted('PU_1', true)).rejects.toThrow(error('PUBLICATION_NOT_FOUND'));
    await ann.endpoint.publish('PU_1', camera(transportId));
    await ann.endpoint.setMuted('PU_1', true);
  });

  it('knows only its own publications', async () => {
    await annPublishes();
    expect(() => bob.endpoint.unpublish('PU_1')).toThrow(error('PUBLICATION_NOT_FOUND'));
    await expect(bob.endpoint.setMuted('PU_1', true)).rejects.toThrow(error('PUBLICATION_NOT_FOUND'));
  });
});

describe('data channels', () => {
  it('opens both channels on both transports', async () => {
    const send = await ann.createSend();
    const recv = await ann.createRecv(room);
    for (const label of ['reliable', 'lossy'] as const) {
      const streamId = label === 'reliable' ? 0 : 1;
      await ann.endpoint.produceData({
        transportId: send.transportId,
        label,
        sctpStreamParameters: { streamId, ordered: label === 'reliable' },
      });
    }
    const reliable = await ann.endpoint.consumeData({ transportId: recv.transportId, label: 'reliable' });
    expect(reliable.sctpStreamParameters).toMatchObject({ ordered: true });
    const lossy = await ann.endpoint.consumeData({ transportId: recv.transportId, label: 'lossy' });
    expect(lossy).toMatchObject({
      label: 'lossy',
      sctpStreamParameters: { ordered: false, maxPacketLifeTime: 500 },
    });
    expect(lossy.sctpStreamParameters.streamId).not.toBe(reliable.sctpStreamParameters.streamId);
  });

  it('refuses senders without the permission and streams without a number', async () => {
    const silent = new Guest(room, 'silent', { canPublishData: false });
    const send = await silent.createSend();
    const sctpStreamParameters = { streamId: 0 };
    await expect(
      silent.endpoint.produceData({ transportId: send.transportId, label: 'lossy', sctpStreamParameters }),
    ).rejects.toThrow(error('PERMISSION_DENIED'));
    const { transportId } = await ann.createSend();
    await expect(
      ann.endpoint.produceData({ transportId, label: 'lossy', sctpStreamParameters: {} }),
    ).rejects.toThrow(error('MEDIA_REJECTED'));
  });

  it('takes a former channel’s place', async () => {
    const { transportId } = await ann.createSend();
    for (let round = 0; round < 3; round++)
      await ann.endpoint.produceData({
        transportId,
        label: 'reliable',
        sctpStreamParameters: { streamId: 0 },
      });
  });
});

describe('close', () => {
  it('frees everything, tells the others, and may be called again', async () => {
    const transportsBefore = await gaugeOf('transports');
    const consumersBefore = await gaugeOf('consumers');
    await bob.createRecv(room);
    await annPublishes();
    const { consumerId } = await bobsConsumer();
    ann.endpoint.close();
    ann.endpoint.close();
    expect(bob.of('media.consumerClosed')).toEqual([{ consumerId }]);
    bob.endpoint.close();
    expect(await gaugeOf('transports')).toBe(transportsBefore);
    expect(await gaugeOf('consumers')).toBe(consumersBefore);
    await expect(ann.createSend()).rejects.toThrow(error('MEDIA_UNAVAILABLE'));
  });
});
