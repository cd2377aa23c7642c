import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import { pictureSize } from './pictureSize.ts';

const ENCODERS: Record<string, readonly string[]> = {
  VP8: ['-c:v', 'libvpx', '-f', 'ivf'],
  VP9: ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-deadline', 'realtime', '-f', 'ivf'],
  H264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-f', 'h264'],
  'H264 high': ['-c:v', 'libx264', '-preset', 'medium', '-x264-params', 'cqm=jvt', '-f', 'h264'],
  AV1: ['-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime', '-f', 'obu'],
};

/** The first frame as a real encoder makes it. */
function keyFrame(codec: string, size: string): Buffer {
  const source = ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10`, '-frames:v', '1'];
  const list = [...source, '-pix_fmt', 'yuv420p', ...(ENCODERS[codec] ?? []), '-'];
  const bytes = execFileSync(findFfmpeg(), list);
  return bytes.toString('latin1', 0, 4) === 'DKIF' ? bytes.subarray(32 + 12) : bytes;
}

describe('the size of pictures', () => {
  it.each(Object.keys(ENCODERS))('of %s is read from a key frame', (codec) => {
    for (const [width, height] of [
      [640, 360],
      [360, 642],
    ] as const)
      expect(pictureSize(codec.split(' ')[0] ?? '', keyFrame(codec, `${width}x${height}`))).toEqual({
        width,
        height,
      });
  });

  it('of VP9 with layers is that of the largest one', () => {
    const [small] = [keyFrame('VP9', '320x180')];
    // A frame between layers: not a key frame, shown, and of a size of its own.
    const bits = ['10', '00', '0', '1', '1', '1', '00000001', '000100100011', '000'];
    const large = `${bits.join('')}${(1279).toString(2).padStart(16, '0')}${(719).toString(2).padStart(16, '0')}`;
    const layer = Buffer.from(
      (large.padEnd(96, '0').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)),
    );
    const marker = 0xc0 | (1 << 3) | 1;
    const index = Buffer.from([marker, 0, 0, 0, 0, marker]);
    index.writeUInt16LE(small.length, 1);
    index.writeUInt16LE(layer.length, 3);
    expect(pictureSize('VP9', Buffer.concat([small, layer, index]))).toEqual({ width: 1280, height: 720 });
  });

  it.each(['VP8', 'VP9', 'H264', 'AV1'])('of %s that cannot be read is guessed', (codec) => {
    for (const bytes of [[], [0x9d], [0, 0, 0, 1, 0x67], [0x0a, 0x05, 0, 0, 0]])
      expect(pictureSize(codec, Buffer.from(bytes))).toEqual({ width: 1280, height: 720 });
  });
});
