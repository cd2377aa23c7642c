import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkReader, MESSAGE, chunksOf, type Message } from './chunks.ts';

const message: fc.Arbitrary<Message> = fc.record({
  chunkStream: fc.integer({ min: 3, max: 63 }),
  type: fc.constantFrom(MESSAGE.audio, MESSAGE.video, MESSAGE.command),
  stream: fc.integer({ min: 0, max: 5 }),
  timestamp: fc.oneof(fc.nat(100_000), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000, 0xffffffff)),
  payload: fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
});

describe('chunks', () => {
  it('give the messages again, whatever the size of chunks and of what the network brings', () => {
    const sizes = fc.record({
      chunk: fc.integer({ min: 1, max: 3000 }),
      piece: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), sizes, (messages, { chunk, piece }) => {
        const resize = Buffer.alloc(4);
        resize.writeUInt32BE(chunk);
        const announce: Message = {
          chunkStream: 2,
          type: MESSAGE.setChunkSize,
          stream: 0,
          timestamp: 0,
          payload: resize,
        };
        const bytes = Buffer.concat([
          chunksOf(announce, 128),
          ...messages.map((each) => chunksOf(each, chunk)),
        ]);
        const reader = new ChunkReader();
        const read: Message[] = [];
        for (let at = 0; at < bytes.length; at += piece)
          read.push(...reader.read(bytes.subarray(at, at + piece)));
        expect(read.slice(1)).toEqual(messages);
      }),
    );
  });

  it('with short headers take over what the header before said', () => {
    const reader = new ChunkReader();
    const first = chunksOf(
      { chunkStream: 4, type: 8, stream: 1, timestamp: 40, payload: Buffer.from('ab') },
      128,
    );
    // Type 1: another length and type, 20 ms later; type 2: 20 ms later still.
    const second = Buffer.from([0x44, 0, 0, 20, 0, 0, 1, 9, 0x63]);
    const third = Buffer.from([0x84, 0, 0, 20, 0x64]);
    const read = reader.read(Buffer.concat([first, second, third]));
    expect(
      read.map(({ timestamp, type, stream, payload }) => [timestamp, type, stream, String(payload)]),
    ).toEqual([
      [40, 8, 1, 'ab'],
      [60, 9, 1, 'c'],
      [80, 9, 1, 'd'],
    ]);
  });

  it('that are none are refused, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          new ChunkReader().read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
    expect(() => new ChunkReader().read(Buffer.from([0xc5]))).toThrow(RangeError);
  });
});
