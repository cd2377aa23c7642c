import { describe, expect, it } from 'vitest';
import { imageFormatOf } from './imageFormat.ts';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
const png = (width: number, height: number): Buffer => {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR'), size]);
};
const JPEG = bytes(
  [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xff, 0xe1, 0, 3, 9],
  [0xff, 0xc4, 0, 3, 0, 0xff, 0xc2, 0, 17, 8, 0x01, 0x00, 0x02, 0x00],
);
const webp = (...rest: (string | number[])[]): Buffer => bytes('RIFF', [0, 0, 0, 0], 'WEBP', ...rest);

describe('the format of a picture', () => {
  it.each([
    ['png', png(640, 480), { type: 'image/png', width: 640, height: 480 }],
    ['gif', bytes('GIF89a', [0x80, 2, 0xe0, 1]), { type: 'image/gif', width: 640, height: 480 }],
    ['jpeg', JPEG, { type: 'image/jpeg', width: 512, height: 256 }],
    [
      'webp, lossy',
      webp('VP8 ', [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
    [
      'webp, lossless',
      webp('VP8L', [0, 0, 0, 0, 0x2f, 0x7f, 0xc2, 0x77, 0]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
    [
      'webp, extended',
      webp('VP8X', [10, 0, 0, 0, 0, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0]),
      { type: 'image/webp', width: 640, height: 480 },
    ],
  ])('is read from the first bytes of a %s', (_name, head, format) => {
    expect(imageFormatOf(head)).toEqual(format);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello, this is a text')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['a picture of no size', png(0, 480)],
    ['one that would fill the memory', png(60_000, 60_000)],
    ['a JPEG without a frame', bytes([0xff, 0xd8, 0xff, 0xd9])],
  ])('is none for %s', (_name, head) => {
    expect(imageFormatOf(head)).toBeUndefined();
  });

  it('is none for what was cut short', () => {
    for (const whole of [png(640, 480), JPEG, bytes('GIF89a', [0x80, 2, 0xe0, 1])])
      for (let length = 0; length < whole.length - 2; length += 1)
        expect(imageFormatOf(whole.subarray(0, length))).toBeUndefined();
  });
});
