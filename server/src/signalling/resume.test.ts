import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CLOSE_CODES, type LeaveReason } from '@parley/protocol';
import { TokenService } from '../auth/TokenService.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { CuttingProxy } from './testing/CuttingProxy.ts';
import { KEYS, startSignalling, type Harness } from './testing/harness.ts';
import { RawClient } from './testing/RawClient.ts';
import { ResumingClient } from './testing/ResumingClient.ts';

const FAST = { timeout: 5000, interval: 2 };

let harness: Harness;
let proxy: CuttingProxy;
beforeAll(async () => {
  harness = await startSignalling({
    PARLEY_SIGNALLING_MAX_REQUESTS_PER_SECOND: '100000',
    PARLEY_SIGNALLING_MAX_SOCKETS_PER_ADDRESS: '0',
  });
  proxy = await CuttingProxy.create(Number(new URL(harness.url).port));
});
afterAll(async () => {
  await proxy.close();
  await harness.close();
});

interface Ticket {
  sessionId: string;
  resumeKey: string;
}
const openSession = async (identity: string): Promise<{ client: RawClient; ticket: Ticket }> => {
  const client = await RawClient.open(harness.url);
  const { result } = await client.request('session.hello', harness.hello({ sub: identity }));
  await client.request('room.join');
  return {
    client,
    ticket: { sessionId: String(result?.['sessionId']), resumeKey: String(result?.['resumeKey']) },
  };
};
const say = (identity: string, participantId: string, reason: LeaveReason = 'left'): void =>
  harness.room.outlets
    .get(identity)
    ?.notify({ method: 'participant.left', params: { participantId, reason } });
const resume = async (ticket: Ticket, lastSeq = 0) => {
  const client = await RawClient.open(harness.url);
  return { client, answer: await client.request('session.resume', { ...ticket, lastSeq }) };
};
const breathe = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A handshake takes some 150 bytes, the answer to resume 100, so breaks fall everywhere, resuming included. */
const bytes = fc.oneof(
  { weight: 1, arbitrary: fc.constant(Infinity) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 2500 }) },
);
const cut = fc.record({ up: bytes, down: bytes });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'notify' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask' as const), turns: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'ping' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cut' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('breathe' as const), turns: fc.nat({ max: 60 }) }) },
);

it('is refused to a host who has signed out meanwhile, on every way in', async () => {
  const open = new Set(['sign-in']);
  const { auth } = loadConfig({ PARLEY_DATA_DIR: '/nonexistent' });
  const tokens = await TokenService.create(KEYS, auth, (signIn) => open.has(signIn));
  const server = await startSignalling({}, { tokens });
  const hello = server.hello({ session: 'sign-in' });
  const client = await RawClient.open(server.url);
  const { result } = await client.request('session.hello', hello);
  await client.request('room.join');
  await client.cut();
  open.clear();
  const ticket = { sessionId: result?.['sessionId'], resumeKey: result?.['resumeKey'], lastSeq: 0 };
  const ask = async (method: string, params: object) =>
    (await (await RawClient.open(server.url)).request(method, params)).error?.data.code;
  expect(await ask('session.resume', ticket)).toBe('TOKEN_INVALID');
  expect(await ask('session.resume', ticket)).toBe('SESSION_NOT_FOUND');
  expect(await ask('session.hello', hello)).toBe('TOKEN_INVALID');
  expect(server.room.left).toEqual([{ identity: 'ann', reason: 'tokenExpired' }]);
  await server.close();
});

