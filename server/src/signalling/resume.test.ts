import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CLOSE_CODES } from '@parley/protocol';
import { startSignalling, type Harness } from './testing/harness.ts';
import { RawClient, type Frame } from './testing/RawClient.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startSignalling({
    PARLEY_SIGNALLING_MAX_REQUESTS_PER_SECOND: '100000',
    PARLEY_SIGNALLING_MAX_SOCKETS_PER_ADDRESS: '0',
  });
});
afterAll(() => harness.close());
afterEach(() => {
  harness.room.updates.length = 0;
});

interface Ticket {
  sessionId: string;
  resumeKey: string;
}
const openSession = async (identity: string): Promise<{ client: RawClient; ticket: Ticket }> => {
  const client = await RawClient.open(harness.url);
  const { result } = await client.request('session.hello', harness.hello({ sub: identity }));
  await client.request('room.join');
  return { client, ticket: result as unknown as Ticket };
};

/** A client as the protocol wants it: it asks again what was not answered, and drops nothing by itself. */
class ResumingClient {
  readonly heard: number[] = [];
  readonly answered = new Map<number, Frame>();
  readonly #asked = new Map<number, string>();
  readonly #ticket: Ticket;
  #client: RawClient;
  #taken = 0;
  #nextId = 10;

  constructor(client: RawClient, ticket: Ticket) {
    this.#client = client;
    this.#ticket = ticket;
    this.#taken = client.frames.length;
  }

  ask(metadata: string): void {
    const id = (this.#nextId += 1);
    this.#asked.set(
      id,
      JSON.stringify({ jsonrpc: '2.0', id, method: 'participant.updateSelf', params: { metadata } }),
    );
    this.#send(id);
  }

  #send(id: number): void {
    const text = this.#asked.get(id);
    if (text && this.#client.socket.readyState === 1) this.#client.sendText(text);
  }

  #take(): void {
    for (const frame of this.#client.frames.slice(this.#taken)) {
      if (frame.seq !== undefined) this.heard.push(frame.seq);
      else if (typeof frame.id === 'number' && this.#asked.has(frame.id)) this.answered.set(frame.id, frame);
    }
    this.#taken = this.#client.frames.length;
  }

  async cutAndResume(): Promise<void> {
    this.#client.socket.terminate();
    await this.#client.closed();
    this.#take();
    this.#client = await RawClient.open(harness.url);
    this.#taken = 0;
    const params = { ...this.#ticketParams(), lastSeq: this.heard.at(-1) ?? 0 };
    const { result, error } = await this.#client.request('session.resume', params, 1);
    if (!result) throw new Error(`resume refused: ${JSON.stringify(error)}`);
    this.#ticket.resumeKey = result['resumeKey'] as string;
    this.#take();
    for (const id of this.#asked.keys()) if (!this.answered.has(id)) this.#send(id);
  }

  #ticketParams(): Ticket {
    return { sessionId: this.#ticket.sessionId, resumeKey: this.#ticket.resumeKey };
  }

  async settle(lastSeq: number): Promise<void> {
    await vi.waitFor(
      () => {
        this.#take();
        expect(this.heard.at(-1) ?? 0).toBeGreaterThanOrEqual(lastSeq);
        expect(this.answered.size).toBe(this.#asked.size);
      },
      { timeout: 5000, interval: 2 },
    );
    await this.#client.cut();
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('notify' as const) },
  { weight: 3, arbitrary: fc.constant('ask' as const) },
  { weight: 2, arbitrary: fc.constant('cut' as const) },
  { weight: 2, arbitrary: fc.constant('breathe' as const) },
);

describe('resume', () => {
  it('loses, doubles and reorders nothing, wherever the connection is cut', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const identity = `resume-${(run += 1)}`;
        const { client, ticket } = await openSession(identity);
        const resuming = new ResumingClient(client, ticket);
        harness.room.updates.length = 0;
        let told = 0;
        const asked: string[] = [];
        for (const action of steps) {
          if (action === 'notify') {
            told += 1;
            harness.room.outlets
              .get(identity)
              ?.notify({ method: 'participant.left', params: { participantId: `${told}`, reason: 'left' } });
          } else if (action === 'ask') {
            asked.push(`${run}:${asked.length}`);
            resuming.ask(asked.at(-1) ?? '');
          } else if (action === 'cut') await resuming.cutAndResume();
          else await new Promise((resolve) => setImmediate(resolve));
        }
        // What was sent into a dying socket is asked again only after a resume.
        await resuming.cutAndResume();
        await resuming.settle(told);
        expect(resuming.heard).toEqual(Array.from({ length: told }, (_, index) => index + 1));
        expect(harness.room.updates.filter((update) => update.startsWith(`${run}:`))).toEqual(
          expect.arrayContaining(asked),
        );
        // Each request was carried out once: the update of `connection` repeats the metadata of before, so look at changes only.
        const changes = harness.room.updates
          .filter((update) => update.startsWith(`${run}:`))
          .filter((update, index, all) => update !== all[index - 1]);
        expect(changes).toEqual(asked);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('looks the same for an unknown session and a wrong key, and leaves the session alone', async () => {
    const { client, ticket } = await openSession('keyed');
    for (const params of [
      { ...pick(ticket), resumeKey: 'wrong', lastSeq: 0 },
      { sessionId: 'SE_unknown', resumeKey: ticket.resumeKey, lastSeq: 0 },
    ]) {
      const thief = await RawClient.open(harness.url);
      const { error } = await thief.request('session.resume', params);
      expect(error).toEqual({ code: -32016, message: error?.message, data: { code: 'SESSION_NOT_FOUND' } });
      expect(await thief.closed()).toBe(CLOSE_CODES.refused);
    }
    expect((await client.request('session.ping', { lastSeq: 0 })).result).toBeDefined();
  });

  it('takes the former key once more when the answer was lost, and never after the new one was used', async () => {
    const { client, ticket } = await openSession('lost-answer');
    await client.cut();
    for (let round = 0; round < 2; round += 1) {
      const again = await RawClient.open(harness.url);
      const { result } = await again.request('session.resume', { ...pick(ticket), lastSeq: 0 });
      expect(result).toBeDefined();
      if (round === 1) await again.request('session.ping', { lastSeq: 0 }, 50);
      await again.cut();
    }
    const late = await RawClient.open(harness.url);
    const { error } = await late.request('session.resume', { ...pick(ticket), lastSeq: 0 });
    expect(error?.data.code).toBe('SESSION_NOT_FOUND');
  });

  it('closes the socket whose session was resumed elsewhere', async () => {
    const { client, ticket } = await openSession('elsewhere');
    const other = await RawClient.open(harness.url);
    await other.request('session.resume', { ...pick(ticket), lastSeq: 0 });
    expect(await client.closed()).toBe(CLOSE_CODES.superseded);
  });

  it('ends a session that missed more than is kept', async () => {
    const { client, ticket } = await openSession('gap');
    const outlet = harness.room.outlets.get('gap');
    await client.cut();
    for (let count = 0; count < 3000; count += 1)
      outlet?.notify({ method: 'participant.left', params: { participantId: 'x', reason: 'left' } });
    const again = await RawClient.open(harness.url);
    const { error } = await again.request('session.resume', { ...pick(ticket), lastSeq: 0 });
    expect(error?.data.code).toBe('RESUME_GAP');
    expect(harness.room.left).toContainEqual({ identity: 'gap', reason: 'connectionLost' });
  });
});

const pick = ({ sessionId, resumeKey }: Ticket): Ticket => ({ sessionId, resumeKey });
