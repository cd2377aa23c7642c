import { expect, it, test } from 'vitest';
import { ANY_CALL, callFilterOf, isAnyCall } from './callFilter.ts';

test.each([
  [' +49 (30) 12-34.5/6 ', '+4930123456'],
  ['front-desk', 'front-desk'],
  ['sip:ann@phones.example.org', 'sip:ann@phones.example.org'],
  ['desk.1', 'desk.1'],
])('"%s" is sought as %s', (number, sought) => {
  expect(callFilterOf({ ...ANY_CALL, number })).toEqual({ number: sought });
});

it('asks for no more than was chosen', () => {
  expect(callFilterOf(ANY_CALL)).toEqual({});
  expect(isAnyCall({ ...ANY_CALL, number: ' ' })).toBe(true);
  expect(callFilterOf({ direction: 'in', answered: 'false', number: '' })).toEqual({
    direction: 'in',
    answered: false,
  });
  expect(isAnyCall({ ...ANY_CALL, answered: 'false' })).toBe(false);
});
