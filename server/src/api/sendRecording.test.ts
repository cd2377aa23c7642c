import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OpenedFile } from '../recordings/Library.ts';
import { sendRecording } from './sendRecording.ts';

let app: FastifyInstance;
let opened: PromiseWithResolvers<OpenedFile>;
let asked: PromiseWithResolvers<Socket>;
beforeEach(async () => {
  opened = Promise.withResolvers();
  asked = Promise.withResolvers();
  app = fastify();
  app.get('/file', async (request, reply) => {
    asked.resolve(request.raw.socket);
    return sendRecording(request, reply, { file: await opened.promise, download: false });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const close = vi.fn(() => Promise.resolve());
beforeEach(() => void close.mockClear());

const fileOf = (pieces: () => AsyncIterable<Uint8Array>): OpenedFile => ({
  reader: { size: 6, read: pieces, close },
  ...{ mimeType: 'video/mp4', etag: '"one"', name: 'one.mp4', assertAllowed: () => undefined },
});
const url = (): string => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/file`;

it('closes a file that was opened for somebody who is gone', async () => {
  const read = vi.fn();
  const { port } = app.server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port });
  client.write('GET /file HTTP/1.1\r\nHost: here\r\n\r\n');
  const socket = await asked.promise;
  client.destroy();
  await once(socket, 'close');
  opened.resolve(fileOf(read));
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(read).not.toHaveBeenCalled();
});

it('closes a file that was sent, and one that cannot be read to its end', async () => {
  opened.resolve(
    fileOf(async function* () {
      yield Buffer.from('abc');
      yield Buffer.from('def');
    }),
  );
  expect(await (await fetch(url())).text()).toBe('abcdef');
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1));
  opened = Promise.withResolvers();
  opened.resolve(
    fileOf(async function* () {
      yield Buffer.from('abc');
      throw new Error('It is damaged.');
    }),
  );
  const answer = await fetch(url());
  await expect(answer.text()).rejects.toThrow();
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(2));
});

it('closes a file of which only the headers were asked for', async () => {
  opened.resolve(fileOf(vi.fn()));
  expect((await fetch(url(), { method: 'HEAD' })).headers.get('content-length')).toBe('6');
  expect(close).toHaveBeenCalledTimes(1);
});
