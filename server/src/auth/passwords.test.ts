import { expect, test } from 'vitest';
import { fingerprintOf, hashPassword, verifyPassword } from './passwords.ts';

test('a password fits its own hash, in either Unicode form, and no other', async () => {
  const hash = await hashPassword('pässwörd 🔑');
  expect(hash).toMatch(/^scrypt\$32768\$8\$1\$/);
  expect(hash).not.toContain('pässwörd');
  expect(await verifyPassword('pässwörd 🔑', hash)).toBe(true);
  expect(await verifyPassword('pässwörd 🔑'.normalize('NFD'), hash)).toBe(true);
  for (const wrong of ['', 'password', 'Pässwörd 🔑']) expect(await verifyPassword(wrong, hash)).toBe(false);
});

test('no password fits where there is none', async () => {
  expect(await verifyPassword('', null)).toBe(false);
});

test('one password has another hash and fingerprint each time', async () => {
  const [a, b] = [await hashPassword('x'), await hashPassword('x')];
  expect(a).not.toBe(b);
  expect(fingerprintOf(a)).not.toBe(fingerprintOf(b));
  expect(fingerprintOf(a)).toBe(fingerprintOf(a));
});
