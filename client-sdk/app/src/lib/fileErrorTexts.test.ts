import { ParleyError } from '@parley/client-sdk';
import { expect, it } from 'vitest';
import { fileErrorText } from './fileErrorTexts.ts';

it('says how large a file may be, and which can be shared', () => {
  const tooLarge = new ParleyError('FILE_TOO_LARGE', { details: { maxBytes: 25 * 2 ** 20 } });
  expect(fileErrorText(tooLarge)).toBe('This file is too large. It may have 25 MB at most.');
  const refused = new ParleyError('FILE_REFUSED', { details: { allowedExtensions: ['pdf', 'png'] } });
  expect(fileErrorText(refused)).toMatch(/These can: pdf, png\.$/);
  expect(fileErrorText(new ParleyError('FILE_REFUSED', { details: { allowedExtensions: [] } }))).toMatch(
    /ZIP/,
  );
});

it('says all else as the server does, and something of what is no error of it', () => {
  expect(fileErrorText(new ParleyError('SHUTTING_DOWN'))).toBe(new ParleyError('SHUTTING_DOWN').message);
  expect(fileErrorText(new TypeError('x'))).toMatch(/Try again/);
});
