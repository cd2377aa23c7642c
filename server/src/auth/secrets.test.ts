import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { writePrivateFile } from './privateFile.ts';
import { loadSecrets, secretsPath } from './secrets.ts';

let dataDir: string;
const unset = loadConfig({ PARLEY_DATA_DIR: '/nonexistent' }).auth;
const load = (auth: Partial<typeof unset> = {}) => loadSecrets({ dataDir, auth: { ...unset, ...auth } });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'parley-secrets-')), 'data');
});
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

test('made once, for nobody else to read, and the same ever after', () => {
  const made = load();
  expect(made.apiSecret.length).toBeGreaterThanOrEqual(32);
  expect(modeOf(secretsPath(dataDir))).toBe('600');
  expect(modeOf(dataDir)).toBe('700');
  expect(readdirSync(dataDir)).toEqual(['secrets.json']);
  expect(load()).toEqual(made);
});

test('configured values win, each on its own', () => {
  const kept = load();
  const apiSecret = 's'.repeat(40);
  expect(load({ apiKey: 'mine' })).toEqual({ apiKey: 'mine', apiSecret: kept.apiSecret });
  expect(load({ apiSecret })).toEqual({ apiKey: kept.apiKey, apiSecret });
});

test('with both configured no file is made', () => {
  expect(load({ apiKey: 'mine', apiSecret: 's'.repeat(32) })).toEqual({
    apiKey: 'mine',
    apiSecret: 's'.repeat(32),
  });
  expect(() => statSync(dataDir)).toThrow('ENOENT');
});

test('a short secret is refused by the name of its setting, without being told', () => {
  expect(() => load({ apiKey: 'mine', apiSecret: 'short-secret' })).toThrow(
    /PARLEY_AUTH_API_SECRET\) has 12/,
  );
  expect(() => load({ apiKey: 'mine', apiSecret: 'short-secret' })).not.toThrow(/short-secret/);
});

test.each([0o640, 0o604, 0o660])('a file that others may read (mode %i) is refused', (mode) => {
  load();
  chmodSync(secretsPath(dataDir), mode);
  expect(() => load()).toThrow(/can be read by other users.*chmod 600/);
});

test.each([
  ['empty', ''],
  ['cut off', '{"apiKey":"PK1","apiSec'],
  ['no object', '[]'],
  ['a short secret', '{"apiKey":"PK1","apiSecret":"short"}'],
  ['no key', `{"apiSecret":"${'s'.repeat(32)}"}`],
])('a damaged file (%s) is refused and left untouched', (_name, text) => {
  load();
  writeFileSync(secretsPath(dataDir), text);
  expect(() => load()).toThrow(/is damaged.*left untouched/);
  expect(readFileSync(secretsPath(dataDir), 'utf8')).toBe(text);
});

test('something that is no file is refused', () => {
  execFileSync('mkdir', ['-p', '-m', '700', secretsPath(dataDir)]);
  expect(() => load()).toThrow(/cannot be read/);
});

test('a file that another process made meanwhile is not overwritten', () => {
  const path = secretsPath(dataDir);
  expect(writePrivateFile(path, 'first', { exclusive: true })).toBe(true);
  expect(writePrivateFile(path, 'second', { exclusive: true })).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe('first');
  expect(readdirSync(dataDir)).toEqual(['secrets.json']);
});
