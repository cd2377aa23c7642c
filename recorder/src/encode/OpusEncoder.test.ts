import { expect, it, vi } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import { BLOCK_FRAMES, CHANNELS } from '../program/audio/format.ts';
import { opusSamples } from '../rtp/depacketize/opus.ts';
import { OggPackets } from './OggPackets.ts';
import { OpusEncoder } from './OpusEncoder.ts';

/** A page of Ogg with segments of these lengths. */
function page(...lengths: number[]): Buffer {
  const header = Buffer.alloc(27);
  header.write('OggS');
  header.writeUInt8(lengths.length, 26);
  const body = lengths.map((length, index) => Buffer.alloc(length, index + 1));
  return Buffer.concat([header, Buffer.from(lengths), ...body]);
}

it('gives a packet for each 20 ms, and none of the headers', async () => {
  const packets: Buffer[] = [];
  const encoder = new OpusEncoder({
    ...{ ffmpeg: findFfmpeg(), bitrate: 96_000, onPacket: (packet) => packets.push(packet) },
    onDeath: () => packets.push(Buffer.alloc(0)),
  });
  for (let block = 0; block < 100; block += 1)
    encoder.write(new Float32Array(BLOCK_FRAMES * CHANNELS).fill(Math.sin(block)));
  await vi.waitFor(() => expect(packets.length).toBeGreaterThan(80), { timeout: 30_000 });
  encoder.close();
  expect(new Set(packets.map(opusSamples))).toEqual(new Set([960]));
}, 40_000);

it('takes packets out of pages, whatever pieces they come in', () => {
  const stream = Buffer.concat([page(19), page(40), page(255, 45, 3), page(255), page(10)]);
  for (const step of [1, 7, 300, stream.length]) {
    const lengths: number[] = [];
    const packets = new OggPackets(({ length }) => lengths.push(length));
    for (let at = 0; at < stream.length; at += step) packets.push(stream.subarray(at, at + step));
    expect(lengths).toEqual([300, 3, 265]);
  }
});
