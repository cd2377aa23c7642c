/** Webhooks as an integrator uses them: set up by REST, told what happens in real rooms, over real HTTP. */
import { createHash } from 'node:crypto';
import type { Webhook, WebhookDelivery } from '@parley/protocol';
import { createVerifier } from 'fast-jwt';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Receiver, status } from '../webhooks/testing/Receiver.ts';
import { KEYS } from './testing/harness.ts';
import { RealHarness } from './testing/RealHarness.ts';

let harness: RealHarness;
const receivers: Receiver[] = [];
beforeAll(async () => {
  const env = { PARLEY_WEBHOOKS_ALLOW_PRIVATE: 'true' };
  harness = await RealHarness.create(env, { retryDelay: () => 0 });
});
afterEach(async () => {
  await harness.clear();
  for (const { webhookId } of await list()) await harness.ask(['DELETE', `/webhooks/${webhookId}`]);
  for (const receiver of receivers.splice(0)) await receiver.close();
});
afterAll(() => harness.close());

const refused = (code: string): unknown => ({ error: expect.objectContaining({ code }) as unknown });
const list = async () => ((await harness.ask(['GET', '/webhooks'])).body as { items: Webhook[] }).items;
async function listen(more: object = {}): Promise<{ receiver: Receiver; url: string }> {
  const receiver = await Receiver.listen();
  receivers.push(receiver);
  const { body } = await harness.ask(['POST', '/webhooks'], { url: receiver.url, ...more });
  return { receiver, url: `/webhooks/${(body as Webhook).webhookId}` };
}
const log = async (url: string, query = '') =>
  ((await harness.ask(['GET', `${url}/deliveries${query}`])).body as { items: WebhookDelivery[] }).items;
const settled = (url: string, count: number) =>
  vi.waitFor(
    async () => {
      expect(await log(url, '?status=delivered')).toHaveLength(count);
    },
    { timeout: 5000 },
  );

/** What an integrator does with what arrives. */
function verify({ headers, body }: Receiver['received'][number]): unknown {
  const check = createVerifier({ key: KEYS.apiSecret, algorithms: ['HS256'], allowedIss: KEYS.apiKey });
  const claims = check(headers.authorization ?? '') as { sha256: string; exp: number };
  if (claims.sha256 !== createHash('sha256').update(body).digest('base64')) throw new Error('wrong body');
  return JSON.parse(body.toString());
}

describe('a webhook', () => {
  it('is made, read, changed and deleted', async () => {
    const { receiver, url } = await listen({ events: ['room_started'], room: 'demo' });
    const [made] = await list();
    expect(made).toMatchObject({ url: receiver.url, enabled: true, fixed: false, events: ['room_started'] });
    expect((await harness.ask(['GET', url])).body).toEqual(made);
    const changed = await harness.ask(['PATCH', url], { events: null, enabled: false });
    expect(changed.body).toEqual({ ...made, events: null, enabled: false });
    expect((await harness.ask(['DELETE', url])).status).toBe(204);
    for (const ask of [['GET', url] as const, ['DELETE', url] as const])
      expect((await harness.ask([...ask])).body).toEqual(refused('WEBHOOK_NOT_FOUND'));
  });

  it('is refused with an address or event that does not do', async () => {
    for (const url of ['ftp://example.com/', 'nonsense', 'https://a:b@example.com/'])
      expect((await harness.ask(['POST', '/webhooks'], { url })).body).toEqual(refused('URL_REFUSED'));
    const unknown = { url: 'https://1.1.1.1/', events: ['room_exploded'] };
    expect((await harness.ask(['POST', '/webhooks'], unknown)).body).toEqual(refused('INVALID_PARAMS'));
  });

  it('is refused inside the network of the server, unless that is allowed', async () => {
    const strict = await RealHarness.create();
    try {
      for (const url of [
        'http://127.0.0.1/',
        'http://localhost/',
        'http://[::1]/',
        'http://169.254.169.254/',
      ])
        expect((await strict.ask(['POST', '/webhooks'], { url })).body).toEqual(refused('URL_REFUSED'));
    } finally {
      await strict.close();
    }
  });
});

