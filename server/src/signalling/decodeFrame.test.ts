import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, FrameError } from './decodeFrame.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codeOf = (data: Uint8Array, isBinary = false): string => {
  try {
    decodeFrame(data, isBinary);
    return 'accepted';
  } catch (error) {
    if (error instanceof FrameError) return error.code;
    throw error;
  }
};

describe('decodeFrame', () => {
  it('reads every valid request', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1 }),
        fc.string(),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          fc.integer(),
        ),
        (id, method, params) => {
          expect(decodeFrame(bytes(JSON.stringify({ jsonrpc: '2.0', id, method, params })), false)).toEqual({
            id,
            method,
            params,
          });
        },
      ),
    );
  });

  it('answers any bytes with a request or a coded error', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        (data, isBinary) => void codeOf(data, isBinary),
      ),
    );
    fc.assert(fc.property(fc.json(), (json) => void codeOf(bytes(json))));
  });

  it.each([
    ['not JSON', '{', 'PARSE_ERROR'],
    ['a number', '1', 'INVALID_REQUEST'],
    ['null', 'null', 'INVALID_REQUEST'],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"x"}]', 'INVALID_REQUEST'],
    ['no id', '{"jsonrpc":"2.0","method":"x"}', 'INVALID_REQUEST'],
    ['id as text', '{"jsonrpc":"2.0","id":"1","method":"x"}', 'INVALID_REQUEST'],
    ['id 0', '{"jsonrpc":"2.0","id":0,"method":"x"}', 'INVALID_REQUEST'],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"x"}', 'INVALID_REQUEST'],
    ['params as list', '{"jsonrpc":"2.0","id":1,"method":"x","params":[]}', 'INVALID_REQUEST'],
    [
      '__proto__',
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"__proto__":{"polluted":1}}}',
      'INVALID_REQUEST',
    ],
    [
      'constructor deep inside',
      '{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":[{"constructor":{"prototype":{}}}]}}',
      'INVALID_REQUEST',
    ],
    [
      'too deep',
      `{"jsonrpc":"2.0","id":1,"method":"x","params":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`,
      'INVALID_REQUEST',
    ],
    ['too large', `{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(70_000)}"}`, 'FRAME_TOO_LARGE'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(bytes(text))).toBe(code);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('takes words that are only names', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"constructor":"x","prototype":{"a":1}}}';
    expect(codeOf(bytes(text))).toBe('accepted');
  });

  it('names the request it refuses where it can', () => {
    for (const [text, requestId] of [
      ['{"jsonrpc":"2.0","id":7,"method":1}', 7],
      ['{"jsonrpc":"2.0","id":7,"method":"x","params":{"__proto__":1}}', 7],
      ['{"jsonrpc":"2.0","id":"7","method":"x"}', null],
    ] as const) {
      expect(() => decodeFrame(bytes(text), false)).toThrow(expect.objectContaining({ requestId }));
    }
  });

  it('refuses binary messages and broken UTF-8', () => {
    expect(codeOf(bytes('{}'), true)).toBe('PARSE_ERROR');
    expect(codeOf(new Uint8Array([0x7b, 0xff, 0x7d]))).toBe('PARSE_ERROR');
  });
});
