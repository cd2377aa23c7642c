import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figure, percentile, report } from '../support/figures.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { adminToken, joinToken } from '../support/tokens.ts';

const ROOMS = ['nowhere', 'locked', 'guarded'] as const;
/** Fewer than those after which a room makes everybody wait. */
const TRIES = 20;

let server: ParleyServer;
beforeAll(async () => {
  const env = {
    PARLEY_ROOMS_AUTO_CREATE: 'false',
    PARLEY_MEDIA_WORKERS: '1',
    // Each try comes from elsewhere: one network has but ten.
    PARLEY_HTTP_TRUST_PROXY: 'true',
  };
  server = await ParleyServer.start({ env });
  await makeRooms();
});
afterAll(() => server.stop());

async function makeRooms(): Promise<void> {
  for (const [name, settings] of [
    ['locked', { locked: true }],
    ['guarded', { password: 'tulip' }],
  ] as const) {
    const response = await fetch(`${server.url}/api/v1/rooms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, settings }),
    });
    expect(response.status).toBe(201);
  }
}

/** All that somebody without a token can see of a refusal, without the moment and the name they gave. */
async function byRest(room: string): Promise<unknown> {
  const response = await fetch(`${server.url}/api/v1/rooms/${room}/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Ann', password: 'rose' }),
  });
  const varying = new Set(['date', 'x-request-id']);
  const headers = [...response.headers].filter(([name]) => !varying.has(name));
  return { status: response.status, headers, body: await response.text() };
}

async function bySocket(room: string, from: string): Promise<{ answer: unknown; ms: number }> {
  const socket = await RawSocket.open(server.url, { 'x-forwarded-for': from });
  await socket.hello(joinToken(room, 'ann'));
  const started = performance.now();
  const answer = await socket.ask('room.join', { password: 'rose' });
  const ms = performance.now() - started;
  socket.close();
  return { answer, ms };
}

describe('a room that is unknown, locked, or has another password', () => {
  it('looks the same by REST', async () => {
    const [unknown, ...others] = [await byRest('nowhere'), await byRest('locked'), await byRest('guarded')];
    expect(unknown).toMatchObject({ body: expect.stringContaining('ACCESS_REFUSED') });
    for (const other of others) expect(other).toEqual(unknown);
  });

  it('looks the same on the WebSocket, and takes the same time to refuse', { tags: 'meeting' }, async () => {
    const figures = new Map<string, number[]>(ROOMS.map((room) => [room, []]));
    for (let number = 0; number < TRIES; number += 1) {
      const seen = [];
      for (const room of ROOMS) {
        const { answer, ms } = await bySocket(room, `198.51.100.${number}`);
        seen.push(answer);
        figures.get(room)?.push(ms);
      }
      expect(seen[0]).toMatchObject({ error: { data: { code: 'ACCESS_REFUSED' } } });
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
    }
    for (const [room, ms] of figures) report(`refusal of the room "${room}"`, ms);
    const medians = [...figures.values()].map((ms) => percentile(ms, 0.5));
    figure('slowest by quickest refusal', { value: Math.max(...medians) / Math.min(...medians), unit: '' });
  });
});
