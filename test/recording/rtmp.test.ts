import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer as createTlsServer, rootCertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import { RtmpTarget, type RtmpTargetStatus } from '@parley/recorder/internal/rtmp/RtmpTarget.ts';
import { RtmpUrl } from '@parley/protocol/rtmpUrl';
import { figure } from '../support/figures.ts';
import { NginxRtmp } from '../support/NginxRtmp.ts';
import { waitFor } from '../support/waitFor.ts';
import { TestSource } from './TestSource.ts';

const run = promisify(execFile);
const closing: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('a stream to a service', () => {
  it('arrives as it was sent: picture and sound decode without a fault', async () => {
    const nginx = await startNginx();
    const { until } = stream(nginx.url('show?token=a/b'));
    await until('live');
    const seen = await play(`rtmp://127.0.0.1:${nginx.port}/live/show?token=a`);
    expect(seen.frames).toBeGreaterThanOrEqual(25);
    expect(seen.errors).toBe('');
    expect(seen.streams.toSorted()).toEqual(['audio aac 48000 2', 'video h264 320x180']);
    await until('live', ({ bitrate }) => bitrate > 400_000);
  });

  it(
    'is back within two seconds when a service that was gone comes back',
    { tags: 'recording' },
    async () => {
      const nginx = await startNginx();
      const { until } = stream(nginx.url('show'));
      await until('live');
      await nginx.kill();
      const { message } = await until('retrying');
      expect(message).toMatch(/hung up|refuses connections/);
      await until('retrying', (status) => status.message.includes('refuses connections'));
      await nginx.run();
      const back = performance.now();
      await until('live');
      expect((await play(nginx.url('show'))).errors).toBe('');
      figure('back at the service, and two seconds of it decoded', {
        value: performance.now() - back,
        unit: 'ms',
      });
    },
  );

  it('finds out that a service accepts it and then stalls', { tags: 'recording' }, async () => {
    const nginx = await startNginx();
    const { until } = stream(nginx.url('show'));
    await until('live', ({ bitrate }) => bitrate > 100_000);
    const stalled = performance.now();
    nginx.signal('SIGSTOP');
    const { message } = await until('retrying');
    figure('stall of the service found', { value: performance.now() - stalled, unit: 'ms', limit: 10_000 });
    expect(message).toContain('takes the stream no more');
    nginx.signal('SIGCONT');
    await until('live');
  });

  it('fails with words, and without the key, when the service does not want it', async () => {
    const gate = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    closing.push(() => new Promise<void>((resolve) => gate.close(() => resolve())));
    await once(gate, 'listening');
    const { port } = gate.address() as AddressInfo;
    const nginx = await startNginx({ onPublish: `http://127.0.0.1:${String(port)}/` });
    const { until, all } = stream(nginx.url('secret-key'));
    const { message } = await until('failed');
    expect(message).toMatch(/Check the address and the key/);
    expect(JSON.stringify(all)).not.toContain('secret-key');
  });

  it('is encrypted where the address says rtmps, and goes to nobody whose certificate is not valid', async () => {
    const nginx = await startNginx();
    const { port, certificate } = await startTlsBefore(nginx);
    const url = `rtmps://localhost:${String(port)}/live/show`;
    const { until } = stream(url);
    await until('connecting', ({ message }) => message.includes('its certificate is not valid'));

    setDefaultCACertificates([certificate]);
    closing.push(() => setDefaultCACertificates([...rootCertificates]));
    await until('live');
    expect((await play(nginx.url('show'))).errors).toBe('');
  });

  it('goes to no private address unless that is allowed', async () => {
    const nginx = await startNginx();
    const { until, all } = stream(nginx.url('show'), false);
    const { message } = await until('failed');
    expect(message).toContain('private');
    expect(all.map(({ state }) => state)).toEqual(['failed']);
  });
});

async function startNginx(options: { onPublish?: string } = {}): Promise<NginxRtmp> {
  const nginx = await NginxRtmp.start(options);
  closing.push(() => nginx.close());
  return nginx;
}

/** Stands before a service and speaks TLS for it, as `localhost`. */
async function startTlsBefore(nginx: NginxRtmp): Promise<{ port: number; certificate: string }> {
  const names = [{ type: 2, value: 'localhost' }] as const;
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'subjectAltName', altNames: [...names] },
      { name: 'basicConstraints', cA: true },
    ],
  });
  const server = createTlsServer({ cert, key }, (secure) => {
    const plain = connect({ port: nginx.port, host: '127.0.0.1' });
    pipeline(secure, plain, secure, () => undefined);
  }).listen(0);
  closing.push(() => void server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, certificate: cert };
}

function stream(url: string, allowPrivate = true) {
  const all: RtmpTargetStatus[] = [];
  const target = new RtmpTarget({
    url: RtmpUrl.parse(url),
    allowPrivate,
    onStatus: (status) => all.push(status),
  });
  const source = new TestSource({
    onStream: ({ config }) => target.start(config),
    onFragment: (_, samples) => samples.forEach((sample) => target.write(sample)),
  });
  closing.push(() => {
    source.close();
    target.close();
  });
  const until = async (
    state: RtmpTargetStatus['state'],
    also: (status: RtmpTargetStatus) => boolean = () => true,
  ) => {
    const last = await waitFor(`the target to be ${state}`, () => all.at(-1), {
      timeout: 25_000,
      done: (status) => status?.state === state && also(status),
    });
    if (!last) throw new Error('no status');
    return last;
  };
  return { until, all };
}

/** Watches two seconds as a viewer does. */
async function play(url: string): Promise<{ frames: number; errors: string; streams: string[] }> {
  const { stderr } = await run(findFfmpeg(), [
    ...['-hide_banner', '-loglevel', 'info', '-nostdin', '-rw_timeout', '10000000', '-i', url],
    ...['-t', '2', '-f', 'null', '-'],
  ]);
  const streams = [...stderr.matchAll(/Stream #0:\d.*?: (Video|Audio): (\w+)[^\n]*/g)].slice(0, 2);
  return {
    frames: Number([...stderr.matchAll(/frame=\s*(\d+)/g)].at(-1)?.[1] ?? 0),
    errors: stderr
      .split('\n')
      .filter((line) => /error|invalid|corrupt|missing|non.?monoton/i.test(line))
      .join('\n'),
    streams: streams.map(([line, kind, codec]) => {
      const video = /(\d+x\d+)/.exec(line.replace(/\b0x[0-9a-f]+/gi, ''))?.[1];
      const audio = `${/(\d+) Hz/.exec(line)?.[1] ?? ''} ${line.includes('stereo') ? '2' : '1'}`;
      return `${String(kind).toLowerCase()} ${String(codec)} ${kind === 'Video' ? String(video) : audio}`;
    }),
  };
}
