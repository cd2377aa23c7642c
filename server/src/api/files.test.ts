/** Files by HTTP, over a real socket: what comes in, what goes out, and who may. */
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ErrorBody, FileInfo, VideoGrant } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { RealHarness } from './testing/RealHarness.ts';

const MAX = 600_000;
const QUOTA = 1_000_000;
/** 4 x 2 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAACCAIAAADwyuo0AAAAEElEQVR4nGPgEVVCRgwkcQCTAgY5w5bXkgAAAABJRU5ErkJggg==',
  'base64',
);

let harness: RealHarness;
let url: string;
beforeAll(async () => {
  harness = await RealHarness.create({
    PARLEY_CHAT_FILES_MAX_BYTES: String(MAX),
    PARLEY_CHAT_FILES_QUOTA_BYTES_PER_ROOM: String(QUOTA),
    PARLEY_CHAT_FILES_QUOTA_BYTES_TOTAL: '0',
  });
  url = await harness.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => harness.clear());
afterAll(async () => {
  // A client keeps its connections for the next request, which the server would wait for.
  harness.app.server.closeAllConnections();
  await harness.close();
});

const enter = (identity: string, claims: Parameters<typeof harness.people.enter>[1] = {}) =>
  harness.people.enter(identity, claims);
const coded = (code: string): unknown => expect.objectContaining({ code });
const onDisk = (): string[] => readdirSync(join(harness.people.dataDir, 'files'));
const openUpload = ({ room, participant }: Joined, name: string, size: number) =>
  room.perform(participant, 'chat.openUpload', () => room.chat.files.openUpload(participant, { name, size }));

async function post(
  { ticket, path }: { ticket: string; path: string },
  body: Buffer,
  type = 'application/octet-stream',
): Promise<{ status: number; code: string | undefined; file: FileInfo }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${ticket}`, 'content-type': type },
    body,
  });
  const answer = (await response.json()) as FileInfo & Partial<ErrorBody>;
  return { status: response.status, code: answer.error?.code, file: answer };
}

const upload = async (by: Joined, name: string, content: Buffer): Promise<FileInfo> => {
  const { status, file } = await post(await openUpload(by, name, content.length), content);
  expect(status).toBe(201);
  return file;
};
const send = ({ room, participant }: Joined, fileIds: string[], more: object = {}) =>
  room.chat.send(participant, { text: '', fileIds, ...more });
const link = ({ room, participant }: Joined, fileId: string): string =>
  url + room.chat.files.openFile(participant, fileId).path;
const statusOf = async (link: string): Promise<number> => (await fetch(link)).status;
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as ErrorBody).error.code;

describe('uploading', () => {
  it('keeps a file that came as a whole, for those who read the message', async () => {
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    const content = Buffer.from('minutes of the meeting');
    const file = await upload(ann, 'minutes.txt', content);
    expect(file).toMatchObject({ name: 'minutes.txt', size: content.length, isImage: false });
    expect(() => link(bob, file.fileId)).toThrow(coded('FILE_NOT_FOUND'));
    const { files } = send(ann, [file.fileId]);
    expect(files).toEqual([file]);
    expect(bob.ear.last('chat.message')?.message.files).toEqual([file]);
    const response = await fetch(link(bob, file.fileId));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
  });

  it('knows a picture by its content, and by that alone', async () => {
    const ann = await enter('ann');
    expect(await upload(ann, 'photo.txt', PNG)).toMatchObject({
      ...{ type: 'image/png', isImage: true, width: 4, height: 2 },
    });
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect(await upload(ann, 'photo.png', svg)).toMatchObject({
      ...{ type: 'application/octet-stream', isImage: false, width: null, height: null },
    });
  });

  it('takes a file of no bytes', async () => {
    const ann = await enter('ann');
    const file = await upload(ann, 'empty.txt', Buffer.alloc(0));
    send(ann, [file.fileId]);
    expect(await (await fetch(link(ann, file.fileId))).text()).toBe('');
  });

  it('refuses what is too large, of a kind that is not shared, or without room, before a byte is sent', async () => {
    const ann = await enter('ann');
    await expect(openUpload(ann, 'a.bin', MAX + 1)).rejects.toEqual(coded('FILE_TOO_LARGE'));
    await expect(openUpload(ann, 'setup.EXE', 1)).rejects.toEqual(coded('FILE_REFUSED'));
    await expect(openUpload(ann, 'setup.exe. ', 1)).rejects.toEqual(coded('FILE_REFUSED'));
    await upload(ann, 'a.bin', Buffer.alloc(MAX));
    await expect(openUpload(ann, 'b.bin', MAX)).rejects.toEqual(coded('QUOTA_EXCEEDED'));
  });

  it('lets no more in than the quota, however many come at once', async () => {
    const ann = await enter('ann');
    const size = QUOTA / 4;
    const tickets = await Promise.all(
      Array.from({ length: 8 }, (_, index) => openUpload(ann, `${index}.bin`, size)),
    );
    const answers = await Promise.all(tickets.map((ticket) => post(ticket, Buffer.alloc(size))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
    expect(answers.filter(({ code }) => code === 'QUOTA_EXCEEDED')).toHaveLength(4);
    expect(harness.people.stores.files.usedBytes(ann.room.roomId)).toBe(QUOTA);
  });

  it('gives back what a failed upload had reserved', async () => {
    const ann = await enter('ann');
    for (let round = 0; round < 3; round += 1)
      expect(await post(await openUpload(ann, 'a.bin', MAX), Buffer.alloc(10))).toMatchObject({
        code: 'INVALID_REQUEST',
      });
    await upload(ann, 'a.bin', Buffer.alloc(MAX));
  });

  it('keeps nothing of what is longer or shorter than announced, or was cut off', async () => {
    const ann = await enter('ann');
    const before = onDisk();
    expect(await post(await openUpload(ann, 'a.bin', 10), Buffer.alloc(11))).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    });
    const { ticket, path } = await openUpload(ann, 'a.bin', MAX);
    const request = httpRequest(url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ticket}`,
        'content-type': 'application/octet-stream',
        'content-length': MAX,
      },
    });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(1000));
    await expect.poll(onDisk).toHaveLength(before.length + 1);
    request.destroy();
    await expect.poll(onDisk).toEqual(before);
  });

  it('takes each ticket once, and in its room only', async () => {
    const ann = await enter('ann');
    const opened = await openUpload(ann, 'a.bin', 1);
    await harness.people.rooms.createRoom({ name: 'other' });
    const elsewhere = { ...opened, path: '/api/v1/rooms/other/files' };
    expect(await post(elsewhere, Buffer.alloc(1))).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
    expect(await post(opened, Buffer.alloc(1))).toMatchObject({ status: 201 });
    expect(await post(opened, Buffer.alloc(1))).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
    expect(await post({ ...opened, ticket: 'x' }, Buffer.alloc(1))).toMatchObject({ code: 'TOKEN_INVALID' });
    const bare = await fetch(url + opened.path, { method: 'POST' });
    expect(await codeOf(bare)).toBe('TOKEN_MISSING');
  });

  it('understands bytes only: a form is refused before it is read', async () => {
    const ann = await enter('ann');
    const opened = await openUpload(ann, 'a.bin', 2);
    for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/html'])
      expect((await post(opened, Buffer.from('{}'), type)).status).toBe(400);
  });

  it('is for those whom the room lets, and ends when it lets them no more', async () => {
    await harness.people.rooms.createRoom({ name: 'demo', settings: { uploading: 'hosts' } });
    const [hanna, ann] = [await enter('hanna', { role: 'host' }), await enter('ann')];
    const vera = await enter('vera', { role: 'viewer' });
    await expect(openUpload(ann, 'a.bin', 1)).rejects.toEqual(coded('PERMISSION_DENIED'));
    await expect(openUpload(vera, 'a.bin', 1)).rejects.toEqual(coded('PERMISSION_DENIED'));
    await hanna.room.update(null, { uploading: 'everyone' });
    const opened = await openUpload(ann, 'a.bin', 1);
    await expect(openUpload(vera, 'a.bin', 1)).rejects.toEqual(coded('PERMISSION_DENIED'));
    await ann.participant.leave('removed');
    expect(await post(opened, Buffer.alloc(1))).toMatchObject({ status: 403, code: 'PERMISSION_DENIED' });
  });

  it('breaks off when who uploads is removed meanwhile', async () => {
    const ann = await enter('ann');
    await enter('bob');
    const before = onDisk();
    const { ticket, path } = await openUpload(ann, 'a.bin', MAX);
    const headers = { authorization: `Bearer ${ticket}`, 'content-type': 'application/octet-stream' };
    const request = httpRequest(url + path, { method: 'POST', headers });
    request.write(Buffer.alloc(1000));
    await expect.poll(onDisk).toHaveLength(before.length + 1);
    await ann.participant.leave('removed');
    const answered = once(request, 'response') as Promise<[{ statusCode: number }]>;
    request.end(Buffer.alloc(MAX - 1000));
    const [{ statusCode }] = await answered;
    expect(statusCode).toBe(403);
    expect(onDisk()).toEqual(before);
  });
});

describe('downloading', () => {
  it('never has a browser open or run a file', async () => {
    const ann = await enter('ann');
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const file = await upload(ann, '../../evil "ü".html', page);
    expect(file.name).toBe('evil _ü_.html');
    const saved = await fetch(link(ann, file.fileId));
    expect(Buffer.from(await saved.arrayBuffer())).toEqual(page);
    const { headers } = saved;
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="evil ___.html"; filename*=UTF-8''evil%20_%C3%BC_.html`,
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const picture = await upload(ann, 'a.html', PNG);
    const shown = await fetch(link(ann, picture.fileId));
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(PNG);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(shown.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('is for those who may read the message, as long as it is there', async () => {
    const [ann, bob, cat] = [await enter('ann'), await enter('bob'), await enter('cat')];
    const { fileId } = await upload(ann, 'a.txt', Buffer.from('psst'));
    const { messageId } = send(ann, [fileId], { to: bob.participant.participantId });
    expect(() => link(cat, fileId)).toThrow(coded('FILE_NOT_FOUND'));
    const ofBob = link(bob, fileId);
    expect(await statusOf(ofBob)).toBe(200);
    ann.room.chat.delete(ann.participant, messageId);
    expect(await codeOf(await fetch(ofBob))).toBe('FILE_NOT_FOUND');
    await expect.poll(onDisk).not.toContain(fileId);
  });

  it('ends with the stay of whom the link was made for, and with its time', async () => {
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    const { fileId } = await upload(ann, 'a.txt', Buffer.from('text'));
    send(ann, [fileId]);
    const ofBob = link(bob, fileId);
    expect(await statusOf(ofBob)).toBe(200);
    await bob.participant.leave('removed');
    expect(await codeOf(await fetch(ofBob))).toBe('TOKEN_EXPIRED');
    const forged = link(ann, fileId).replace(/\.\d{13}\./, `.${Date.now() + 1e9}.`);
    expect(await codeOf(await fetch(forged))).toBe('TOKEN_INVALID');
  });

  it('is no way into another room, nor out of the folder', async () => {
    const ann = await enter('ann');
    const { fileId } = await upload(ann, 'a.txt', Buffer.from('text'));
    send(ann, [fileId]);
    const eve = await enter('eve', { video: { room: 'other', roomJoin: true } });
    expect(() => link(eve, fileId)).toThrow(coded('FILE_NOT_FOUND'));
    expect(() => send(eve, [fileId])).toThrow(coded('FILE_NOT_FOUND'));
    const good = link(ann, fileId);
    for (const bad of [
      good.replace('/demo/', '/other/'),
      good.replace(fileId, encodeURIComponent('../parley.db')),
      good.replace(fileId, '..%2f..%2fetc%2fpasswd'),
    ])
      expect([401, 404]).toContain(await statusOf(bad));
  });

  it('is not for who came late, where the room shows them nothing older', async () => {
    await harness.people.rooms.createRoom({ name: 'demo', settings: { chatHistory: 'sinceJoined' } });
    const ann = await enter('ann');
    const { fileId } = await upload(ann, 'a.txt', Buffer.from('text'));
    send(ann, [fileId]);
    const late = await enter('late');
    expect(() => link(late, fileId)).toThrow(coded('FILE_NOT_FOUND'));
  });
});

describe('sending', () => {
  it('takes only files that one uploaded here, each once', async () => {
    const [ann, bob] = [await enter('ann'), await enter('bob')];
    const { fileId } = await upload(ann, 'a.txt', Buffer.from('text'));
    expect(() => send(bob, [fileId])).toThrow(coded('FILE_NOT_FOUND'));
    expect(() => send(ann, ['FI_doesnotexist0000'])).toThrow(coded('FILE_NOT_FOUND'));
    send(ann, [fileId]);
    expect(() => send(ann, [fileId])).toThrow(coded('FILE_NOT_FOUND'));
  });
});

describe('files', () => {
  it('go with a chat that is cleared, and private ones stay', async () => {
    const [hanna, ann] = [await enter('hanna', { role: 'host' }), await enter('ann')];
    const toAll = await upload(ann, 'a.txt', Buffer.from('text'));
    const toOne = await upload(ann, 'b.txt', Buffer.from('text'));
    send(ann, [toAll.fileId]);
    send(ann, [toOne.fileId], { to: hanna.participant.participantId });
    hanna.room.chat.clear(hanna.participant);
    await expect.poll(onDisk).not.toContain(toAll.fileId);
    expect(onDisk()).toContain(toOne.fileId);
    expect(await statusOf(link(hanna, toOne.fileId))).toBe(200);
  });

  it('of a breakout room are for those in it, and count for the room', async () => {
    const [hanna, ann] = [await enter('hanna', { role: 'host' }), await enter('ann')];
    const { room } = hanna;
    const [red] = room.breakouts.create(hanna.participant, ['Red']);
    room.move(ann.participant, red ?? '', 'assigned');
    const { fileId } = await upload(ann, 'a.txt', Buffer.from('text'));
    send(ann, [fileId]);
    expect(harness.people.stores.files.usedBytes(room.roomId)).toBe(4);
    expect(() => link(hanna, fileId)).toThrow(coded('FILE_NOT_FOUND'));
    expect(await statusOf(link(ann, fileId))).toBe(200);
  });
});

describe('a file of a meeting that was', () => {
  it('is had by whoever may read its history, and by nobody else', async () => {
    const [ann, bob] = [await enter('ann', { role: 'host' }), await enter('bob')];
    const [forAll, forAnn] = [await upload(ann, 'plan.svg', PNG), await upload(bob, 'secret.png', PNG)];
    const { chat, meetingId } = ann.room;
    chat.send(ann.participant, { text: '', fileIds: [forAll.fileId] });
    const to = ann.participant.participantId;
    chat.send(bob.participant, { text: '', fileIds: [forAnn.fileId], to });
    await harness.ask(['POST', '/rooms/demo/end']);
    const path = `/rooms/demo/meetings/${meetingId}/files`;
    const get = (fileId: string, video: VideoGrant, meeting = path) => {
      const headers = { authorization: `Bearer ${harness.tokens.sign({ sub: 'eve', video }, 60)}` };
      return fetch(`${url}/api/v1${meeting}/${fileId}`, { headers });
    };
    const answer = await get(forAll.fileId, { roomAdmin: true });
    expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, PNG]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': expect.stringContaining('attachment; filename="plan.svg"') as unknown,
      'content-security-policy': expect.stringContaining('sandbox') as unknown,
      'x-content-type-options': 'nosniff',
    });
    const codeOf = async (response: Promise<Response>) =>
      ((await (await response).json()) as ErrorBody).error.code;
    expect(await codeOf(get(forAnn.fileId, { roomAdmin: true }))).toBe('FILE_NOT_FOUND');
    expect(await codeOf(get(forAll.fileId, { roomJoin: true, room: 'demo' }))).toBe('PERMISSION_DENIED');
    expect(await codeOf(get(forAll.fileId, { roomAdmin: true, room: 'other' }))).toBe('PERMISSION_DENIED');
    const elsewhere = `/rooms/other/meetings/${meetingId}/files`;
    expect(await codeOf(get(forAll.fileId, { roomAdmin: true }, elsewhere))).toBe('MEETING_NOT_FOUND');
  });
});
