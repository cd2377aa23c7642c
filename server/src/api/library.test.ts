import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordingInfo, RecordingLink, VideoGrant } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordOf } from '../recordings/testing/recordOf.ts';
import { newLongId } from '../util/ids.ts';
import { ADMIN, JOIN, RealHarness, type Claims } from './testing/RealHarness.ts';

const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
const BOT = { sub: 'bot', video: { roomRecord: true } };

let harness: RealHarness;
let recordingId: string;
beforeAll(async () => {
  harness = await RealHarness.create();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.clear();
  await harness.people.rooms.createRoom({ name: 'demo' });
  recordingId = keep();
});

/** A recording with a file and a picture; without them on disk where `isThere` is false. */
function keep(change: Parameters<typeof recordOf>[1] = {}): string {
  const id = newLongId('RC');
  const { people } = harness;
  const folder = join(people.dataDir, 'recordings', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'part-1.mp4'), CONTENT);
  writeFileSync(join(folder, 'thumbnail.jpg'), 'a picture');
  people.stores.recordings.save(recordOf(people.rooms.getRoom('demo'), { recordingId: id, ...change }));
  return id;
}

const content = (path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  harness.app.inject({ method, url: path, headers });
const bearer = (video: VideoGrant, more: Claims = {}): Record<string, string> => ({
  authorization: `Bearer ${harness.tokens.sign({ sub: 'ann', video, ...more }, 60)}`,
});
const contentPath = (): string => `/api/v1/recordings/${recordingId}/parts/1/content`;

async function linkFrom(who: Claims & { video?: VideoGrant }, body: object = {}): Promise<RecordingLink> {
  const answer = await harness.ask(['POST', `/recordings/${recordingId}/links`], body, who);
  expect(answer.status).toBe(201);
  return answer.body as RecordingLink;
}

describe('the library', () => {
  it('is listed newest first in pages, by room, and says what there is', async () => {
    const second = keep();
    const first = await harness.ask(['GET', '/recordings?room=demo&limit=1'], undefined, BOT);
    const { items, nextCursor } = first.body as { items: RecordingInfo[]; nextCursor: string };
    expect(items).toMatchObject([{ recordingId: second, room: 'demo', durationMs: 4000, bytes: 1000 }]);
    expect(items[0]?.files).toMatchObject([{ number: 1, part: 1, mimeType: 'video/mp4' }]);
    const next = await harness.ask(['GET', `/recordings?room=demo&cursor=${nextCursor}`], undefined, BOT);
    expect(next.body).toMatchObject({ items: [{ recordingId }, ...[]] });
    expect((await harness.ask(['GET', '/recordings?room=other'], undefined, BOT)).body).toMatchObject({
      items: [],
    });
    expect((await harness.ask(['GET', '/recordings?cursor=bm9uZQ'], undefined, BOT)).status).toBe(400);
  });

  it('gives hosts of a room what is of this room, and not of a former one of its name', async () => {
    await harness.people.rooms.deleteRoom('demo');
    await harness.people.rooms.createRoom({ name: 'demo' });
    const eve = { sub: 'eve', video: JOIN, role: 'host' as const };
    expect((await harness.ask(['GET', `/recordings/${recordingId}`], undefined, eve)).status).toBe(404);
    expect((await content(contentPath(), bearer(JOIN, { sub: 'eve', role: 'host' }))).statusCode).toBe(404);
    expect((await harness.ask(['GET', `/recordings/${recordingId}`], undefined, BOT)).status).toBe(200);
  });

  it('deletes a recording with its files', async () => {
    const folder = join(harness.people.dataDir, 'recordings', recordingId);
    expect((await harness.ask(['DELETE', `/recordings/${recordingId}`], undefined, BOT)).status).toBe(204);
    expect(existsSync(folder)).toBe(false);
    expect((await harness.ask(['GET', `/recordings/${recordingId}`], undefined, BOT)).status).toBe(404);
    expect((await content(contentPath(), bearer({ roomRecord: true }))).statusCode).toBe(404);
  });

  it('does not delete what is still being recorded, and has no files of it', async () => {
    recordingId = keep({ state: 'recording', endedAt: null });
    const answer = await harness.ask(['DELETE', `/recordings/${recordingId}`], undefined, BOT);
    expect(answer.body).toMatchObject({ error: { code: 'RECORDING_UNFINISHED' } });
    expect((await content(contentPath(), bearer({ roomRecord: true }))).statusCode).toBe(409);
  });

  it('is part of the history of the meeting', async () => {
    const { room } = await harness.people.enter('ann');
    const meetingId = room.meetingId ?? '';
    const id = keep({ meetingId });
    const { body } = await harness.ask(['GET', `/rooms/demo/meetings/${meetingId}`]);
    expect(body).toMatchObject({ recordings: [{ recordingId: id }] });
  });
});

describe('a file of a recording', () => {
  it('is played whole, in a sandbox, or saved under a name', async () => {
    const answer = await content(contentPath(), bearer({ roomRecord: true }));
    expect([answer.statusCode, answer.rawPayload.equals(CONTENT)]).toEqual([200, true]);
    expect(answer.headers).toMatchObject({
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': '1000',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^sandbox;/),
      'content-disposition': expect.stringMatching(/^inline; filename="demo /),
    });
    const saved = await content(`${contentPath()}?download=1`, bearer({ roomRecord: true }));
    expect(saved.headers['content-disposition']).toMatch(/^attachment; filename="demo .*\.mp4"/);
  });

  it('comes in ranges, and says so where it has no such bytes', async () => {
    const part = await content(contentPath(), { ...bearer({ roomRecord: true }), range: 'bytes=100-299' });
    expect([part.statusCode, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      'bytes 100-299/1000',
      '200',
    ]);
    expect(part.rawPayload.equals(CONTENT.subarray(100, 300))).toBe(true);
    const beyond = await content(contentPath(), { ...bearer({ roomRecord: true }), range: 'bytes=1000-' });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, 'bytes */1000']);
    const { etag } = part.headers;
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await content(contentPath(), { ...bearer({ roomRecord: true }), ...headers })).statusCode;
    expect(await ask({ 'if-none-match': String(etag) })).toBe(304);
    expect(await ask({ range: 'bytes=0-1', 'if-range': String(etag) })).toBe(206);
    expect(await ask({ range: 'bytes=0-1', 'if-range': '"other"' })).toBe(200);
  });

  it('is described by HEAD without its bytes', async () => {
    const head = await content(
      contentPath(),
      { ...bearer({ roomRecord: true }), range: 'bytes=0-9' },
      'HEAD',
    );
    expect([head.statusCode, head.headers['content-length'], head.rawPayload.length]).toEqual([206, '10', 0]);
  });

  it('has a picture beside it, and says when there is nothing else', async () => {
    const at = (what: string) =>
      content(`/api/v1/recordings/${recordingId}/${what}`, bearer({ roomRecord: true }));
    expect([(await at('thumbnail')).headers['content-type'], (await at('thumbnail')).body]).toEqual([
      'image/jpeg',
      'a picture',
    ]);
    expect((await at('sidecar')).statusCode).toBe(404);
    expect((await content(contentPath().replace('parts/1', 'parts/2'), bearer(ADMIN))).statusCode).toBe(404);
  });
});

