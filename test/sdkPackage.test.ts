import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'client-sdk/dist');
const folder = mkdtempSync(join(tmpdir(), 'parley-sdk-'));
const run = (...args: string[]): void => {
  try {
    execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    throw new Error(String((error as { stdout?: Buffer }).stdout), { cause: error });
  }
};

beforeAll(() => run(join(root, 'client-sdk/build.mjs')), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the published SDK', () => {
  it('exports files that are there', () => {
    const { exports } = JSON.parse(readFileSync(join(dist, 'package.json'), 'utf8')) as {
      exports: Record<string, Record<string, string>>;
    };
    for (const path of Object.values(exports).flatMap((entry) => Object.values(entry))) {
      expect(existsSync(join(dist, path)), path).toBe(true);
    }
  });

  it('is understood by an application that has nothing else of this repository', () => {
    mkdirSync(join(folder, 'node_modules/@parley'), { recursive: true });
    symlinkSync(dist, join(folder, 'node_modules/@parley/client-sdk'));
    writeFileSync(
      join(folder, 'app.ts'),
      `import { Room, joinAsGuest } from '@parley/client-sdk';
       export async function meet(url: string): Promise<string[]> {
         const room = await Room.connect(url, (await joinAsGuest(url, 'demo', { displayName: 'Ann' })).token);
         room.on('participantLeft', (participant, reason) => console.log(participant.identity, reason === 'removed'));
         // @ts-expect-error there is no such event
         room.on('nonsense', () => undefined);
         return room.participants.map(({ displayName }) => displayName);
       }`,
    );
    const options = [
      '--target',
      'es2024',
      '--module',
      'nodenext',
      '--lib',
      'es2024,dom',
      '--strict',
      '--noEmit',
    ];
    run(join(root, 'node_modules/typescript/bin/tsc'), ...options, '--skipLibCheck', 'false', 'app.ts');
  }, 60_000);
});