describe('resume', () => {
  it('loses, doubles and reorders nothing, wherever the connection breaks', async () => {
    let run = 0;
    let resumes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
        fc.array(cut, { maxLength: 12, size: 'max' }),
        async (steps, cuts) => {
          const identity = `resuming-${(run += 1)}`;
          const { client: opener, ticket } = await openSession(identity);
          await opener.cut();
          proxy.plan(cuts);
          const client = new ResumingClient(proxy.url, ticket);
          await vi.waitFor(() => expect(client.resumes).toBeGreaterThan(0), FAST);
          const asked = new Map<number, string>();
          let told = 0;
          for (const action of steps) {
            if (action.kind === 'notify') say(identity, `${(told += 1)}`);
            else if (action.kind === 'ping') client.ping();
            else if (action.kind === 'cut') client.cut();
            else if (action.kind === 'breathe') await breathe(action.turns);
            else {
              const metadata = `${run}:${asked.size}~${action.turns}`;
              asked.set(client.ask('participant.updateSelf', { metadata }), metadata);
            }
          }
          try {
            await vi.waitFor(
              () => expect([client.faults, client.idle, client.lastSeq]).toEqual([[], true, told]),
              FAST,
            );
            // What would come twice would come before the answer to one more request.
            const last = client.ask('session.ping', { lastSeq: told });
            await vi.waitFor(() => expect(client.answers.has(last)).toBe(true), FAST);
            expect(client.faults).toEqual([]);
            expect([...asked.keys()].map((id) => client.answers.get(id)?.result)).toEqual(
              [...asked].map(() => ({})),
            );
            expect(harness.room.updates.filter((update) => update.startsWith(`${run}:`))).toEqual([
              ...asked.values(),
            ]);
          } finally {
            resumes += client.resumes;
            client.stop();
          }
        },
      ),
      { numRuns: 100 },
    );
    // The property means nothing if nothing ever broke.

    expect(resumes).toBeGreaterThan(150);
  }, 60_000);

  it('looks the same for an unknown session and a wrong key, and leaves the session alone', async () => {
    const { client, ticket } = await openSession('keyed');
    for (const shown of [
      { ...ticket, resumeKey: 'wrong' },
      { ...ticket, resumeKey: `${ticket.resumeKey.slice(0, -1)}!` },
      { ...ticket, sessionId: 'SE_unknown' },
      { ...ticket, sessionId: '__proto__' },
    ]) {
      const { client: thief, answer } = await resume(shown);
      expect(answer.error).toEqual({
        code: -32016,
        message: answer.error?.message,
        data: { code: 'SESSION_NOT_FOUND' },
      });
      expect(await thief.closed()).toBe(CLOSE_CODES.refused);
    }
    expect((await client.request('session.ping', { lastSeq: 0 })).result).toBeDefined();
  });

  it('takes the former key once more when the answer was lost, and never after the new one was acknowledged', async () => {
    const { client, ticket } = await openSession('lost-answer');
    await client.cut();
    for (let round = 0; round < 2; round += 1) {
      const again = await resume(ticket);
      expect(again.answer.result).toBeDefined();
      // A request may have been on its way before the answer was read; only a ping shows that it was.
      await again.client.request('participant.updateSelf', { metadata: 'x' }, 50 + round);
      if (round === 1) await again.client.request('session.ping', { lastSeq: 0 }, 60);
      await again.client.cut();
    }
    expect((await resume(ticket)).answer.error?.data.code).toBe('SESSION_NOT_FOUND');
  });

  it('retires the former key when the new one is shown', async () => {
    const { ticket } = await openSession('rotating');
    const second = String((await resume(ticket)).answer.result?.['resumeKey']);
    expect(second).not.toBe(ticket.resumeKey);
    expect((await resume({ ...ticket, resumeKey: second })).answer.result).toBeDefined();
    expect((await resume(ticket)).answer.error?.data.code).toBe('SESSION_NOT_FOUND');
  });

  it('closes the socket whose session was resumed elsewhere, without anybody seeing it leave', async () => {
    const { client, ticket } = await openSession('elsewhere');
    await resume(ticket);
    expect(await client.closed()).toBe(CLOSE_CODES.superseded);
    expect(harness.room.connections.filter(({ identity }) => identity === 'elsewhere')).toEqual([]);
  });

  it('shows a participant as interrupted until they are back', async () => {
    const { client, ticket } = await openSession('away');
    const seen = () =>
      harness.room.connections
        .filter(({ identity }) => identity === 'away')
        .map((change) => change.connection);
    await client.cut();
    await vi.waitFor(() => expect(seen()).toEqual(['interrupted']), FAST);
    await resume(ticket);
    expect(seen()).toEqual(['interrupted', 'connected']);
  });

  it('shows somebody as interrupted whose socket went while they joined', async () => {
    let open = (): void => undefined;
    harness.room.gate = new Promise((resolve) => (open = resolve));
    const client = await RawClient.open(harness.url);
    await client.request('session.hello', harness.hello({ sub: 'hasty' }));
    client.sendText('{"jsonrpc":"2.0","id":5,"method":"room.join","params":{}}');
    const before = await harness.sockets();
    await client.cut();
    await vi.waitFor(async () => expect(await harness.sockets()).toBe(before - 1), FAST);
    open();
    await vi.waitFor(
      () => expect(harness.room.connections).toContainEqual({ identity: 'hasty', connection: 'interrupted' }),
      FAST,
    );
  });

  it('ends a session that missed more than is kept', async () => {
    const { client, ticket } = await openSession('gap');
    await client.cut();
    for (let count = 0; count < 3000; count += 1) say('gap', 'x');
    expect((await resume(ticket)).answer.error?.data.code).toBe('RESUME_GAP');
    expect(harness.room.left).toContainEqual({ identity: 'gap', reason: 'connectionLost' });
    expect((await resume(ticket)).answer.error?.data).toMatchObject({
      code: 'SESSION_NOT_FOUND',
      details: { reason: 'connectionLost', rejoin: true },
    });
  });

  it('ends a session that is told of more than was ever said', async () => {
    const { client, ticket } = await openSession('ahead');
    await client.cut();
    expect((await resume(ticket, 7)).answer.error?.data.code).toBe('RESUME_GAP');
  });

  it('replays more at once than a client may leave unread', async () => {
    const { client, ticket } = await openSession('much');
    await client.cut();
    const text = 'x'.repeat(3000);
    for (let count = 0; count < 600; count += 1) say('much', text);
    const again = await resume(ticket);
    expect(again.answer.result?.['missed']).toBe(600);
    await vi.waitFor(() => expect(again.client.notifications.length).toBe(600), FAST);
    expect((await again.client.request('session.ping', { lastSeq: 600 }, 9)).result).toBeDefined();
  });
});