describe('a link to a recording', () => {
  it('works without a token for ten minutes at most, for this recording only', async () => {
    const { path, expiresAt, identity } = await linkFrom(BOT, { identity: 'bob' });
    expect(identity).toBe('bob');
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(600_000);
    expect((await content(path)).statusCode).toBe(200);
    const other = keep();
    expect((await content(path.replace(recordingId, other))).statusCode).toBe(401);
    expect((await content(path.slice(0, -2))).statusCode).toBe(401);
    expect((await content(contentPath())).statusCode).toBe(401);
    const tooLong = await harness.ask(['POST', `/recordings/${recordingId}/links`], { seconds: 601 }, BOT);
    expect(tooLong.status).toBe(400);
  });

  it('for one file opens that file alone, and one for all of it the picture, too', async () => {
    const pictureBy = (path: string) => content(path.replace('parts/1/content', 'thumbnail'));
    const whole = await linkFrom(BOT, { identity: 'bob' });
    expect((await pictureBy(whole.path)).statusCode).toBe(200);
    const one = await linkFrom(BOT, { identity: 'bob', file: 1 });
    expect((await content(one.path)).statusCode).toBe(200);
    expect((await pictureBy(one.path)).statusCode).toBe(401);
    expect((await content(one.path.replace('/parts/1/content', ''))).statusCode).toBe(401);
  });

  it('is void at once when its person is removed', async () => {
    const { room } = await harness.people.enter('ann', { role: 'host' });
    const bob = await harness.people.enter('bob');
    const { path } = await linkFrom({ sub: 'ann', video: JOIN, role: 'host' }, { identity: 'bob' });
    expect((await content(path)).statusCode).toBe(200);
    const by = { identity: 'ann', displayName: 'Ann', role: 'host' as const };
    room.moderation.remove(by, { participantId: bob.participant.participantId });
    expect((await content(path)).statusCode).toBe(401);
  });

  it('is void at once when who gave it is no host any more', async () => {
    const ann = await harness.people.enter('ann', { role: 'host' });
    const { path } = await linkFrom({ sub: 'ann', video: JOIN, role: 'host' });
    expect((await content(path)).statusCode).toBe(200);
    ann.room.moderation.setRole(
      { identity: 'root', displayName: 'Root', role: 'owner' },
      { participantId: ann.participant.participantId, role: 'participant' },
    );
    expect((await content(path)).statusCode).toBe(401);
  });

  it('dies with the recording', async () => {
    const { path } = await linkFrom(BOT);
    await harness.ask(['DELETE', `/recordings/${recordingId}`], undefined, BOT);
    expect((await content(path)).statusCode).toBe(404);
  });
});
