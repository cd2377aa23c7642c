import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPatience } from './plugins/patience.ts';

const app = fastify().withTypeProvider<TypeBoxTypeProvider>().setValidatorCompiler(TypeBoxValidatorCompiler);
let port: number;

beforeAll(async () => {
  registerPatience(app, 50);
  app.post('/', () => ({}));
  app.post('/upload', { config: { isUpload: true } }, () => ({}));
  await app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(() => app.close());

/** What is answered to a body of which only the first byte comes. */
function sendSlowly(path: string, length: number, more = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${length}\r\n\r\n{`,
  );
  if (more) socket.once('connect', () => setTimeout(() => socket.write(more), 150));
  return text(socket);
}

test('a body that does not come is not waited for', async () => {
  expect(await sendSlowly('/', 10)).toMatch(/^HTTP\/1.1 408 .*too slowly/s);
});

test('a file has more time, the larger it is', async () => {
  // 16 KiB a second: a second for these bytes.
  const rest = `${' '.repeat(16_382)}}`;
  expect(await sendSlowly('/upload', 16_384, rest)).toMatch(/^HTTP\/1.1 200 /);
  expect(await sendSlowly('/upload', 10)).toMatch(/^HTTP\/1.1 408 /);
});
