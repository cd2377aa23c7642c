import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { vp8Payloads } from '../testing/packetize.ts';
import { assembleAv1, leb128 } from './av1.ts';
import { createH264Depacketizer } from './h264.ts';
import { assembleOpus, opusSamples } from './opus.ts';
import { assembleVp8 } from './vp8.ts';
import { assembleVp9 } from './vp9.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const shown = (frame: { data: Buffer; keyFrame: boolean } | undefined) =>
  frame && { data: frame.data.toString('hex'), keyFrame: frame.keyFrame };
const payloadsOf = (...payloads: string[]): Buffer[] => payloads.map(hex);

describe('VP8', () => {
  it.each([
    ['a key frame', ['10 00aa'], '00aa', true],
    ['a frame that refers to others', ['10 01aa'], '01aa', false],
    ['two packets', ['10 00aa', '00 bb'], '00aabb', true],
    ['two partitions', ['10 00aa', '11 bb'], '00aabb', true],
    ['a short picture id', ['90 80 05 00aa'], '00aa', true],
    ['a long picture id, TL0PICIDX, TID and KEYIDX', ['90 f0 8123 07 40 01aa'], '01aa', false],
    ['TID alone', ['90 20 40 00'], '00', true],
  ])('%s', (_what, payloads, data, keyFrame) => {
    expect(shown(assembleVp8(payloadsOf(...payloads)))).toEqual({ data, keyFrame });
  });

  it.each([
    ['nothing', []],
    ['a frame without its beginning', ['00 aa']],
    ['a descriptor and nothing else', ['90 80 05']],
  ])('%s makes no frame', (_what, payloads) => {
    expect(assembleVp8(payloadsOf(...payloads))).toBeUndefined();
  });

  it('is what was split', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 90 }),
        (bytes, size) => {
          const frame = Buffer.from(bytes);
          expect(assembleVp8(vp8Payloads(frame, size))?.data).toEqual(frame);
        },
      ),
    );
  });
});

describe('VP9', () => {
  it.each([
    ['a key frame', ['8c 05 aa'], 'aa', true],
    ['a frame that refers to others', ['cc 05 aa'], 'aa', false],
    ['a long picture id and layers', ['ac 8005 00 07 aa'], 'aa', true],
    ['two packets', ['88 05 aa', '84 05 bb'], 'aabb', true],
    ['flexible mode with two references', ['dc 05 03 04 aa'], 'aa', false],
    ['a scalability structure', ['8e 05 18 01400168 01 04 00 aa'], 'aa', true],
    // Layers of 2 and 1 bytes, and the index of a superframe of two.
    [
      'two spatial layers',
      ['a8 05 00 07 aa', 'a4 05 00 07 ab', 'ac 05 02 07 bb'],
      'aaabbb c1 02 01 c1',
      true,
    ],
    ['an upper layer alone', ['ac 05 02 07 bb'], 'bb', false],
  ])('%s', (_what, payloads, data, keyFrame) => {
    expect(shown(assembleVp9(payloadsOf(...payloads)))).toEqual({ data: data.replaceAll(' ', ''), keyFrame });
  });

  it('tells sizes of more than a byte in the index', () => {
    const data = assembleVp9([
      Buffer.concat([hex('ac 05 00 07'), Buffer.alloc(300)]),
      hex('ac 05 02 07 bb'),
    ])?.data;
    expect(data?.subarray(301)).toEqual(hex('c9 2c01 0100 c9'));
  });

  it.each([
    ['nothing', []],
    ['a frame without its beginning', ['84 05 aa']],
    ['a descriptor and nothing else', ['8c 05']],
  ])('%s makes no frame', (_what, payloads) => {
    expect(assembleVp9(payloadsOf(...payloads))).toBeUndefined();
  });
});

