import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAmf0, encodeAmf0, type Amf0 } from './amf0.ts';

const value = fc.letrec<{ value: Amf0 }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string(),
    fc.constant(null),
    fc.constant(undefined),
    fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

describe('values of commands', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        expect(decodeAmf0(encodeAmf0(...values))).toEqual(values);
      }),
    );
  });

  it('are written as the specification has them', () => {
    expect(encodeAmf0('connect', 1, null, true).toString('hex')).toBe(
      '020007636f6e6e656374' + '003ff0000000000000' + '05' + '0101',
    );
    expect(encodeAmf0({ a: 'b' }).toString('hex')).toBe('03' + '000161' + '02000162' + '000009');
  });

  it('take any bytes without more than a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeAmf0(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('longer than 64 KiB are texts, too', () => {
    const long = 'x'.repeat(70_000);
    expect(decodeAmf0(encodeAmf0(long))).toEqual([long]);
  });
});
