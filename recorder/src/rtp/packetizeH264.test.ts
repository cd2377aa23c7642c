import fc from 'fast-check';
import { expect, it } from 'vitest';
import { h264Payloads, nalUnitsOf, parameterSetsOf } from './packetizeH264.ts';
import { asksForKeyFrame, pictureLossIndication, receiverReport } from './rtcp.ts';
import { parseRtp } from './RtpPacket.ts';
import { RtpWriter } from './RtpWriter.ts';

/** What a receiver makes of the payloads of one unit (RFC 6184 section 5.8). */
function joined(payloads: Buffer[]): Buffer {
  const [first] = payloads;
  if (!first || payloads.length === 1) return first ?? Buffer.alloc(0);
  const header = ((first[0] ?? 0) & 0xe0) | ((first[1] ?? 0) & 0x1f);
  return Buffer.concat([Buffer.from([header]), ...payloads.map((payload) => payload.subarray(2))]);
}

it('cuts units into packets that can be put together again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), (bytes) => {
      const unit = Buffer.from(bytes);
      unit[0] = 0x65;
      const payloads = h264Payloads(unit);
      expect(payloads.every(({ length }) => length <= 1_180)).toBe(true);
      expect(joined(payloads).equals(unit)).toBe(true);
      if (payloads.length === 1) return;
      expect(payloads.map((payload) => (payload[1] ?? 0) >> 6)).toEqual([
        2,
        ...payloads.slice(2).map(() => 0),
        1,
      ]);
    }),
  );
});

it('reads units and parameter sets as MP4 has them', () => {
  const sample = Buffer.from([0, 0, 0, 2, 0x06, 1, 0, 0, 0, 1, 0x65, 0, 0, 0, 9, 1]);
  expect(nalUnitsOf(sample).map((unit) => [...unit])).toEqual([[0x06, 1], [0x65]]);
  const avc = Buffer.from([1, 100, 0, 31, 0xff, 0xe1, 0, 2, 0x67, 7, 1, 0, 1, 0x68]);
  expect(parameterSetsOf(avc).map((unit) => [...unit])).toEqual([[0x67, 7], [0x68]]);
});

it('numbers packets, and wraps their times', () => {
  const writer = new RtpWriter({ ssrc: 7, payloadType: 102 });
  const written = [2 ** 32 + 5.4, 2 ** 32 + 3_600].map((timestamp) =>
    parseRtp(writer.write(Buffer.from([1]), { timestamp, marker: true })),
  );
  expect(written[0]).toMatchObject({ ssrc: 7, payloadType: 102, marker: true, timestamp: 5 });
  expect(written[1]?.timestamp).toBe(3_600);
  expect((written[1]?.sequenceNumber ?? 0) - (written[0]?.sequenceNumber ?? 0)).toBe(1);
});

it('hears requests for key frames among other reports', () => {
  const report = receiverReport(1, [{ ssrc: 2, fractionLost: 0, totalLost: 0, highest: 1 }]);
  expect(asksForKeyFrame(report)).toBe(false);
  expect(asksForKeyFrame(Buffer.concat([report, pictureLossIndication(1, 2)]))).toBe(true);
  expect(asksForKeyFrame(Buffer.from('hello'))).toBe(false);
});
