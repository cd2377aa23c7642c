import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectNet } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseUri } from '../message/uri.ts';
import { overStream, answers, options, tcpTo, udpTo, type SipSocket } from '../testing/SipSocket.ts';
import { soundAt } from '../testing/Sound.ts';
import { UserAgent, type ListenOptions } from '../UserAgent.ts';

const agents: UserAgent[] = [];
const sockets: SipSocket[] = [];
let folder = '';
let [key, cert] = ['', ''];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-sip-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...made, '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'ignore',
  });
  [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await Promise.all(agents.splice(0).map((agent) => agent.close()));
});

async function open(
  o: Partial<ListenOptions> = {},
): Promise<{ agent: UserAgent; port: (transport: string) => number }> {
  const at = { address: '127.0.0.1', port: 0 };
  const agent = await UserAgent.open({
    listen: [
      { transport: 'UDP', ...at },
      { transport: 'TCP', ...at },
      { transport: 'TLS', ...at, tls: { key, cert } },
    ],
    handlers: {},
    ...o,
  });
  agents.push(agent);
  return {
    agent,
    port: (transport) => agent.listening.find((one) => one.transport === transport)?.port ?? 0,
  };
}

async function tcp(port: number): Promise<SipSocket> {
  const socket = await tcpTo(port);
  sockets.push(socket);
  return socket;
}

async function udp(port: number): Promise<SipSocket> {
  const socket = await udpTo(port);
  sockets.push(socket);
  return socket;
}

describe('over TCP', () => {
  it('messages may come in pieces, byte by byte', async () => {
    const { port } = await open();
    const socket = await tcp(port('TCP'));
    const { data, callId } = options({ transport: 'TCP' });
    for (const byte of data) socket.send(Buffer.from([byte]));
    await socket.next(answers(callId));
  });

  it('messages may come together, with keep-alives between them, and half of the next', async () => {
    const { port } = await open();
    const socket = await tcp(port('TCP'));
    const all = [1, 2, 3].map(() => options({ transport: 'TCP' }));
    const [first, second, third] = all.map(({ data }) => data);
    const half = third?.subarray(0, 50) ?? Buffer.alloc(0);
    socket.send(Buffer.concat([first ?? half, Buffer.from('\r\n\r\n'), second ?? half, half]));
    await socket.next(answers(all[1]?.callId ?? ''));
    socket.send(third?.subarray(50) ?? half);
    for (const { callId } of all) await socket.next(answers(callId));
  });

  it.each([
    ['a body', (size: number) => options({ transport: 'TCP', body: Buffer.alloc(size, 'x') }).data],
    ['a header', (size: number) => Buffer.from(`OPTIONS sip:a@b SIP/2.0\r\nSubject: ${'x'.repeat(size)}`)],
  ])('%s above 64 KB ends the connection', async (_, make) => {
    const { port } = await open();
    const socket = await tcp(port('TCP'));
    socket.send(make(70_000));
    await expect.poll(() => socket.closed).toBe(true);
    const other = await tcp(port('TCP'));
    const { data, callId } = options({ transport: 'TCP' });
    other.send(data);
    await other.next(answers(callId));
  });

  it('a body of 60 KB is taken', async () => {
    const { port } = await open();
    const socket = await tcp(port('TCP'));
    const { data, callId } = options({ transport: 'TCP', body: Buffer.alloc(60_000, 'x') });
    socket.send(data);
    await socket.next(answers(callId));
  });

  it('a peer that closes its half has gone', async () => {
    const { port } = await open();
    const socket = connectHalf(port('TCP'));
    await once(socket, 'connect');
    const ended = once(socket, 'end');
    socket.on('data', () => undefined);
    socket.end(options({ transport: 'TCP' }).data);
    await ended;
  });

  it('a peer that sends too much is read more slowly, but loses nothing', async () => {
    let left = 20;
    const { port } = await open({ admits: () => (left -= 1) >= 0 });
    const socket = await tcp(port('TCP'));
    const all = Array.from({ length: 40 }, () => options({ transport: 'TCP' }));
    const began = performance.now();
    setTimeout(() => (left = 1_000), 300);
    socket.send(Buffer.concat(all.map(({ data }) => data)));
    for (const { callId } of all) await socket.next(answers(callId));
    expect(performance.now() - began).toBeGreaterThan(200);
  });
});

const connectHalf = (port: number) => connectNet({ port, host: '127.0.0.1', allowHalfOpen: true });

describe('strangers', () => {
  it('are not heard at all', async () => {
    const { port } = await open({ admits: () => false });
    const socket = await udp(port('UDP'));
    socket.send(options({ port: socket.port }).data);
    const stream = await tcp(port('TCP'));
    stream.send(options().data);
    await expect.poll(() => stream.closed).toBe(true);
    expect([socket.received, stream.received]).toEqual([[], []]);
  });
});