describe('what happens in a room', () => {
  it('is told in order, numbered, and signed over the very bytes', async () => {
    const { receiver } = await listen();
    await harness.people.rooms.createRoom({ name: 'demo', settings: { lobby: 'notHosts' } });
    const hanna = await harness.people.enter('hanna', { role: 'host' });
    const { waiting } = await harness.people.knock('ann');
    await harness.ask(['POST', `/rooms/demo/lobby/${waiting.knockId}/admit`], undefined, { sub: 'crm' });
    const ann = await harness.people.enter('ann');
    ann.room.chat.send(ann.participant, { text: 'hello' });
    ann.room.chat.send(ann.participant, { text: 'psst', to: hanna.participant.participantId });
    await harness.ask(['PATCH', '/rooms/demo/participants/ann'], { role: 'host' });
    await ann.participant.leave('connectionLost');
    await harness.ask(['POST', '/rooms/demo/end']);
    await receiver.until(12);
    expect(receiver.names).toEqual([
      ...['room_started', 'participant_joined', 'lobby_knocked', 'lobby_admitted', 'participant_joined'],
      ...['chat_message_sent', 'chat_message_sent', 'participant_role_changed'],
      ...['participant_connection_aborted', 'participant_left', 'participant_left', 'room_finished'],
    ]);
    expect(receiver.received.map(verify)).toEqual(receiver.events);
    expect(receiver.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const [, joined, knocked, admitted, , said, whispered] = receiver.events;
    const { participantId } = hanna.participant;
    expect(joined?.participant).toMatchObject({ sid: participantId, identity: 'hanna', kind: 'STANDARD' });
    expect(knocked?.knock).toMatchObject({ knockId: waiting.knockId, identity: 'ann' });
    expect(admitted?.by?.identity).toBe('crm');
    expect([said?.message?.text, whispered?.message?.text]).toEqual(['hello', null]);
    expect(receiver.events.at(-1)).toMatchObject({ reason: 'roomClosed', room: { numParticipants: 0 } });
    const forged = { ...receiver.received[0], body: Buffer.from('{}') } as Receiver['received'][number];
    expect(() => verify(forged)).toThrow('wrong body');
  });

  it('is not a token to come in with', async () => {
    const { receiver, url } = await listen();
    await harness.ask(['POST', `${url}/test`]);
    const authorization = `Bearer ${receiver.received[0]?.headers.authorization ?? ''}`;
    const answer = await harness.app.inject({ url: '/api/v1/webhooks', headers: { authorization } });
    expect(answer.json()).toEqual(refused('TOKEN_INVALID'));
  });
});

describe('deliveries', () => {
  it('are tested, read and replayed', async () => {
    const { receiver, url } = await listen({ enabled: false });
    receiver.script.push(status(500));
    const failed = await harness.ask(['POST', `${url}/test`]);
    expect(failed.body).toMatchObject({
      event: 'webhook_test',
      status: 'failed',
      responseStatus: 500,
      room: null,
    });
    expect((await harness.ask(['POST', `${url}/test`])).body).toMatchObject({ status: 'delivered', seq: 0 });
    await harness.ask(['PATCH', url], { enabled: true });
    await harness.people.rooms.createRoom({ name: 'demo' });
    await harness.ask(['PATCH', '/rooms/demo'], { settings: { title: 'New' } });
    await settled(url, 2);
    const [updated] = await log(url);
    const path = `${url}/deliveries/${updated?.deliveryId ?? ''}`;
    expect((await harness.ask(['GET', path])).body).toMatchObject({
      ...updated,
      body: receiver.received.at(-1)?.body.toString(),
    });
    const replayed = await harness.ask(['POST', `${path}/replay`]);
    expect(replayed.body).toMatchObject({ status: 'delivered', replayOf: updated?.deliveryId });
    const since = await harness.ask(['POST', `${url}/replay`], { since: updated?.createdAt ?? 0 });
    expect(since.body).toEqual({ count: 1, nextCursor: null });
    await settled(url, 4);
    expect(receiver.events.slice(-3)).toEqual(Array.from({ length: 3 }, () => receiver.events.at(-1)));
    expect(await log(url, '?status=failed&limit=1')).toMatchObject([{ event: 'webhook_test' }]);
    const none = await harness.ask(['GET', `${url}/deliveries/WD_x`]);
    expect(none.body).toEqual(refused('NOT_FOUND'));
    expect((await harness.ask(['GET', `${url}/deliveries?cursor=x`])).status).toBe(400);
    await harness.ask(['PATCH', url], { enabled: false });
    expect((await harness.ask(['POST', `${url}/replay`], { since: 0 })).body).toEqual(refused('WRONG_STATE'));
  });
});
