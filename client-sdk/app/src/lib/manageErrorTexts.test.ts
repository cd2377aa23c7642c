import { ParleyError } from '@parley/client-sdk';
import { expect, it } from 'vitest';
import { manageErrorText, needsSignIn, serverErrorText } from './manageErrorTexts.ts';

it('tells who has to sign in', () => {
  expect(needsSignIn(new ParleyError('TOKEN_MISSING'))).toBe(true);
  expect(needsSignIn(new ParleyError('PERMISSION_DENIED'))).toBe(false);
  expect(needsSignIn(new Error('TOKEN_MISSING'))).toBe(false);
});

it('takes the words of the server for what it has none for', () => {
  const error = new ParleyError('WRONG_STATE', { message: 'Not now.' });
  expect(manageErrorText(error).text).toBe('Not now.');
  expect(manageErrorText(new TypeError('x of undefined')).text).toBe('Try again.');
});

it('tells hosts what needs an administrator', () => {
  expect(serverErrorText(new ParleyError('PERMISSION_DENIED')).text).toMatch(/administrator/);
  expect(serverErrorText(new ParleyError('RATE_LIMITED'))).toEqual(
    manageErrorText(new ParleyError('RATE_LIMITED')),
  );
});
