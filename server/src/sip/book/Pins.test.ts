import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/loadConfig.ts';
import { defaultSettings } from '../../room/defaultSettings.ts';
import { SqliteStore } from '../../store/SqliteStore.ts';
import { PhoneVault } from './PhoneVault.ts';
import { PinGuard } from './PinGuard.ts';
import { Pins } from './Pins.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const BY = { identity: 'ann', displayName: 'Ann' };
let dataDir: string;
let store: SqliteStore;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-pins-'));
  store = SqliteStore.open(dataDir);
  for (const name of ['a', 'b']) addRoom(name);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true });
});

const addRoom = (name: string): void =>
  store.rooms.save({
    ...{ roomId: `RM_${name}`, name, settings: defaultSettings(loadConfig({}).rooms) },
    ...{ passwordHash: null, kept: true, ownedBy: null, createdAt: 1 },
  });
const pinsOf = (more: { length?: number; key?: string; now?: () => number } = {}): Pins =>
  new Pins({
    ...{ store: store.pins, vault: new PhoneVault(more.key ?? KEY), length: more.length ?? 8 },
    ...(more.now && { now: more.now }),
  });

describe('the PIN of a room', () => {
  it('is made once, shown again, and renewed on request', () => {
    const pins = pinsOf();
    const first = pins.ofRoom('RM_a');
    expect(first).toMatch(/^\d{8}$/);
    expect(pinsOf().ofRoom('RM_a')).toBe(first);
    expect(pins.find(first)).toEqual({ room: 'a', holder: null });
    const second = pins.renew('RM_a');
    expect([pins.find(first), pins.find(second)?.room, pins.ofRoom('RM_a')]).toEqual([
      undefined,
      'a',
      second,
    ]);
    expect(store.pins.ofRoom('RM_a')).toHaveLength(1);
  });

  it('goes with its room', () => {
    const pins = pinsOf();
    const digits = pins.ofRoom('RM_a');
    store.rooms.delete('RM_a');
    expect([pins.find(digits), pins.length]).toEqual([undefined, undefined]);
  });

  it('is not in the database, nor can it be tried out there: with another key nothing fits', () => {
    const digits = pinsOf().ofRoom('RM_a');
    const kept = JSON.stringify(store.pins.ofRoom('RM_a'));
    expect(kept).not.toContain(digits);
    const other = pinsOf({ key: Buffer.alloc(32, 8).toString('base64') });
    expect(other.find(digits)).toBeUndefined();
    // It cannot be shown, so another is made.
    expect(other.find(other.ofRoom('RM_a'))).toEqual({ room: 'a', holder: null });
  });

  it('is like no other, even where nearly all are given away', () => {
    const pins = pinsOf({ length: 2 });
    const all = Array.from({ length: 60 }, () => pins.create('RM_a', { displayName: 'X' }, BY).digits);
    expect(new Set(all).size).toBe(60);
    expect(all.filter((digits) => /^(\d)\1+$|^01|^12|^98/.test(digits))).toEqual([]);
    const fill = (): void => {
      for (;;) pins.create('RM_b', { displayName: 'X' }, BY);
    };
    expect(fill).toThrow(/sip\.pins\.length/);
  });

  it('has as many digits as all have; where they differ, nobody can tell', () => {
    pinsOf({ length: 6 }).ofRoom('RM_a');
    expect(pinsOf().length).toBe(6);
    pinsOf({ length: 8 }).ofRoom('RM_b');
    expect(pinsOf().length).toBeNull();
  });
});

