import { expect, test } from 'vitest';
import { previewToken } from './tokenPreview.ts';

const tokenOf = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

const BOTH = { microphone: true, camera: true };

test('name and room of a token are shown', () => {
  expect(previewToken(tokenOf({ name: 'Žofie ?>~', video: { room: 'demo' } }))).toEqual({
    displayName: 'Žofie ?>~',
    room: 'demo',
    mayPublish: BOTH,
  });
});

test.each([
  ['', 'nothing'],
  ['abc', 'no parts'],
  ['a.!!!.c', 'not base64'],
  ['a.bm90IGpzb24.c', 'not JSON'],
  [tokenOf([1]), 'an array'],
  [tokenOf(null), 'null'],
  [tokenOf({ name: 7, video: { room: {} } }), 'wrong types'],
  [tokenOf({ video: 'x' }), 'video of a wrong type'],
])('%j says nothing (%s)', (token) => {
  expect(previewToken(token)).toEqual({ displayName: '', room: '', mayPublish: BOTH });
});

test.each([
  [{ role: 'viewer' }, false, false],
  [{ video: { canPublish: false } }, false, false],
  [{ video: { canPublishSources: ['microphone'] } }, true, false],
  [{ role: 'host', video: { canPublish: true } }, true, true],
])('%j lets its bearer turn on what it may', (claims, microphone, camera) => {
  expect(previewToken(tokenOf(claims)).mayPublish).toEqual({ microphone, camera });
});
