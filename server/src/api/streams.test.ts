import type { LiveStream, LiveTarget } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_EGRESS } from '../room/noEgress.ts';
import type { LiveAction, LiveWish, Streaming } from '../room/ports.ts';
import { RealHarness, type Claims } from './testing/RealHarness.ts';

const BOT: Claims & { video: object } = { sub: 'bot', name: 'Bot', video: { roomRecord: true } };
const TARGET = { url: 'rtmps://live.example.com/app', key: 'very-secret' };
const LAYOUT = { kind: 'grid', focus: null } as const;

/** Streams to nowhere: what was asked for is what is shown, without keys. */
class NoRecorder implements Streaming {
  readonly #running = new Map<string, LiveWish>();
  stateOf(roomId: string): LiveStream | null {
    const wish = this.#running.get(roomId);
    if (!wish) return null;
    const { liveId, startedAt, by, page, layout, targets } = wish;
    return {
      ...{ liveId, startedAt, startedBy: by?.identity ?? null, viewers: 0, layout },
      page: page ? `/live/${liveId}` : null,
      targets: targets.map(({ targetId }) => targetOf(targetId)),
    };
  }
  begin({ roomId }: { roomId: string }, wish: LiveWish): { running: Promise<void> } {
    this.#running.set(roomId, wish);
    return { running: Promise.resolve() };
  }
  control(roomId: string, action: LiveAction): void {
    const wish = this.#running.get(roomId);
    if (!wish) return;
    if (action.type === 'stop') this.#running.delete(roomId);
    else if (action.type === 'setLayout') this.#running.set(roomId, { ...wish, layout: action.layout });
    else {
      const others = wish.targets.filter(
        ({ targetId }) => action.type === 'addTarget' || targetId !== action.targetId,
      );
      const targets = action.type === 'addTarget' ? [...others, action.target] : others;
      this.#running.set(roomId, { ...wish, targets });
    }
  }
}
const targetOf = (targetId: string): LiveTarget => ({
  ...{
    targetId,
    label: TARGET.url,
    state: 'connecting',
    since: 1,
    bitrate: 0,
    droppedFrames: 0,
    message: '',
  },
});

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create({}, {}, () => ({ ...NO_EGRESS, live: new NoRecorder() }));
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.clear();
  await harness.people.rooms.createRoom({ name: 'demo' });
});

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
  harness.ask([method, `/rooms/demo/live${path}`], body, BOT);
const codeOf = ({ body }: { body: unknown }) => (body as { error?: { code: string } }).error?.code;

describe('streaming by REST', () => {
  it('starts, is looked at, gets and loses targets, is arranged anew and ends; no key comes back', async () => {
    await harness.people.enter('ann');
    const started = await ask('POST', '', { targets: [TARGET] });
    expect([started.status, started.body]).toMatchObject([
      201,
      { page: expect.stringMatching(/^\/live\/LV_/), targets: [{ label: TARGET.url }] },
    ]);
    const added = await ask('POST', '/targets', { url: 'rtmp://x.example/app/very-secret' });
    expect([added.status, added.body]).toMatchObject([201, { targetId: expect.stringMatching(/^TG_/) }]);
    const list = await ask('GET', '/targets');
    expect((list.body as { items: LiveTarget[] }).items).toHaveLength(2);
    const { targetId } = added.body as LiveTarget;
    expect((await ask('DELETE', `/targets/${targetId}`)).status).toBe(204);
    expect(codeOf(await ask('DELETE', `/targets/${targetId}`))).toBe('LIVE_TARGET_NOT_FOUND');
    expect((await ask('PATCH', '', { layout: LAYOUT })).status).toBe(204);
    const shown = await ask('GET', '');
    expect(shown.body).toMatchObject({ layout: LAYOUT, startedBy: 'bot', targets: [{}] });
    expect((await ask('POST', '/stop')).status).toBe(204);
    expect(codeOf(await ask('GET', ''))).toBe('LIVE_NOT_RUNNING');
    const audit = await harness.ask(['GET', '/rooms/demo/audit']);
    for (const { text } of [started, added, list, shown, audit]) expect(text).not.toContain('very-secret');
    const { items } = audit.body as { items: { action: string; by: object }[] };
    expect(items.filter(({ action }) => action.startsWith('live.')).map(({ action }) => action)).toEqual([
      ...['live.stop', 'live.removeTarget', 'live.addTarget', 'live.start'],
    ]);
  });

  it('stands in the history of the meeting: when, how long, where to and by whom', async () => {
    const { room } = await harness.people.enter('ann');
    await ask('POST', '', { page: false, targets: [TARGET] });
    await ask('POST', '/stop');
    const { body } = await harness.ask(['GET', `/rooms/demo/meetings/${room.meetingId ?? ''}`]);
    expect(body).toMatchObject({
      liveStreams: [
        {
          ...{ startedAt: expect.any(Number), endedAt: expect.any(Number), hadPage: false },
          ...{ startedBy: { identity: 'bot', displayName: 'Bot' }, targets: [TARGET.url] },
        },
      ],
    });
  });

  it.each([
    [{ targets: [{ url: 'http://live.example.com/app', key: 'very-secret' }] }, 'LIVE_TARGET_INVALID'],
    [{ targets: [{ url: 'rtmp://a.example/app -i x', key: 'very-secret' }] }, 'LIVE_TARGET_INVALID'],
    [{ targets: [{ url: 'rtmp://a.example/app', keys: 'very-secret' }] }, 'INVALID_PARAMS'],
    [{ targets: ['rtmp://a.example/app/very-secret'] }, 'INVALID_PARAMS'],
    [{ page: false }, 'LIVE_NOWHERE'],
  ])('refuses %j without repeating it', async (body, code) => {
    await harness.people.enter('ann');
    const answer = await ask('POST', '', body);
    expect(codeOf(answer)).toBe(code);
    expect(answer.text).not.toContain('very-secret');
  });

  it('needs a meeting, and is one at a time', async () => {
    expect(codeOf(await ask('POST', ''))).toBe('MEETING_NOT_FOUND');
    await harness.people.enter('ann');
    expect((await ask('POST', '', {})).status).toBe(201);
    expect(codeOf(await ask('POST', '', {}))).toBe('LIVE_RUNNING');
    await harness.people.rooms.deleteRoom('demo');
    expect(codeOf(await ask('GET', ''))).toBe('ROOM_NOT_FOUND');
  });
});
