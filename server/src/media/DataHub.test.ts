import { createWorker, type types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeDataFrame, encodeDataFrame, type DataChannelLabel } from '@parley/protocol';
import { Metrics } from '../observability/Metrics.ts';
import { DataHub } from './DataHub.ts';
import { logger, eventually } from './mediaFixtures.ts';

let worker: types.Worker;
let router: types.Router;
let metrics: Metrics;
let hub: DataHub;

beforeAll(async () => {
  worker = await createWorker();
});
afterAll(() => worker.close());
beforeEach(async () => {
  router = await worker.createRouter();
  metrics = new Metrics();
  hub = await DataHub.create(router, logger, metrics);
});
afterEach(() => router.close());

/** A participant whose channels end in this process, where a browser's would end in SCTP. */
async function enter(participantId: string, zoneId = 'main') {
  hub.addParticipant(participantId, zoneId);
  const transport = await router.createDirectTransport();
  const outgoing: Partial<Record<DataChannelLabel, types.DataProducer>> = {};
  const received: string[] = [];
  for (const label of ['reliable', 'lossy'] as const) {
    const producer = await transport.produceData({ label });
    outgoing[label] = producer;
    await hub.listen(participantId, label, producer.id);
    const channel = await hub.openChannel(participantId, label, transport);
    channel.on('message', (message) => {
      const { header, payload } = decodeDataFrame(message);
      received.push(`${label} ${JSON.stringify(header)} ${Buffer.from(payload).toString()}`);
    });
  }
  const sendRaw = (message: Buffer, label: DataChannelLabel = 'reliable') => outgoing[label]?.send(message);
  const send = (
    header: { topic: string; to?: string[] },
    text: string,
    label: DataChannelLabel = 'reliable',
  ) => sendRaw(Buffer.from(encodeDataFrame(header, Buffer.from(text))), label);
  return { send, sendRaw, received };
}
const droppedFor = async (reason: string) =>
  (await metrics.dataDropped.get()).values.find(({ labels }) => labels['reason'] === reason)?.value ?? 0;

describe('DataHub', () => {
  it('sends to everybody else, to some, or to nobody, in order and with the sender', async () => {
    const [ann, bob, cat] = [await enter('ann'), await enter('bob'), await enter('cat')];
    ann.send({ topic: 'chat' }, 'all');
    ann.send({ topic: 'chat', to: ['cat'] }, 'cat only');
    ann.send({ topic: 'chat', to: ['nobody', 'ann'] }, 'lost');
    ann.send({ topic: 'cursor', to: ['bob', 'cat'] }, 'both', 'lossy');
    ann.send({ topic: 'chat' }, 'end');
    await eventually(() => expect(cat.received).toHaveLength(4));
    const head = (topic: string) => `{"topic":"${topic}","from":"ann"}`;
    expect(cat.received).toEqual([
      `reliable ${head('chat')} all`,
      `reliable ${head('chat')} cat only`,
      `lossy ${head('cursor')} both`,
      `reliable ${head('chat')} end`,
    ]);
    await eventually(() => expect(bob.received).toHaveLength(3));
    expect(bob.received.join()).not.toContain('cat only');
    expect(ann.received).toEqual([]);
  });

  it('drops what it cannot read, and goes on', async () => {
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    ann.sendRaw(Buffer.from('not a frame'));
    ann.sendRaw(Buffer.from([0]));
    ann.sendRaw(Buffer.alloc(30_000));
    ann.send({ topic: 'chat' }, 'still here');
    await eventually(() => expect(bob.received).toHaveLength(1));
    expect(await droppedFor('malformed')).toBe(3);
  });

  it('drops what is too much, of that sender alone', async () => {
    const [ann, bob, cat] = [await enter('ann'), await enter('bob'), await enter('cat')];
    for (let index = 0; index < 1_000; index++) ann.send({ topic: 't', to: ['cat'] }, 'x');
    bob.send({ topic: 't', to: ['cat'] }, 'bob');
    await eventually(() => expect(cat.received.at(-1)).toContain('"from":"bob"'));
    expect(cat.received.length).toBeGreaterThanOrEqual(201);
    expect((await droppedFor('rate')) + cat.received.length).toBe(1_001);
    expect(await droppedFor('rate')).toBeGreaterThan(0);
  });

  it('reaches only those who are there', async () => {
    const [ann, bob, cat] = [await enter('ann'), await enter('bob'), await enter('cat')];
    hub.removeParticipant('ann');
    ann.send({ topic: 't' }, 'from nobody');
    bob.send({ topic: 't', to: ['ann', 'cat'] }, 'hello');
    await eventually(() => expect(cat.received).toHaveLength(1));
    expect(cat.received[0]).toContain('hello');
    expect(ann.received).toEqual([]);
  });
});