describe('H264', () => {
  it.each([
    ['a single unit', ['41 aa'], '00000001 41aa', false],
    ['a key frame', ['65 aa'], '00000001 65aa', true],
    ['STAP-A', ['78 0002 67aa 0002 68bb', '65 cc'], '00000001 67aa 00000001 68bb 00000001 65cc', true],
    ['FU-A', ['7c 85 aa', '7c 05 bb', '7c 45 cc'], '00000001 65aabbcc', true],
    ['slices', ['41 aa', '41 bb'], '00000001 41aa 00000001 41bb', false],
  ])('%s', (_what, payloads, data, keyFrame) => {
    expect(shown(createH264Depacketizer()(payloadsOf(...payloads)))).toEqual({
      data: data.replaceAll(' ', ''),
      keyFrame,
    });
  });

  it('puts parameter sets before a key frame that has none', () => {
    const depacketize = createH264Depacketizer();
    depacketize(payloadsOf('67 aa', '68 bb', '65 cc'));
    expect(shown(depacketize(payloadsOf('65 dd')))?.data).toBe('0000000167aa0000000168bb0000000165dd');
    expect(shown(depacketize(payloadsOf('41 dd')))?.data).toBe('0000000141dd');
  });

  it.each([
    ['nothing', []],
    ['a fragment without its beginning', ['7c 05 bb']],
    ['a fragment without its end', ['7c 85 aa']],
    ['a fragment that is interrupted', ['7c 85 aa', '41 bb']],
    ['an aggregate that is cut off', ['78 0009 67']],
    ['an empty unit in an aggregate', ['78 0000']],
    ['a type that this mode does not have', ['79 aa']],
  ])('%s makes no frame', (_what, payloads) => {
    expect(createH264Depacketizer()(payloadsOf(...payloads))).toBeUndefined();
  });
});

describe('AV1', () => {
  it.each([
    // A sequence header (type 1) and a frame (type 6), each gets its size.
    ['two elements', ['28 02 08aa 30bb'], '0a01aa 3201bb', true],
    ['elements that all tell their size', ['08 02 08aa 02 30bb'], '0a01aa 3201bb', true],
    ['an element in three packets', ['50 30aa', 'd0 bb', '90 cc'], '3203aabbcc', false],
    ['an element that has its size already', ['10 3201bb'], '3201bb', false],
    ['a header with layers', ['10 3408bb'], '360801bb', false],
    ['a temporal delimiter, which is left out', ['28 02 1000 30bb'], '3201bb', true],
  ])('%s', (_what, payloads, data, keyFrame) => {
    expect(shown(assembleAv1(payloadsOf(...payloads)))).toEqual({ data: data.replaceAll(' ', ''), keyFrame });
  });

  it.each([
    ['nothing', []],
    ['a fragment without its beginning', ['90 aa']],
    ['a fragment without its end', ['50 30aa']],
    ['a size that is too large', ['00 7f 30']],
    ['fewer elements than announced', ['30 01 30']],
  ])('%s makes no frame', (_what, payloads) => {
    expect(assembleAv1(payloadsOf(...payloads))).toBeUndefined();
  });

  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16_384, '808001'],
  ])('the size %i is %s', (value, bytes) => {
    expect(leb128(value).toString('hex')).toBe(bytes);
  });
});

describe('Opus', () => {
  it.each([
    ['20 ms of CELT', 'f8 aa', 960],
    ['20 ms of silence', 'f8', 960],
    ['2.5 ms', 'e0 aa', 120],
    ['60 ms of SILK', '18 aa', 2880],
    ['10 ms of hybrid', '60 aa', 480],
    ['two frames of the same size', 'f9 aa bb', 1920],
    ['two frames of their own size', 'fa 01 aa bb', 1920],
    ['six frames', 'fb 06 000000000000', 5760],
    ['two frames of the same size that are not', 'f9 aa', undefined],
    ['a first frame that is cut off', 'fa 09 aa', undefined],
    ['more than 120 ms', 'fb 07', undefined],
    ['no frame', 'fb 00', undefined],
    ['nothing', '', undefined],
  ])('%s', (_what, packet, samples) => {
    expect(opusSamples(hex(packet))).toBe(samples);
    expect(assembleOpus([hex(packet)])?.keyFrame).toBe(samples === undefined ? undefined : true);
  });
});

test('garbage is never a reason to throw', () => {
  const h264 = createH264Depacketizer();
  const packets = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
  fc.assert(
    fc.property(packets, (arrays) => {
      const payloads = arrays.map((bytes) => Buffer.from(bytes));
      for (const depacketize of [assembleVp8, assembleVp9, assembleAv1, assembleOpus, h264])
        depacketize(payloads);
    }),
    { numRuns: 1000 },
  );
});
