import { expect, it } from 'vitest';
import { extensionBodyOf, extensionProblems, extensionWishOf } from './extensionForm.ts';

const PRESENT = { extension: '101', displayName: 'Desk', identity: 'ann', maxContacts: 2 } as const;
const info = { ...PRESENT, fixed: false, registered: true };

it('sends what is there as it is, and a password only when one was typed', () => {
  const wish = extensionWishOf(info);
  expect(extensionProblems(wish, null)).toEqual({});
  expect(extensionBodyOf(wish)).toEqual({ displayName: 'Desk', identity: 'ann', maxContacts: 2 });
  expect(extensionBodyOf({ ...wish, identity: '', password: 'long enough' })).toMatchObject({
    ...{ identity: null, password: 'long enough' },
  });
});

it('says what is wrong with each field', () => {
  const wish = { ...extensionWishOf(null), extension: '1 0', password: 'short', maxContacts: '0' };
  expect(Object.keys(extensionProblems(wish, [])).sort()).toEqual(['extension', 'maxContacts', 'password']);
  const again = { ...extensionWishOf(null), extension: '101', password: 'long enough' };
  expect(extensionProblems(again, ['101'])).toEqual({
    extension: expect.stringMatching(/already/) as string,
  });
});
