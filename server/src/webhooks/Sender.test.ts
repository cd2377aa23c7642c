import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Sender, type SenderOptions } from './Sender.ts';
import { Receiver, silence, status } from './testing/Receiver.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

async function listen(at: { host?: string; port?: number } = {}): Promise<Receiver> {
  const receiver = await Receiver.listen(at);
  closing.push(receiver);
  return receiver;
}

const never = (): never => {
  throw new Error('no name is looked up');
};
const senderOf = (options: Partial<SenderOptions> = {}): Sender =>
  new Sender({
    ...{ allowPrivate: true, resolve: never, sign: () => 'signed', timeout: 5000, userAgent: 'Parley/1' },
    ...options,
  });

describe('posting an event', () => {
  it('is one POST of the very bytes, signed', async () => {
    const receiver = await listen();
    const attempt = await senderOf({ sign: (body) => `signed ${body.length}` }).post(receiver.url, '{"ü":1}');
    expect(attempt).toMatchObject({ responseStatus: 200, error: null });
    const [received] = receiver.received;
    expect(received).toMatchObject({ method: 'POST', path: '/hook' });
    expect(received?.body.toString()).toBe('{"ü":1}');
    expect(received?.headers).toMatchObject({
      authorization: 'signed 7',
      'content-type': 'application/webhook+json',
      'content-length': '8',
      'user-agent': 'Parley/1',
    });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (code) => {
    const [receiver, elsewhere] = [await listen(), await listen()];
    receiver.otherwise = status(code, { location: elsewhere.url });
    const attempt = await senderOf().post(receiver.url, '{}');
    expect(attempt).toMatchObject({ responseStatus: code, error: expect.stringMatching(/not followed/) });
    expect(elsewhere.received).toEqual([]);
  });

  it.each([400, 404, 500, 503])('fails with status %i', async (code) => {
    const receiver = await listen();
    receiver.otherwise = status(code);
    const attempt = await senderOf().post(receiver.url, '{}');
    expect(attempt).toMatchObject({ responseStatus: code, error: `The receiver answered ${code}.` });
  });

  it('gives up on who is silent, refuses the connection, or whose name is looked up for ever', async () => {
    const receiver = await listen();
    receiver.otherwise = silence;
    const late = { responseStatus: null, error: 'There was no answer within 0.1 s.' };
    expect(await senderOf({ timeout: 100 }).post(receiver.url, '{}')).toMatchObject(late);
    const stuck = senderOf({ timeout: 100, resolve: () => Promise.withResolvers<never>().promise });
    expect(await stuck.post('http://example.test/', '{}')).toMatchObject(late);
    const { url } = receiver;
    await receiver.close();
    expect(await senderOf().post(url, '{}')).toMatchObject({ error: 'The connection was refused.' });
  });

  it.each([
    ['what is no HTTP', 'hello\r\n'],
    ['an upgrade', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
    ['nothing, and hangs up', ''],
  ])('ends also when the answer is %s', async (_what, bytes) => {
    const server = createServer((socket: Socket) => socket.once('data', () => socket.end(bytes)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(server);
    const { port } = server.address() as AddressInfo;
    const attempt = await senderOf().post(`http://127.0.0.1:${port}/`, '{}');
    expect(attempt).toMatchObject({ responseStatus: null, error: expect.stringMatching(/./) });
  });

  it('does not read an answer that has no end', async () => {
    const receiver = await listen();
    const cut = Promise.withResolvers<void>();
    receiver.otherwise = (response) => {
      response.on('close', () => cut.resolve());
      const more = (): void => void (response.destroyed || response.write('x'.repeat(1024), more));
      more();
    };
    expect(await senderOf().post(receiver.url, '{}')).toMatchObject({ error: null });
    await cut.promise;
  });
});

describe('the address that is connected to', () => {
  it('is the one that was checked, whatever the name says by then', async () => {
    const rightOne = await listen({ host: '127.0.0.2' });
    // Where the name leads when it is looked up by the system.
    const wrongOne = await listen({ host: '127.0.0.1', port: rightOne.port });
    const lookedUp: string[] = [];
    const sender = senderOf({
      resolve: (hostname) => {
        lookedUp.push(hostname);
        return Promise.resolve([{ address: '127.0.0.2', family: 4 }]);
      },
    });
    const attempt = await sender.post(`http://localhost:${rightOne.port}/`, '{}');
    expect(attempt.error).toBeNull();
    expect(lookedUp).toEqual(['localhost']);
    expect([rightOne.received.length, wrongOne.received.length]).toEqual([1, 0]);
    expect(rightOne.received[0]?.headers.host).toBe(`localhost:${rightOne.port}`);
  });

  it('is checked anew each time: a name that was public may lead inside by then', async () => {
    const inside = await listen();
    const answers = ['1.1.1.1', '127.0.0.1', '127.0.0.1'];
    const sender = senderOf({
      allowPrivate: false,
      resolve: () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]),
    });
    const url = `http://localhost:${inside.port}/`;
    expect(await sender.check(url)).toBe(url);
    const attempt = await sender.post(url, '{}');
    expect(attempt).toMatchObject({ responseStatus: null, error: expect.stringMatching(/private/) });
    await expect(sender.check(url)).rejects.toMatchObject({ code: 'URL_REFUSED' });
    expect(inside.received).toEqual([]);
  });

  it('is not private, unless that is allowed', async () => {
    const receiver = await listen();
    const attempt = await senderOf({ allowPrivate: false }).post(receiver.url, '{}');
    expect(attempt).toMatchObject({ responseStatus: null, error: expect.stringMatching(/allowPrivate/) });
    expect(receiver.received).toEqual([]);
  });
});
