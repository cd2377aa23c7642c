import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ParleyError } from '@parley/protocol/errors';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RoomAdmin } from './RoomAdmin.ts';
import { ServerAdmin } from './ServerAdmin.ts';

/** A server that keeps what it was asked, and answers what it was told to. */
let server: Server;
let url = '';
let answer: { status: number; body?: object };
const asked: { line: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeEach(async () => {
  answer = { status: 200, body: { items: [], nextCursor: null } };
  server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      response.writeHead(answer.status).end(answer.body && JSON.stringify(answer.body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  asked.length = 0;
  server.close();
});

it('asks with the token, and without one with none', async () => {
  await new RoomAdmin(url, 'demo', { token: 'abc' }).listInvites();
  await new RoomAdmin(url, 'demo').listInvites();
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc', undefined]);
});

it('writes names and cursors so that they cannot lead elsewhere', async () => {
  const room = new ServerAdmin(url).room('demo');
  await room.listAudit({ limit: 5, cursor: 'a&b=c' });
  await room.getMeeting('../../x?y#z');
  expect(asked.map(({ line }) => line)).toEqual([
    'GET /api/v1/rooms/demo/audit?limit=5&cursor=a%26b%3Dc',
    'GET /api/v1/rooms/demo/meetings/..%2F..%2Fx%3Fy%23z',
  ]);
});

it('sends a body as JSON, and none where there is none', async () => {
  await new ServerAdmin(url).createRoom('demo', { title: 'Demo' });
  answer = { status: 204 };
  expect(await new ServerAdmin(url).deleteRoom('demo')).toBeUndefined();
  expect(asked.map(({ line, body }) => [line, body])).toEqual([
    ['POST /api/v1/rooms', '{"name":"demo","settings":{"title":"Demo"}}'],
    ['DELETE /api/v1/rooms/demo', ''],
  ]);
  expect(asked.map(({ headers }) => headers['content-type'])).toEqual(['application/json', undefined]);
});

it('rejects with the error that the server names', async () => {
  answer = { status: 401, body: { error: { code: 'TOKEN_MISSING', message: 'Sign in first.' } } };
  const error = await new RoomAdmin(url, 'demo').get().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ParleyError);
  expect(error).toMatchObject({ code: 'TOKEN_MISSING', message: 'Sign in first.' });
});

it('says so when nobody answers', async () => {
  const closed = once(server, 'close');
  server.close();
  await closed;
  const error = await new RoomAdmin(url, 'demo').get().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'SHUTTING_DOWN', message: expect.stringMatching(/cannot be reached/) });
});
