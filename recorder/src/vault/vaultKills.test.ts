import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { openVault, VaultKey } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-kills-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = VaultKey.generate();
const writer = join(import.meta.dirname, 'writer.fixture.ts');

/** Kills a writer after it named so many lines, and gives the last number that it named. */
async function killWriterAfter(lines: number, args: string[]): Promise<number> {
  const child = spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = -1;
  let seen = 0;
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  await exited;
  return last;
}

describe('a growing file whose writer is killed with SIGKILL', () => {
  it.each([1, 2, 40, 700])('has all that was flushed, after %i flushes and more', async (lines) => {
    for (const keyText of [key.toBytes().toString('hex'), '']) {
      const path = join(folder, `${String(lines)}${keyText === '' ? '.plain' : ''}`);
      const last = await killWriterAfter(lines, [path, keyText]);
      const reader = await openVault(path, { keys: [key] });
      const text = (await reader.bytes()).toString().replaceAll('.', '');
      await reader.close();
      const numbers = text.split('\n').slice(0, -1).map(Number);
      expect(numbers.length).toBeGreaterThan(last);
      expect(numbers).toEqual(numbers.map((_, index) => index));
    }
  });
});
