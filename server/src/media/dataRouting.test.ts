import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DATA_PAYLOAD_BYTES, ParleyError, decodeDataFrame, encodeDataFrame } from '@parley/protocol';
import { routeDataFrame } from './dataRouting.ts';

const sender = { participantId: 'PA_ann', subchannel: 1 };
const subchannels = new Map([
  ['PA_ann', 1],
  ['PA_bob', 2],
  ['PA_cat', 3],
]);
const payload = new Uint8Array([1, 2, 3]);
/** A frame whose header is any text, honest or not. */
const rawFrame = (header: string, body = payload): Uint8Array => {
  const head = new TextEncoder().encode(header);
  return new Uint8Array([head.length >> 8, head.length & 0xff, ...head, ...body]);
};
const route = (header: object) => routeDataFrame(rawFrame(JSON.stringify(header)), sender, subchannels);

describe('routeDataFrame', () => {
  it('stamps the sender, whatever the sender claims, and keeps topic and payload', () => {
    const { frame } = route({ topic: 'chat', from: 'PA_bob', extra: 1 });
    const decoded = decodeDataFrame(frame);
    expect(decoded.header).toEqual({ topic: 'chat', from: 'PA_ann' });
    expect([...decoded.payload]).toEqual([1, 2, 3]);
  });

  it.each([
    ['no receivers: everybody else', { topic: 't' }, [2, 3]],
    ['an empty list: everybody else', { topic: 't', to: [] }, [2, 3]],
    ['one receiver', { topic: 't', to: ['PA_bob'] }, [2]],
    ['each once', { topic: 't', to: ['PA_cat', 'PA_bob', 'PA_cat'] }, [3, 2]],
    ['never the sender', { topic: 't', to: ['PA_ann', 'PA_bob'] }, [2]],
    ['unknown receivers are nobody, not everybody', { topic: 't', to: ['PA_xyz'] }, []],
  ])('%s', (_name, header, to) => {
    expect(route(header).to).toEqual(to);
  });

  it.each([
    ['empty', new Uint8Array()],
    ['one byte', new Uint8Array([0])],
    ['a header longer than the frame', new Uint8Array([0, 200, 1])],
    ['no JSON', rawFrame('{')],
    ['null', rawFrame('null')],
    ['a list', rawFrame('[]')],
    ['no topic', rawFrame('{}')],
    ['a topic that is no text', rawFrame('{"topic":1}')],
    ['a topic without end', rawFrame(JSON.stringify({ topic: 'x'.repeat(129) }))],
    ['receivers that are no list', rawFrame('{"topic":"t","to":"PA_bob"}')],
    ['receivers that are no texts', rawFrame('{"topic":"t","to":[1]}')],
    ['no UTF-8', new Uint8Array([0, 1, 0xff])],
  ])('refuses %s', (_name, frame) => {
    expect(() => routeDataFrame(frame, sender, subchannels)).toThrow(ParleyError);
  });

  it('refuses an oversized payload', () => {
    const frame = rawFrame('{"topic":"t"}', new Uint8Array(MAX_DATA_PAYLOAD_BYTES + 1));
    expect(() => routeDataFrame(frame, sender, subchannels)).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    );
  });

  it('answers any bytes with a routed frame or a ParleyError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          routeDataFrame(bytes, sender, subchannels);
        } catch (error) {
          expect(error).toBeInstanceOf(ParleyError);
        }
      }),
    );
  });

  it('routes what a client encodes', () => {
    const text = fc.string({ maxLength: 100 });
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 300 }), (topic, body) => {
        const { frame } = routeDataFrame(
          encodeDataFrame({ topic, to: ['PA_bob'] }, body),
          sender,
          subchannels,
        );
        expect(decodeDataFrame(frame).header).toEqual({ topic, from: 'PA_ann' });
        expect([...decodeDataFrame(frame).payload]).toEqual([...body]);
      }),
    );
  });
});
