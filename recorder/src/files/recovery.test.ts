import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assert, asyncProperty, double } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mp4Fragments, recoverPart, WebmClusters, type MediaFormat } from './index.ts';
import { complaints, encodeMp4, encodeWebm, split, tell } from './testing/media.ts';
import { VaultFolder } from './testing/vaultFolder.ts';

const folder = new VaultFolder();
afterAll(() => folder.remove());
const formats: MediaFormat[] = ['mp4', 'webm'];

/** Kills a recorder with SIGKILL after so many fragments; gives its part and the end (ms) of the last it told of. */
async function killRecorderAfter(
  count: number,
  format: MediaFormat,
): Promise<{ part: string; lastMs: number }> {
  const part = folder.newPath();
  const fixture = join(import.meta.dirname, 'testing/recorder.fixture.ts');
  const args = [fixture, part, folder.key.toBytes().toString('hex'), format];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  let lastMs = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lastMs = Math.max(lastMs, Number(line));
    seen += 1;
    if (seen === count) child.kill('SIGKILL');
  }
  await exited;
  return { part, lastMs };
}

function recover(part: string) {
  return recoverPart({ part, keys: [folder.key], path: folder.newPath(), key: folder.key });
}

describe('recoverPart', () => {
  it.each(formats.flatMap((format) => [1, 9, 40].map((count) => [format, count] as const)))(
    'keeps all of a %s part that was flushed before its writer was killed, at fragment %i or later',
    async (format, count) => {
      const { part, lastMs } = await killRecorderAfter(count, format);
      const finished = await recover(part);
      expect(finished.durationMs).toBeGreaterThan(lastMs - 60);
      expect(finished.durationMs).toBeLessThan(lastMs + 1500);
      const copy = await folder.decrypt(finished.path, `.${format}`);
      expect(await complaints(copy)).toBe('');
      expect(Math.abs((await tell(copy)).durationMs - finished.durationMs)).toBeLessThan(60);
    },
  );

  describe.each(formats)('%s, cut anywhere', (format) => {
    let pieces: Buffer[];
    beforeAll(async () => {
      const bytes = format === 'mp4' ? await encodeMp4(4) : await encodeWebm(4);
      const { init, fragments } = split(format === 'mp4' ? new Mp4Fragments() : new WebmClusters(), bytes);
      pieces = [init.bytes, ...fragments.map((fragment) => fragment.bytes)];
    });

    it('holds what is complete, and no part of what is not', async () => {
      const whole = Buffer.concat(pieces);
      const law = asyncProperty(double({ min: 0, max: 1, noNaN: true }), async (share) => {
        const cut = Math.floor(share * whole.length);
        let complete = 0;
        for (let bytes = 0; complete < pieces.length; complete += 1) {
          bytes += pieces[complete]?.length ?? 0;
          if (bytes > cut) break;
        }
        const part = folder.newPath();
        writeFileSync(part, whole.subarray(0, cut));
        if (complete < 2) {
          await expect(recover(part)).rejects.toMatchObject({ code: expect.stringMatching(/^MEDIA_/) });
          return;
        }
        const expected = folder.newPath();
        writeFileSync(expected, Buffer.concat(pieces.slice(0, complete)));
        const [got, wanted] = [await recover(part), await recover(expected)];
        expect(got).toEqual({ ...wanted, path: got.path });
      });
      await assert(law, { numRuns: 40 });
    });
  });

  it('keeps what lies before damage that the loss of power left', async () => {
    const bytes = await encodeMp4(4);
    const { init, fragments } = split(new Mp4Fragments(), bytes);
    const part = folder.newPath();
    const half = fragments.slice(0, 4).map((fragment) => fragment.bytes);
    writeFileSync(part, Buffer.concat([init.bytes, ...half, Buffer.alloc(100_000)]));
    const finished = await recover(part);
    expect(finished.durationMs).toBeGreaterThan(1900);
    expect(await complaints(await folder.decrypt(finished.path, '.mp4'))).toBe('');
  });
});
