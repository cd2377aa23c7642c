import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseSenderReports, nack, pictureLossIndication, receiverReport } from './rtcp.ts';
import { findExtension, isRtcp, parseRtp } from './RtpPacket.ts';
import { rtpBytes, rtpPacket } from './testing/packetize.ts';
import { Unwrapper } from './Unwrapper.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('an RTP packet', () => {
  it('is read', () => {
    expect(parseRtp(hex('80 e0 1234 00000064 000000ff aabb'))).toMatchObject({
      ...{ payloadType: 96, marker: true, sequenceNumber: 0x1234, timestamp: 100, ssrc: 255 },
      payload: hex('aabb'),
    });
  });

  it.each([
    ['contributing sources', '82 60 0001 00000000 00000001 0000000a 0000000b aa', 'aa'],
    ['an extension', '90 60 0001 00000000 00000001 bede 0001 10aa0000 bb', 'bb'],
    ['padding', 'a0 60 0001 00000000 00000001 aa 0000 03', 'aa'],
    ['nothing but padding', 'a0 60 0001 00000000 00000001 00000000 05', ''],
    ['no payload', '80 60 0001 00000000 00000001', ''],
  ])('with %s', (_what, packet, payload) => {
    expect(parseRtp(hex(packet))?.payload.toString('hex')).toBe(payload);
  });

  it.each([
    ['too short', '80 60 0001 00000000'],
    ['of another version', '40 60 0001 00000000 00000001 aa'],
    ['with sources that are not there', '8f 60 0001 00000000 00000001 aa'],
    ['with an extension that is cut off', '90 60 0001 00000000 00000001 bede'],
    ['with an extension that is too long', '90 60 0001 00000000 00000001 bede 00ff aa'],
    ['with more padding than there is', 'a0 60 0001 00000000 00000001 aa ff'],
    ['with padding of 0', 'a0 60 0001 00000000 00000001 aa 00'],
  ])('%s is none', (_what, packet) => {
    expect(parseRtp(hex(packet))).toBeUndefined();
  });

  it.each([
    ['one byte', 'bede 0001 30aa4100', 3, 'aa'],
    ['one byte, the second', 'bede 0002 30aa 41bbcc 000000', 4, 'bbcc'],
    ['two bytes', '1000 0001 0302aabb', 3, 'aabb'],
    ['one that is not there', 'bede 0001 30aa0000', 5, undefined],
    ['another profile', 'abcd 0001 30aa0000', 3, undefined],
    ['one that is cut off', 'bede 0001 00003faa', 3, undefined],
  ])('has extensions: %s', (_what, extension, id, value) => {
    const packet = rtpPacket({ sequenceNumber: 1, payload: Buffer.alloc(1), extension: hex(extension) });
    expect(findExtension(packet, id)?.toString('hex')).toBe(value);
  });

  it('is told from RTCP', () => {
    expect(isRtcp(pictureLossIndication(1, 2))).toBe(true);
    expect(isRtcp(rtpBytes({ sequenceNumber: 1, marker: true, payload: Buffer.alloc(0) }))).toBe(false);
  });
});

describe('RTCP', () => {
  const senderReport = '80c8 0006 00000001 83aa7e80 80000000 0000beef 00000001 00000002';

  it('gives the sender reports of a compound packet', () => {
    expect(parseSenderReports(hex(`${senderReport} 81ca0001 00000001`))).toEqual([
      { ssrc: 1, ntp: 0x83aa7e80 * 1000 + 500, compactNtp: 0x7e808000, rtpTimestamp: 0xbeef },
    ]);
  });

  it('ends where it cannot be read', () => {
    expect(parseSenderReports(hex(`${senderReport} 80c8 ffff 00`))).toHaveLength(1);
    expect(parseSenderReports(hex('80c8 0001 00000001'))).toEqual([]);
  });

  it.each([
    ['one', [7], '0007 0000'],
    ['some near one another', [7, 8, 23], '0007 8001'],
    ['some far from one another', [7, 24], '0007 0000 0018 0000'],
    ['across the wrap', [65_535, 65_536], 'ffff 0001'],
  ])('asks for packets again: %s', (_what, missing, entries) => {
    const packet = nack(1, 2, missing);
    expect(packet.subarray(0, 12)).toEqual(hex(`81cd 000${packet.length / 4 - 1} 00000001 00000002`));
    expect(packet.subarray(12)).toEqual(hex(entries));
  });

  it('asks for a key frame', () => {
    expect(pictureLossIndication(1, 2)).toEqual(hex('81ce 0002 00000001 00000002'));
  });

  it('reports what arrived', () => {
    const report = { ssrc: 2, fractionLost: 0.5, totalLost: 3, highest: 0x1_0005 };
    expect(receiverReport(1, [{ ...report, answering: { compactNtp: 0xaabbccdd, delay: 500 } }])).toEqual(
      hex('81c9 0007 00000001 00000002 80 000003 00010005 00000000 aabbccdd 00008000'),
    );
    expect(receiverReport(1, [])).toEqual(hex('80c9 0001 00000001'));
  });
});

test('garbage is never a reason to throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(20), (bytes, id) => {
      const data = Buffer.from(bytes);
      const packet = parseRtp(data);
      if (packet) findExtension(packet, id);
      parseSenderReports(data);
    }),
    { numRuns: 500 },
  );
});

test('numbers that wrap are unwrapped, whichever way they go', () => {
  const step = fc.integer({ min: -30_000, max: 30_000 });
  fc.assert(
    fc.property(fc.nat(0xffff), fc.array(step, { maxLength: 50 }), (first, steps) => {
      const unwrapper = new Unwrapper(16);
      let value = unwrapper.unwrap(first);
      for (const by of steps) {
        value += by;
        expect(unwrapper.unwrap(((value % 65_536) + 65_536) % 65_536)).toBe(value);
      }
    }),
  );
});
