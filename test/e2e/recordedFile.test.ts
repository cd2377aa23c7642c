import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishRecording, Mp4Fragments, WebmClusters, type MediaFormat } from '@parley/recorder/files';
import { GrowingFile, openVault, VaultKey, type VaultReader } from '@parley/recorder/vault';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
const key = VaultKey.generate();
const SECONDS = 30;

const picture = ['-f', 'lavfi', '-i', `testsrc2=s=640x360:r=15:d=${String(SECONDS)}`];
const sound = ['-f', 'lavfi', '-i', `sine=r=48000:d=${String(SECONDS)}`];
const mp4 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-bf',
  '2',
  '-g',
  '50',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
];
const fragmented = [
  '-movflags',
  'frag_keyframe+empty_moov+delay_moov+default_base_moof',
  '-frag_duration',
  '500000',
];
const webm = [
  '-c:v',
  'libvpx',
  '-deadline',
  'realtime',
  '-cpu-used',
  '8',
  '-b:v',
  '2M',
  '-g',
  '50',
  '-c:a',
  'libopus',
];
const live = ['-cluster_time_limit', '1000', '-live', '1'];

/** Records, finishes and opens a film as the recorder and the server do: encrypted all the way. */
async function record(format: MediaFormat): Promise<VaultReader> {
  const output = format === 'mp4' ? [...mp4, ...fragmented, '-f', 'mp4'] : [...webm, ...live, '-f', 'webm'];
  const child = spawn('ffmpeg', ['-v', 'error', ...picture, ...sound, ...output, 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const part = join(folder, `${format}.part`);
  const file = await GrowingFile.create(part, { key });
  const splitter = format === 'mp4' ? new Mp4Fragments() : new WebmClusters();
  child.stdout.on('data', (chunk: Buffer) => splitter.push(chunk).forEach(({ bytes }) => file.append(bytes)));
  await once(child, 'close');
  await file.close();
  const source = await openVault(part, { keys: [key] });
  const chapters = [{ startMs: 12_000, title: 'Second' }];
  const { path } = await finishRecording({
    source,
    path: join(folder, format),
    key,
    chapters,
    title: 'A film',
  });
  await source.close();
  return openVault(path, { keys: [key] });
}

/** A server that answers range requests out of the vault. */
function serve(films: Map<string, VaultReader>, asked: string[]): Server {
  return createServer((request, response) => {
    const film = films.get(request.url ?? '');
    if (!film) return void response.setHeader('content-type', 'text/html').end('<video></video>');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Number(range[2]) + 1 : film.size;
    asked.push(`${String(request.url)} ${String(start)}`);
    response.writeHead(range ? 206 : 200, {
      ...{ 'content-type': `video${String(request.url)}`, 'accept-ranges': 'bytes' },
      ...{
        'content-length': end - start,
        'content-range': `bytes ${String(start)}-${String(end - 1)}/${String(film.size)}`,
      },
    });
    film
      .stream(start, end)
      .on('error', () => response.destroy())
      .pipe(response);
  });
}

describe('a finished recording in Chromium', () => {
  const films = new Map<string, VaultReader>();
  const asked: string[] = [];
  const server = serve(films, asked);
  let browser: Browser;
  let origin = '';

  beforeAll(async () => {
    for (const format of ['mp4', 'webm'] as const) films.set(`/${format}`, await record(format));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    origin = typeof address === 'object' && address ? `http://127.0.0.1:${String(address.port)}` : '';
    browser = await launchChromium();
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    for (const film of films.values()) await film.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['mp4', 'webm'])('plays %s and seeks in it', async (format) => {
    const page = await browser.newPage();
    await page.goto(origin);
    const seen = await page.evaluate(async (src) => {
      const video = document.querySelector('video');
      if (!video) throw new Error('no video');
      const event = (name: string) =>
        new Promise((resolve, reject) => {
          video.addEventListener(name, resolve, { once: true });
          video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
        });
      const paint = () => {
        const canvas = new OffscreenCanvas(640, 360);
        const context = canvas.getContext('2d');
        context?.drawImage(video, 0, 0);
        return [...(context?.getImageData(0, 0, 640, 360).data ?? [])];
      };
      const difference = (a: number[], b: number[]) =>
        a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? NaN)), 0) / a.length;
      video.src = src;
      await event('canplay');
      await video.play();
      await event('timeupdate');
      video.pause();
      video.currentTime = 0;
      await event('seeked');
      const first = paint();
      video.currentTime = 25;
      await event('seeked');
      const far = paint();
      const at = video.currentTime;
      video.currentTime = 0;
      await event('seeked');
      return { duration: video.duration, at, far: difference(first, far), again: difference(first, paint()) };
    }, `/${format}`);
    expect(Math.abs(seen.duration - SECONDS)).toBeLessThan(0.1);
    expect(seen.at).toBe(25);
    expect(seen.far).toBeGreaterThan(3);
    expect(seen.again).toBeLessThan(seen.far / 4);
    const size = films.get(`/${format}`)?.size ?? 0;
    const starts = asked
      .filter((line) => line.startsWith(`/${format} `))
      .map((line) => Number(line.split(' ')[1]));
    expect(Math.max(...starts)).toBeGreaterThan(size / 2);
    await page.close();
  });
});
