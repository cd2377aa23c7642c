import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

const SIZE = 1_000_000;
const KILLS = 10;
/** Two uploads fit, one of which is there. */
const env = { PARLEY_CHAT_FILES_QUOTA_BYTES_PER_ROOM: String(2 * SIZE) };

let server: ParleyServer;
beforeAll(async () => {
  server = await ParleyServer.start({ env });
});
afterAll(() => server.stop());

const enter = () =>
  RawSocket.join(server.url, { room: 'demo', identity: 'ann', token: joinToken('demo', 'ann') });
const onDisk = (): string[] => readdirSync(join(server.dataDir, 'files'));

async function startUpload(socket: RawSocket) {
  const { result } = await socket.request('chat.openUpload', { name: 'a.bin', size: SIZE });
  const { ticket, path } = result as { ticket: string; path: string };
  const request = httpRequest(server.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ticket}`,
      'content-type': 'application/octet-stream',
      'content-length': SIZE,
    },
  });
  request.on('error', () => undefined);
  return request;
}

async function upload(socket: RawSocket): Promise<{ status: number; fileId: string }> {
  const request = await startUpload(socket);
  const answered = once(request, 'response') as Promise<[NodeJS.ReadableStream & { statusCode: number }]>;
  request.end(Buffer.alloc(SIZE, 1));
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += chunk.toString();
  return { status: response.statusCode, fileId: (JSON.parse(text) as { fileId: string }).fileId };
}

it('a server that is killed loses no file of a message, and keeps no half of one', async () => {
  const socket = await enter();
  const { status, fileId } = await upload(socket);
  expect(status).toBe(201);
  const sent = await socket.request('chat.send', { text: 'a file', fileIds: [fileId] });
  expect(sent.error).toBeUndefined();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const again = await enter();
    const request = await startUpload(again);
    request.write(Buffer.alloc(SIZE - 1));
    await waitFor('half a file', onDisk, { done: (names) => names.length === 2 });
    // At any point: before the last byte, with it, or when it is all there.
    if (kill % 2 === 1) request.end(Buffer.alloc(1));
    const { port, dataDir } = server;
    await server.kill();
    request.destroy();
    server = await ParleyServer.start({ env, port, dataDir });
    const names = onDisk();
    expect(names).toContain(fileId);
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
  }
  const back = await enter();
  const { result } = await back.request('chat.history');
  expect(result?.['messages']).toMatchObject([{ text: 'a file', files: [{ fileId, size: SIZE }] }]);
  const { result: link } = await back.request('chat.openFile', { fileId });
  const response = await fetch(server.url + String(link?.['path']));
  expect((await response.arrayBuffer()).byteLength).toBe(SIZE);
});
