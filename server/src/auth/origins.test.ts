import { expect, test } from 'vitest';
import { isOriginAllowed } from './origins.ts';

const rules = { allowedOrigins: ['https://app.example.org', 'http://127.0.0.1:3000'], publicUrl: '' };
const host = 'meet.example.org:8080';

test.each([
  [undefined, true],
  ['https://app.example.org', true],
  ['HTTPS://APP.example.org:443', true],
  ['http://127.0.0.1:3000', true],
  ['http://meet.example.org:8080', true],
  ['https://meet.example.org:8080', true],
  ['http://meet.example.org', false],
  ['http://app.example.org', false],
  ['https://app.example.org:444', false],
  ['https://app.example.org.evil.test', false],
  ['https://evil.test', false],
  ['https://evil.test#https://app.example.org', false],
  ['null', false],
  ['', false],
  ['file://', false],
])('the origin %j: %j', (origin, allowed) => {
  expect(isOriginAllowed(origin, host, rules)).toBe(allowed);
});

test('all are allowed when none is listed', () => {
  expect(isOriginAllowed('https://evil.test', host, { allowedOrigins: [], publicUrl: '' })).toBe(true);
});

test('the public URL is the server itself, and a default port may be left out', () => {
  expect(
    isOriginAllowed('https://meet.test', 'inner:8080', { ...rules, publicUrl: 'https://meet.test/x/' }),
  ).toBe(true);
  expect(isOriginAllowed('https://meet.test', 'meet.test:443', rules)).toBe(true);
});
