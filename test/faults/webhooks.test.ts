import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { WebhookEvent } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { API_KEY, API_SECRET, joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

let receiver: Server;
let dataDir: string;
let isUp = false;
const arrived: WebhookEvent[] = [];
/** Whether each request was signed over its body. */
const signed: boolean[] = [];

function isSigned(token: string, body: Buffer): boolean {
  const [header = '', payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string; sha256: string };
  const hash = createHash('sha256').update(body).digest('base64');
  const expected = createHmac('sha256', API_SECRET).update(`${header}.${payload}`).digest('base64url');
  return signature === expected && claims.iss === API_KEY && claims.sha256 === hash;
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-webhooks-'));
  receiver = createServer((request, response) => {
    void buffer(request).then((body) => {
      // While it is down it takes what comes and never says so.
      if (!isUp) return;
      signed.push(isSigned(request.headers.authorization ?? '', body));
      arrived.push(JSON.parse(body.toString()) as WebhookEvent);
      response.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  rmSync(dataDir, { recursive: true });
});

const start = (): Promise<ParleyServer> =>
  ParleyServer.start({
    dataDir,
    env: {
      PARLEY_WEBHOOKS_URLS: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
      PARLEY_WEBHOOKS_ALLOW_PRIVATE: 'true',
      PARLEY_ROOMS_EMPTY_TIMEOUT: '600',
    },
  });
const until = (count: number): Promise<unknown> =>
  waitFor('events to arrive', () => arrived.map(({ event }) => event), {
    done: ({ length }) => length >= count,
  });

it('what was told before kill -9 arrives when the server is back: all of it, in order, once', async () => {
  const first = await start();
  const ann = await RawSocket.open(first.url);
  await ann.hello(joinToken('demo', 'ann'));
  await ann.request('room.join');
  const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
  for (const text of texts) expect((await ann.request('chat.send', { text })).error).toBeUndefined();
  await first.kill();
  expect(arrived).toEqual([]);

  isUp = true;
  const second = await start();
  // A meeting began, ann came, wrote, and was thrown out by the crash.
  await until(23);
  await second.stop();
  expect(arrived.map(({ event }) => event)).toEqual([
    'room_started',
    'participant_joined',
    ...texts.map(() => 'chat_message_sent'),
    'participant_left',
  ]);
  expect(arrived.map(({ seq }) => seq)).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
  expect(arrived.flatMap(({ message }) => message?.text ?? [])).toEqual(texts);
  expect(arrived.at(-1)?.participant).toMatchObject({ identity: 'ann', state: 'DISCONNECTED' });
  expect(signed).not.toContain(false);
});
