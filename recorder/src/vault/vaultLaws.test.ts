import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, asyncProperty, boolean, constantFrom, double, integer, record } from 'fast-check';
import { afterAll, describe, it, expect } from 'vitest';
import { GrowingFile, openVault, SealedFile, VaultError, VaultKey } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-laws-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = VaultKey.generate();
let files = 0;
const newPath = () => join(folder, String((files += 1)));

const content = Buffer.from(
  Array.from({ length: 400_000 }, (_, index) => (index * 131 + (index >> 7)) & 0xff),
);
const lengths = array(integer({ min: 0, max: 40_000 }), { maxLength: 10 });
const share = double({ min: 0, max: 1, noNaN: true });
const ranges = array(record({ from: share, to: share }), { minLength: 1, maxLength: 5 });
const keys = constantFrom(key, null);

async function assertRanges(path: string, expected: Buffer, wanted: { from: number; to: number }[]) {
  const reader = await openVault(path, { keys: [key] });
  try {
    expect(reader.size).toBe(expected.length);
    for (const { from, to } of wanted) {
      const [start, end] = [from, to].map((at) => Math.floor(at * expected.length)).sort((a, b) => a - b);
      expect((await reader.bytes(start, end)).equals(expected.subarray(start, end))).toBe(true);
    }
  } finally {
    await reader.close();
  }
}

describe('laws of vault files', () => {
  it('a sealed file is what was written, in whatever pieces, and so is each range of it', async () => {
    const law = asyncProperty(lengths, ranges, keys, async (pieces, wanted, chosen) => {
      const path = newPath();
      const file = await SealedFile.create(path, { key: chosen });
      let at = 0;
      for (const length of pieces) {
        await file.write(content.subarray(at, at + length));
        at += length;
      }
      await file.close();
      await assertRanges(path, content.subarray(0, at), wanted);
    });
    await assert(law, { numRuns: 60 });
  });

  it('a growing file that is cut anywhere holds all flushes before the cut, and no part of one', async () => {
    const steps = array(record({ length: integer({ min: 0, max: 40_000 }), flush: boolean() }), {
      maxLength: 12,
    });
    const law = asyncProperty(steps, share, ranges, async (all, cut, wanted) => {
      const path = newPath();
      const file = await GrowingFile.create(path, { key });
      let at = 0;
      const flushed = [{ plain: 0, stored: readFileSync(path).length }];
      for (const { length, flush } of all) {
        file.append(content.subarray(at, at + length));
        at += length;
        if (!flush) continue;
        await file.flush();
        flushed.push({ plain: at, stored: readFileSync(path).length });
      }
      await file.close();
      const bytes = readFileSync(path);
      const kept = Math.floor(cut * bytes.length);
      writeFileSync(path, bytes.subarray(0, kept));
      const lastPlain = Math.max(...flushed.filter(({ stored }) => stored <= kept).map(({ plain }) => plain));
      if (kept === 0 || kept >= (flushed[0]?.stored ?? 0)) {
        // What was appended but never flushed is written by close().
        const isClosed = kept > Math.max(...flushed.map(({ stored }) => stored));
        const size = isClosed ? sizeOf(bytes.subarray(0, kept)) : Math.max(0, lastPlain);
        await assertRanges(path, content.subarray(0, size), wanted);
      } else await expect(openVault(path, { keys: [key] })).rejects.toThrow(VaultError);
    });
    await assert(law, { numRuns: 100 });
  });
});

/** The plain bytes of complete records, by the description of the format. */
function sizeOf(bytes: Buffer): number {
  let size = 0;
  for (let at = 32; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    at += 32 + length;
    if (at <= bytes.length) size += length;
  }
  return size;
}
