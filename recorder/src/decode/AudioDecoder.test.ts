import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import type { AudioBlock } from '../room/ProgramInput.ts';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';
import { AudioDecoder } from './AudioDecoder.ts';

const decoders: AudioDecoder[] = [];
afterEach(() => {
  for (const decoder of decoders.splice(0)) decoder.close();
});

async function listen(): Promise<{ decoder: AudioDecoder; blocks: AudioBlock[] }> {
  const blocks: AudioBlock[] = [];
  const decoder = await AudioDecoder.create((block) => blocks.push(block));
  decoders.push(decoder);
  return { decoder, blocks };
}

/** Packets of a tone, taken out of Ogg pages (RFC 3533): one packet for each segment table entry below 255. */
function tonePackets(frequency: number, seconds: number): EncodedFrame[] {
  const args = `-hide_banner -loglevel error -f lavfi -i sine=f=${frequency}:r=48000:d=${seconds} -ac 2 -c:a libopus -b:a 64k -page_duration 20000 -f opus pipe:1`;
  const data = execFileSync(findFfmpeg(), args.split(' '), { stdio: ['ignore', 'pipe', 'inherit'] });
  const packets: Buffer[] = [];
  for (let at = 0; at < data.length;) {
    const count = data[at + 26] ?? 0;
    const table = [...data.subarray(at + 27, at + 27 + count)];
    let start = at + 27 + count;
    let length = 0;
    for (const size of table) {
      length += size;
      if (size === 255) continue;
      packets.push(data.subarray(start, start + length));
      start += length;
      length = 0;
    }
    at = start;
  }
  return packets.slice(2).map((packet, index) => ({
    data: packet,
    keyFrame: true,
    rtpTimestamp: index * 960,
    arrivedAt: index * 20,
    capturedAt: index * 20,
    rotation: 0,
  }));
}

/** Strength of a frequency in the left channel (Goertzel). */
function strength(blocks: readonly AudioBlock[], frequency: number): number {
  const samples = blocks.flatMap(({ samples: both }) => [...both].filter((_, index) => index % 2 === 0));
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / 48_000);
  let [previous, before] = [0, 0];
  for (const sample of samples) [previous, before] = [sample + factor * previous - before, previous];
  return Math.sqrt(previous ** 2 + before ** 2 - factor * previous * before) / samples.length;
}

describe('an audio decoder', () => {
  it('gives the tone that was sent, block by block, with its time', async () => {
    const { decoder, blocks } = await listen();
    const packets = tonePackets(440, 1);
    for (const packet of packets) decoder.push(packet);
    expect(blocks).toHaveLength(packets.length);
    expect(blocks.every(({ samples }) => samples.length === 1920)).toBe(true);
    expect(blocks[7]?.capturedAt).toBe(140);
    expect(strength(blocks, 440)).toBeGreaterThan(20 * strength(blocks, 1000));
  });

  it('bridges the loss of a packet, and leaves a pause a pause', async () => {
    const { decoder, blocks } = await listen();
    const packets = tonePackets(440, 1);
    packets.forEach((packet, index) => {
      if (index === 10 || (index >= 20 && index < 30)) return;
      decoder.push(packet);
    });
    expect(blocks.map(({ capturedAt }) => capturedAt / 20)).toEqual(
      packets.map((_, index) => index).filter((index) => index < 20 || index >= 30),
    );
    expect(blocks[10]?.samples).toHaveLength(1920);
    expect(Math.max(...(blocks[10]?.samples ?? []))).toBeGreaterThan(0.01);
  });

  it('survives rubbish, and is silent once closed', async () => {
    const { decoder, blocks } = await listen();
    const [packet] = tonePackets(440, 0.1);
    if (!packet) throw new Error('no packet');
    for (const data of [
      Buffer.alloc(0),
      Buffer.from([0xfb, 0]),
      Buffer.alloc(900, 0xff),
      Buffer.from([0xff, 0xff]),
    ])
      decoder.push({ ...packet, data });
    const before = blocks.length;
    decoder.push(packet);
    expect(blocks).toHaveLength(before + 1);
    decoder.close();
    decoder.close();
    decoder.push(packet);
    expect(blocks).toHaveLength(before + 1);
  });
});
