import { Input, BufferSource, MATROSKA } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { BLOCK_HEADER_LENGTH, feedHeader, writeBlockHeader } from './rawFeed.ts';

describe('the feed of an encoder', () => {
  it('is Matroska as others read it', async () => {
    const header = feedHeader({ video: { width: 64, height: 36, frameRate: 25 } });
    const block = Buffer.alloc(BLOCK_HEADER_LENGTH + 3840);
    writeBlockHeader(block, { track: 'audio', length: 3840, microseconds: 1_234_567 });
    using input = new Input({
      source: new BufferSource(Buffer.concat([header, block])),
      formats: [MATROSKA],
    });
    const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
    expect([await video?.getDisplayWidth(), await video?.getDisplayHeight()]).toEqual([64, 36]);
    expect([await audio?.getSampleRate(), await audio?.getNumberOfChannels()]).toEqual([48_000, 2]);
  });

  it('has a time in microseconds and a length before each block', () => {
    const block = Buffer.alloc(BLOCK_HEADER_LENGTH);
    writeBlockHeader(block, { track: 'video', length: 1_382_400, microseconds: 86_400_000_000 });
    expect(block.subarray(0, 4).toString('hex')).toBe('1f43b675');
    expect(Number(block.readBigUInt64BE(14))).toBe(86_400_000_000);
    const clusterLength = Number(block.readBigUInt64BE(4) & ((1n << 56n) - 1n));
    expect(clusterLength).toBe(BLOCK_HEADER_LENGTH - 12 + 1_382_400);
    const blockLength = Number(block.readBigUInt64BE(23) & ((1n << 56n) - 1n));
    expect(blockLength).toBe(1_382_404);
    expect(block[31]).toBe(0x81);
  });
});
