import { ParleyError } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Person } from '../room/actors.ts';
import type { OpenApp, PersonalCalls } from '../room/phonePorts.ts';
import { startHarness, type Harness } from './testing/harness.ts';

/** Calls that ring as long as the test wants. */
class PlainCalls implements PersonalCalls {
  readonly apps = new Map<string, Set<OpenApp>>();
  readonly declined: string[] = [];
  listen(identity: string, app: OpenApp): () => void {
    this.apps.set(identity, (this.apps.get(identity) ?? new Set()).add(app));
    return () => void this.apps.get(identity)?.delete(app);
  }
  answer(callId: string, { identity }: Person): Promise<string> {
    if (callId !== `call-of-${identity}`) throw new ParleyError('CALL_NOT_FOUND');
    return Promise.resolve('call-room');
  }
  decline(callId: string): void {
    this.declined.push(callId);
  }
  prepare(): Promise<string> {
    return Promise.resolve('call-room');
  }
}

let harness: Harness;
let base = '';
const calls = new PlainCalls();
beforeAll(async () => {
  harness = await startHarness({ personalCalls: calls });
  base = `${await harness.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1`;
});
afterAll(async () => {
  for (const apps of calls.apps.values()) for (const app of [...apps]) app.ended();
  await harness.app.close();
});

const JOIN = { roomJoin: true, room: 'demo' };
const ask = (path: string, headers: Record<string, string>, body?: object) =>
  fetch(`${base}${path}`, {
    method: 'POST',
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });

async function hear({ body }: Response, heard: { text: string }): Promise<void> {
  const decoder = new TextDecoder();
  const chunks: AsyncIterable<Uint8Array> | null = body;
  for await (const chunk of chunks ?? []) heard.text += decoder.decode(chunk, { stream: true });
}

describe('an open app', () => {
  it('hears of calls of its own as they come, until it closes', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${base}/me/calls/events`, {
      headers: harness.bearer(JOIN),
      signal: leaving.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const heard = { text: '' };
    const hearing = hear(response, heard);
    const event = {
      type: 'ringing',
      callId: 'CL_1',
      number: '+49301',
      displayName: 'C',
      startedAt: 1,
    } as const;
    await vi.waitFor(() => expect(calls.apps.get('ann')?.size).toBe(1), 15_000);
    for (const app of calls.apps.get('ann') ?? []) app.told(event);
    const told = `event: ringing\ndata: ${JSON.stringify(event)}\n\n`;
    await vi.waitFor(() => expect(heard.text).toContain(told), 15_000);
    leaving.abort();
    await expect(hearing).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(calls.apps.get('ann')?.size).toBe(0), 15_000);
  });

  it('hears its end when the server shuts down', async () => {
    const response = await fetch(`${base}/me/calls/events`, { headers: harness.bearer(JOIN) });
    const hearing = hear(response, { text: '' });
    await vi.waitFor(() => expect(calls.apps.get('ann')?.size).toBe(1), 15_000);
    for (const app of calls.apps.get('ann') ?? []) app.ended();
    await hearing;
  });

  it('hears nothing more when its token has ended', async () => {
    const token = harness.tokens.sign({ sub: 'ann', video: JOIN }, 2);
    const { exp } = await harness.tokens.verify(token);
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${base}/me/calls/events`, { headers });
    expect(response.status).toBe(200);
    await hear(response, { text: '' });
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 20);
    await vi.waitFor(() => expect(calls.apps.get('ann')?.size).toBe(0), 15_000);
  });

  it.each([
    ['nobody', {}, 401],
    ['a guest', { guest: true }, 403],
  ])('is not opened by %s', async (who, claims, status) => {
    const headers = who === 'nobody' ? {} : harness.bearer(JOIN, claims);
    const response = await fetch(`${base}/me/calls/events`, { headers });
    expect(response.status).toBe(status);
  });

  it('takes and declines what rings for it, and gets what it needs to come in', async () => {
    const response = await ask('/me/calls/call-of-ann/answer', harness.bearer(JOIN));
    expect(response.status).toBe(200);
    const { token, room, identity } = (await response.json()) as Record<string, string>;
    expect([room, identity]).toEqual(['call-room', 'ann']);
    expect(await harness.tokens.verify(token ?? '')).toMatchObject({
      ...{ sub: 'ann', role: 'owner', video: { room: 'call-room', roomJoin: true, canDial: false } },
    });
    expect((await ask('/me/calls/call-of-bob/answer', harness.bearer(JOIN))).status).toBe(404);
    expect((await ask('/me/calls/CL_2/decline', harness.bearer(JOIN))).status).toBe(204);
    expect(calls.declined).toEqual(['CL_2']);
  });

  it('calls a phone only with the permission to', async () => {
    const body = { target: '+4930123456' };
    expect((await ask('/me/calls', harness.bearer(JOIN), body)).status).toBe(403);
    const response = await ask('/me/calls', harness.bearer({ ...JOIN, canDial: true }), body);
    expect(response.status).toBe(201);
    const { token } = (await response.json()) as Record<string, string>;
    expect(await harness.tokens.verify(token ?? '')).toMatchObject({ video: { canDial: true } });
  });
});