describe('calls', () => {
  const invite = (
    agent: UserAgent,
    target: string,
    o: { tls?: object; headers?: Record<string, string> } = {},
  ) =>
    agent.invite({
      from: { uri: parseUri('sip:ann@127.0.0.1') },
      target: parseUri(target),
      path: { tls: o.tls },
      headers: o.headers,
      sound: soundAt('127.0.0.1'),
    });
  const taking: ListenOptions['handlers'] = {
    onInvite: (call) => void call.accept({ sound: soundAt('127.0.0.1') }).answer(),
  };

  it.each(['UDP', 'TCP', 'TLS'])('over %s: made, held and ended', async (transport) => {
    const [{ port }, { agent }] = [await open({ handlers: taking }), await open()];
    const session = invite(agent, `sip:bob@127.0.0.1:${port(transport)};transport=${transport}`, {
      tls: { ca: cert },
    });
    await once(session, 'established');
    expect(await session.hold()).toBe(true);
    await session.end();
    expect(session.state).toBe('ended');
  });

  it('over TLS: not to who has a certificate of nobody', async () => {
    const [{ port }, { agent }] = [await open({ handlers: taking }), await open()];
    const session = invite(agent, `sip:bob@127.0.0.1:${port('TLS')};transport=tls`);
    const cause = await new Promise((resolve) => session.on('ended', resolve));
    expect(cause).toMatchObject({ by: 'network', status: 503 });
  });

  it('too large for UDP go over TCP, where somebody listens', async () => {
    const at = { address: '127.0.0.1', port: 0 };
    const flows: string[] = [];
    const handlers: ListenOptions['handlers'] = {
      onInvite: (call) => {
        flows.push(call.flow.transport);
        call.refuse(486);
      },
    };
    const both = await open({ handlers, listen: [{ transport: 'UDP', ...at }] });
    const { agent } = await open();
    const headers = { 'X-Long': 'x'.repeat(1_300) };
    const target = `sip:bob@127.0.0.1:${both.port('UDP')}`;
    await new Promise((resolve) => invite(agent, target, { headers }).on('ended', resolve));
    const number = both.port('UDP');
    await open({ handlers, listen: [{ transport: 'TCP', address: '127.0.0.1', port: number }] });
    const { agent: other } = await open();
    await new Promise((resolve) => invite(other, target, { headers }).on('ended', resolve));
    expect(flows).toEqual(['UDP', 'TCP']);
  });
});

describe('who once took no connection', () => {
  it('is asked for one again where calls go over TCP by choice, but not for what is only too large for UDP', async () => {
    const at = { address: '127.0.0.1', port: 0 };
    const { agent } = await open();
    const { agent: probe, port } = await open({ listen: [{ transport: 'TCP', ...at }] });
    const target = { address: '127.0.0.1', port: port('TCP'), serverName: '', transport: 'TCP' } as const;
    const wider = { ...target, insteadOf: 'UDP' } as const;
    await probe.close();
    await expect(agent.network.flowTo(target)).rejects.toThrow('ECONNREFUSED');
    await expect(agent.network.flowTo(wider)).rejects.toThrow('ECONNREFUSED');
    await expect(agent.network.flowTo(wider)).rejects.toThrow('takes no connections');
    await open({ listen: [{ ...at, transport: 'TCP', port: target.port }] });
    await expect(agent.network.flowTo(wider)).rejects.toThrow('takes no connections');
    expect(await agent.network.flowTo(target)).toMatchObject({ transport: 'TCP' });
    expect(await agent.network.flowTo(wider)).toMatchObject({ transport: 'TCP' });
  });
});

describe('TLS', () => {
  it('takes connections, and answers keep-alives', async () => {
    const { port } = await open();
    const socket = connectTls({ port: port('TLS'), host: '127.0.0.1', ca: cert });
    await once(socket, 'secureConnect');
    const one = overStream(socket);
    sockets.push(one);
    const pong = once(socket, 'data');
    one.send('\r\n\r\n');
    expect(String((await pong)[0])).toBe('\r\n');
    const { data, callId } = options({ transport: 'TLS' });
    one.send(data);
    await one.next(answers(callId));
  });
});

describe('port 0', () => {
  it('in a Contact or a Route is refused, and ends nothing', async () => {
    const { port } = await open();
    const socket = await udp(port('UDP'));
    for (const [number, line] of ['Contact: <sip:a@127.0.0.1:0>', 'Route: <sip:127.0.0.1:0;lr>'].entries()) {
      const { data, callId } = options({ port: socket.port });
      socket.send(data.toString('latin1').replace('Content-Type: text/plain', line));
      await socket.next(answers(callId, 400));
      expect(socket.received).toHaveLength(number + 1);
    }
  });

  it('cannot be sent to, which is told later', async () => {
    const { agent } = await open();
    const target = { address: '127.0.0.1', port: 0, serverName: '' };
    const flow = await agent.network.flowTo({ transport: 'UDP', ...target });
    const failed = vi.fn();
    flow.send(Buffer.from('\r\n\r\n'), failed);
    expect(failed).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce(), 15_000);
    await expect(agent.network.flowTo({ transport: 'TCP', ...target })).rejects.toThrow();
  });
});

it('what is sent after the end has failed, and nothing more', async () => {
  const agent = await UserAgent.open({
    listen: [{ transport: 'UDP', address: '127.0.0.1', port: 0 }],
    handlers: {},
  });
  const flow = await agent.network.flowTo({
    ...{ transport: 'UDP', address: '127.0.0.1', port: 9, serverName: '' },
  });
  await agent.close();
  const failed = vi.fn();
  flow.send(Buffer.from('\r\n\r\n'), failed);
  expect(failed).toHaveBeenCalledOnce();
});
