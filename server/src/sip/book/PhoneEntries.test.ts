import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { TrunkBody } from '@parley/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../config/loadConfig.ts';
import { SqliteStore } from '../../store/SqliteStore.ts';
import { PhoneEntries } from './PhoneEntries.ts';
import { phoneSettings } from './phoneSettings.ts';
import { PhoneVault } from './PhoneVault.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const TRUNK: TrunkBody = {
  inbound: { allowedAddresses: ['203.0.113.1'], auth: { username: 'u', password: 'first secret' } },
};
let dataDir: string;
let store: SqliteStore;
let log: string[];
beforeEach(() => {
  log = [];
  dataDir = mkdtempSync(join(tmpdir(), 'parley-entries-'));
  store = SqliteStore.open(dataDir);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true });
});

const configOf = (settings: Record<string, unknown> = {}) => {
  const env: NodeJS.ProcessEnv = { PARLEY_DATA_DIR: '/nonexistent' };
  for (const [name, value] of Object.entries(settings))
    env[`PARLEY_${name}`] = typeof value === 'string' ? value : JSON.stringify(value);
  return loadConfig(env);
};
/** As after a start. */
function entriesOf({ key = KEY, config = configOf() } = {}): PhoneEntries {
  const sink = new Writable({ write: (line: Buffer, _encoding, done) => (log.push(String(line)), done()) });
  const vault = new PhoneVault(key);
  return new PhoneEntries({ config: config.sip, store: store.phoneEntries, vault, logger: pino(sink) });
}

it('what was made by REST is there after a restart, passwords and all', () => {
  const first = entriesOf();
  expect(first.putTrunk('a', TRUNK)).toBe(true);
  expect(first.putExtension('100', { password: 'second secret' })).toBe(true);
  const again = entriesOf();
  expect(again.findTrunk('a')?.value.inbound?.auth).toEqual({ username: 'u', password: 'first secret' });
  expect(again.findExtension('100')?.value.password).toBe('second secret');
  expect(log.join('')).not.toContain('secret');
});

it('what was sealed with another key is left out, and the log says what to do', () => {
  entriesOf().putTrunk('a', TRUNK);
  entriesOf().putRule('r', { target: { kind: 'pin' } });
  const other = entriesOf({ key: Buffer.alloc(32, 8).toString('base64') });
  expect([other.trunks.length, other.rules.length]).toEqual([0, 1]);
  expect(log.join('')).toMatch(/another key.*Make it anew/);
});

it('the configuration wins over what was stored under the same name', () => {
  entriesOf().putTrunk('a', TRUNK);
  const config = configOf({ SIP_TRUNKS: [{ trunkId: 'a', inbound: { numbers: ['+4930*'] } }] });
  const entries = entriesOf({ config });
  expect(entries.findTrunk('a')).toMatchObject({ fixed: true, value: { inbound: { numbers: ['+4930*'] } } });
  expect(() => entries.putTrunk('a', TRUNK)).toThrow(/stands in the configuration/);
});

it('whoever listens is told of each change, until they have heard enough', () => {
  const entries = entriesOf();
  let told = 0;
  const stop = entries.onChanged(() => (told += 1));
  entries.putTrunk('a', TRUNK);
  expect(() => entries.putTrunk('b', {})).toThrow();
  entries.deleteTrunk('a');
  stop();
  entries.putTrunk('a', TRUNK);
  expect(told).toBe(2);
});

it('what the process of phones is told: nothing without trunks, and no trunk that is switched off', () => {
  const entries = entriesOf();
  const config = configOf({ SIP_TLS_PORT: 5061, SIP_PROMPTS_FOLDER: 'prompts' });
  expect(phoneSettings(config, entries)).toBeNull();
  entries.putTrunk('off', { ...TRUNK, enabled: false });
  expect(phoneSettings(config, entries)).toBeNull();
  entries.putTrunk('on', TRUNK);
  const settings = phoneSettings(config, entries);
  expect(settings?.trunks.map(({ trunkId }) => trunkId)).toEqual(['on']);
  // Without a certificate there is no TLS.
  expect(settings?.listen).toMatchObject({ udpPort: 5060, tcpPort: 5060, tlsPort: null });
  expect(settings?.promptsFolder).toMatch(/^\/.*prompts$/);
  const all = configOf({ SIP_ENABLED: true, SIP_UDP_PORT: 0, HTTP_TLS_CERT: '/c', HTTP_TLS_KEY: '/k' });
  expect(phoneSettings(all, entriesOf())?.listen).toMatchObject({
    udpPort: null,
    tlsPort: 5061,
    tlsCert: '/c',
  });
});
