import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Guest, camera, createPool, eventually, microphone } from './mediaFixtures.ts';
import type { MediaRoom } from './MediaRoom.ts';
import { codecNameOf, type RelayedCapabilities } from './Relay.ts';
import type { WorkerPool } from './WorkerPool.ts';

let pool: WorkerPool;
let room: MediaRoom;
let ann: Guest;

beforeAll(async () => ({ pool } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  ann = new Guest(room, 'ann');
});
afterEach(() => room.close());

/** Somebody who has these payload types. */
const capabilities = (opus: number, vp8: number): RelayedCapabilities => ({
  codecs: [
    { name: 'audio/opus', payloadType: opus, rtcpFeedback: [] },
    {
      name: 'video/vp8',
      payloadType: vp8,
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
  ],
  headerExtensions: [],
});

async function publish(): Promise<void> {
  const { transportId } = await ann.createSend();
  await ann.endpoint.publish('PUm', microphone(transportId));
  await ann.endpoint.publish('PUc', camera(transportId));
}

async function player(identity: string, relayed: RelayedCapabilities): Promise<Guest> {
  const guest = new Guest(room, identity);
  await guest.endpoint.createRelayedTransport(relayed);
  return guest;
}

/** Payload types and header extensions of what somebody gets, by publication. */
const received = (guest: Guest) =>
  guest.of('media.consumerCreated').map(({ publicationId, rtpParameters: { codecs, headerExtensions } }) => ({
    publicationId,
    types: codecs.map(({ payloadType, mimeType }) => `${mimeType} ${payloadType}`),
    extensions: headerExtensions?.length,
  }));

/** How many the relay has. */
async function producers(): Promise<number> {
  const { router } = await room.relay();
  return (await router.dump()).mapProducerIdConsumerIds.length;
}

describe('a receiver with payload types of its own', () => {
  it('gets each stream with them, without extensions that it did not agree to', async () => {
    await publish();
    const wall = await player('wall', capabilities(96, 127));
    await eventually(() => expect(received(wall)).toHaveLength(2));
    expect(received(wall)).toEqual(
      expect.arrayContaining([
        { publicationId: 'PUm', types: ['audio/opus 96'], extensions: 0 },
        { publicationId: 'PUc', types: ['video/VP8 127'], extensions: 0 },
      ]),
    );
  });
  it('shares a stream with who has the same, and takes none that nobody receives', async () => {
    await publish();
    const [one, alike, other] = await Promise.all([
      player('one', capabilities(96, 127)),
      player('alike', capabilities(97, 127)),
      player('other', capabilities(96, 100)),
    ]);
    for (const guest of [one, alike, other]) await eventually(() => expect(received(guest)).toHaveLength(2));
    expect(await producers()).toBe(4);
    one.endpoint.close();
    other.endpoint.close();
    await expect.poll(producers).toBe(2);
    alike.endpoint.close();
    await expect.poll(producers).toBe(0);
  });

  it('goes with the stream, and comes with it', async () => {
    await publish();
    const wall = await player('wall', capabilities(96, 127));
    await eventually(() => expect(received(wall)).toHaveLength(2));
    ann.endpoint.unpublish('PUm');
    await expect.poll(producers).toBe(1);
    ann.endpoint.close();
    await expect.poll(producers).toBe(0);
    ann = new Guest(room, 'ann');
    await publish();
    await eventually(() => expect(received(wall)).toHaveLength(4));
  });

  it('gets nothing of a codec that it does not have', async () => {
    await publish();
    const [audio] = capabilities(96, 127).codecs;
    const radio = await player('radio', { codecs: audio ? [audio] : [], headerExtensions: [] });
    await eventually(() => expect(received(radio)).toHaveLength(1));
    expect(received(radio)).toMatchObject([{ publicationId: 'PUm' }]);
  });

  it('ends with the room', async () => {
    await publish();
    await player('wall', capabilities(96, 127));
    const { router } = await room.relay();
    room.close();
    await expect.poll(() => router.closed).toBe(true);
  });
});

it.each([
  ['video/H264', { 'profile-level-id': '42e01f' }, 'video/h264'],
  ['video/h264', { 'profile-level-id': '640032' }, 'video/h264'],
  ['video/VP9', {}, 'video/vp9;profile-id=0'],
  ['video/VP9', { 'profile-id': 2 }, 'video/vp9;profile-id=2'],
  ['audio/opus', { stereo: 1 }, 'audio/opus'],
])('%s with %o is known as %s', (mimeType, parameters, name) => {
  expect(codecNameOf({ mimeType, parameters })).toBe(name);
});
