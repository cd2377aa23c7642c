import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yuvOf, yuvOfHex } from './colour.ts';
import { Frame } from './Frame.ts';
import { Overlay, stillOf, type Rgba } from './Overlay.ts';

const SIZE = { width: 8, height: 4 };

function plain(...colour: [red: number, green: number, blue: number, alpha: number]): Rgba {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
  for (let i = 0; i < data.length; i += 4) data.set(colour, i);
  return { ...SIZE, data };
}

describe('colours', () => {
  it.each([
    ['#000000', { y: 16, u: 128, v: 128 }],
    ['#ffffff', { y: 235, u: 128, v: 128 }],
    ['#ff0000', { y: 63, u: 102, v: 240 }],
    ['#00ff00', { y: 173, u: 42, v: 26 }],
    ['#0000ff', { y: 32, u: 240, v: 118 }],
  ])('%s is %j', (hex, yuv) => {
    expect(yuvOfHex(hex)).toEqual(yuv);
  });
});

describe('an overlay', () => {
  const byte = fc.integer({ min: 0, max: 255 });

  it('lies over a picture as its alpha says, and touches nothing beside it', () => {
    fc.assert(
      fc.property(byte, byte, byte, byte, (red, green, blue, alpha) => {
        const frame = new Frame({ width: 16, height: 8 });
        const ground = { y: 100, u: 90, v: 160 };
        frame.fill({ x: 0, y: 0, width: 16, height: 8 }, ground);
        const before = Buffer.from(frame.data);
        new Overlay(plain(red, green, blue, alpha)).blend(frame, 4, 2);
        const { y, u, v } = yuvOf(red, green, blue);
        const mixed = (over: number, under: number) => (over * alpha + under * (255 - alpha)) / 255;
        expect(Math.abs((frame.data[3 * 16 + 6] ?? 0) - mixed(y, ground.y))).toBeLessThanOrEqual(1);
        expect(Math.abs((frame.data[frame.u + 8 + 3] ?? 0) - mixed(u, ground.u))).toBeLessThanOrEqual(1);
        expect(Math.abs((frame.data[frame.v + 8 + 3] ?? 0) - mixed(v, ground.v))).toBeLessThanOrEqual(1);
        expect(frame.data[16 + 6]).toBe(before[16 + 6]);
        expect(frame.data[2 * 16 + 3]).toBe(before[2 * 16 + 3]);
        expect(frame.data[2 * 16 + 12]).toBe(before[2 * 16 + 12]);
      }),
    );
  });
});

describe('a frame', () => {
  it('takes a still of its size as it is', () => {
    const frame = new Frame({ width: 16, height: 8 });
    frame.fill({ x: 0, y: 0, width: 16, height: 8 }, yuvOfHex('#000000'));
    frame.draw(stillOf(plain(255, 0, 0, 255)), { x: 8, y: 4, ...SIZE });
    const red = yuvOfHex('#ff0000');
    expect([
      frame.data[7 * 16 + 15],
      frame.data[frame.u + 3 * 8 + 7],
      frame.data[frame.v + 2 * 8 + 4],
    ]).toEqual([red.y, red.u, red.v]);
    expect(frame.data[7 * 16 + 7]).toBe(16);
  });

  it('stretches a still of another size', () => {
    const frame = new Frame({ width: 32, height: 16 });
    frame.draw(stillOf(plain(0, 0, 255, 255)), { x: 0, y: 0, width: 32, height: 16 });
    expect(frame.data.subarray(0, 512).every((value) => value === 32)).toBe(true);
  });
});
