import { expect, test } from 'vitest';
import { formatNumber, formatPin, problemWithKeys, readDialInput, telLink } from './phoneNumbers.ts';

test.each([
  ['+12025550143', '+1 202 555 0143'],
  ['+4930123456', '+49 301 234 56'],
  ['+493012345678', '+49 301 234 5678'],
  ['+351212345678', '+351 212 345 678'],
  ['+49112', '+49 112'],
  ['101', '101'],
  ['sip:ann@pbx.example.org', 'sip:ann@pbx.example.org'],
  ['+49 30 ••••12', '+49 30 ••••12'],
  ['', ''],
])('%s is written "%s"', (number, written) => {
  expect(formatNumber(number)).toBe(written);
});

test('groups of numbers keep all digits', () => {
  for (let length = 5; length <= 15; length += 1) {
    const number = `+${'493012345678901'.slice(0, length)}`;
    const parts = formatNumber(number).split(' ');
    expect(parts.join('')).toBe(number);
    expect(parts.every((part) => part.length > 1)).toBe(true);
  }
});

test('a PIN is written in groups', () => {
  expect(formatPin('12345678')).toBe('123 456 78');
  expect(formatPin('1234567')).toBe('123 4567');
});

test.each([
  ['+4930123456', '12345678', 'tel:+4930123456,,12345678%23'],
  ['+49 (30) 12-34/56', null, 'tel:+4930123456'],
  ['call the desk', '12345678', null],
])('%s with PIN %s is dialled by %s', (number, pin, link) => {
  expect(telLink(number, pin)).toBe(link);
});

test.each([
  [' +49 (30) 123-456 ', '+4930123456'],
  ['0049 30 123456', '004930123456'],
  ['tel:+4930123456', '+4930123456'],
  ['101', '101'],
  ['reception', 'reception'],
  ['sip:ann@pbx.example.org', 'sip:ann@pbx.example.org'],
  ['ann@pbx.example.org', 'sip:ann@pbx.example.org'],
])('"%s" calls %s', (text, target) => {
  expect(readDialInput(text)).toEqual({ target });
});

test.each([
  ['', /Type a number/],
  ['sip:ann', /looks like sip:/],
  ['call Ann', /no number/],
])('"%s" is not called', (text, problem) => {
  expect(readDialInput(text)).toEqual({ problem: expect.stringMatching(problem) as string });
});

test('keys are those of a phone', () => {
  expect(problemWithKeys('')).toBeNull();
  expect(problemWithKeys(',,12*#')).toBeNull();
  expect(problemWithKeys('12x')).toMatch(/comma/);
});