describe('a PIN of somebody’s own', () => {
  it('says who calls; its digits are shown once', () => {
    const pins = pinsOf();
    const { info, digits } = pins.create('RM_a', { identity: 'bob', displayName: 'Bob', role: 'host' }, BY);
    expect(pins.find(digits)).toMatchObject({ room: 'a', holder: { identity: 'bob', role: 'host' } });
    expect(pins.list('RM_a')).toEqual([info]);
    expect(JSON.stringify([pins.list('RM_a'), store.pins.ofRoom('RM_a')])).not.toContain(digits);
    pins.revoke('RM_a', info.pinId);
    expect(pins.find(digits)).toBeUndefined();
    expect(() => pins.revoke('RM_a', info.pinId)).toThrow(expect.objectContaining({ code: 'PIN_NOT_FOUND' }));
  });

  it('is of no use once it has expired, nor in another room', () => {
    let now = 1000;
    const pins = pinsOf({ now: () => now });
    const { info, digits } = pins.create('RM_a', { displayName: 'Bob', expiresAt: 2000 }, BY);
    expect(pins.find(digits)).toBeDefined();
    expect(() => pins.revoke('RM_b', info.pinId)).toThrow();
    now = 2000;
    expect(pins.find(digits)).toBeUndefined();
  });
});

describe('wrong PINs', () => {
  const limits = { triesPerCall: 3, triesPerCaller: 10, triesPerTrunk: 15, triesInAll: 18 };
  const guardOf = (now: () => number = () => 0) => new PinGuard(limits, now);
  const from = (from: string, legId = from, trunkId = 't') => ({ from, legId, trunkId });

  it('end a call after three', () => {
    const guard = guardOf();
    expect([1, 2, 3].map(() => guard.count(from('+1')))).toEqual([2, 1, 0]);
    expect(guard.mayTry(from('+1'))).toBe(false);
    expect(guard.mayTry(from('+1', 'second call'))).toBe(true);
  });

  it('lock a caller out after ten within an hour, however many calls they came by', () => {
    let now = 0;
    const guard = guardOf(() => now);
    for (let nth = 0; nth < 10; nth++) guard.count(from('+1', `call ${nth}`));
    expect(guard.mayTry(from('+1', 'new'))).toBe(false);
    expect(guard.isLocked({ from: '+2', trunkId: 't' })).toBe(false);
    now = 3_600_001;
    expect(guard.mayTry(from('+1', 'new'))).toBe(true);
  });

  it('lock a trunk, where numbers are made up, and in the end all', () => {
    const guard = guardOf();
    for (let nth = 0; nth < 15; nth++) guard.count(from(`+${nth}`));
    expect(guard.isLocked({ from: '+99', trunkId: 't' })).toBe(true);
    expect(guard.isLocked({ from: '+99', trunkId: 'other' })).toBe(false);
    for (let nth = 0; nth < 3; nth++) guard.count(from(`+9${nth}`, `leg ${nth}`, 'other'));
    expect(guard.isLocked({ from: '+99', trunkId: 'third' })).toBe(true);
  });

  it('of those who withhold their number are of one caller', () => {
    const guard = guardOf();
    for (let nth = 0; nth < 10; nth++) guard.count(from('', `call ${nth}`));
    expect(guard.isLocked({ from: '', trunkId: 't' })).toBe(true);
    expect(guard.isLocked({ from: '', trunkId: 'other' })).toBe(false);
  });
});

describe('the vault', () => {
  it('opens what it sealed, for the same purpose only', () => {
    const vault = new PhoneVault(KEY);
    const sealed = vault.seal('se"crét', 'trunk a');
    expect(sealed).not.toContain('crét');
    expect(vault.unseal(sealed, 'trunk a')).toBe('se"crét');
    expect(vault.unseal(sealed, 'trunk b')).toBeUndefined();
    expect(vault.unseal(`${sealed.slice(0, -6)}AAAA==`, 'trunk a')).toBeUndefined();
    expect(vault.unseal('plain', 'trunk a')).toBeUndefined();
    expect(vault.seal('x', 'y')).not.toBe(vault.seal('x', 'y'));
  });

  it('makes its key once, for nobody else to read', () => {
    const vaults = [1, 2].map(() => PhoneVault.open({ dataDir, sip: { key: '' } }));
    expect(vaults[1]?.unseal(vaults[0]?.seal('x', 'y') ?? '', 'y')).toBe('x');
  });
});
