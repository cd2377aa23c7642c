import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanFileName, extensionOf } from './fileNames.ts';

describe('the name of a file', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['Übersicht 2026 – Entwurf.odt', 'Übersicht 2026 – Entwurf.odt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\plan.txt', 'plan.txt'],
    ['..', 'file'],
    ['/', 'file'],
    ['a\u0000b\r\nc.txt', 'abc.txt'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['virus.exe. . ', 'virus.exe'],
    ['a"b<c>.txt', 'a_b_c_.txt'],
    ['.profile', '.profile'],
    ['\ud800x.txt', '\ufffdx.txt'],
    [`${'x'.repeat(240)}.tar`, `${'x'.repeat(196)}.tar`],
  ])('%j becomes %j', (given, expected) => {
    expect(cleanFileName(given)).toBe(expected);
  });

  it('never leads to another folder, is never empty, and stays what it is when cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 255 }), (given) => {
        const name = cleanFileName(given);
        // eslint-disable-next-line no-control-regex -- control characters are what must not be there
        expect(name).toMatch(/^[^/\\\u0000-\u001f]+$/u);
        expect(['.', '..']).not.toContain(name);
        expect(name.length).toBeLessThanOrEqual(200);
        expect(cleanFileName(name)).toBe(name);
      }),
    );
  });

  it('has an extension, in lower case', () => {
    expect([extensionOf('a.PDF'), extensionOf('a.tar.gz'), extensionOf('README')]).toEqual(['pdf', 'gz', '']);
  });
});
