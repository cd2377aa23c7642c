import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SocketAddress } from '../engine.ts';
import { Latch } from './Latch.ts';
import { estimateMos } from './mos.ts';
import { isRtcp, readAudioLevel, readRtp, writeRtp } from './packet.ts';
import { ReceptionCount } from './ReceptionCount.ts';
import { middleOf, readRtcp, writeRtcp } from './rtcp.ts';

const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });

describe('RTP', () => {
  it('is read as it was written', () => {
    const fields = fc.record({
      ...{
        payloadType: uint(7),
        marker: fc.boolean(),
        sequence: uint(16),
        timestamp: uint(32),
        ssrc: uint(32),
      },
      payload: fc.uint8Array({ maxLength: 300 }),
      audioLevel: fc.record({
        id: fc.integer({ min: 1, max: 14 }),
        level: fc.integer({ min: -127, max: 0 }),
        voice: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(fields, ({ audioLevel, ...plain }) => {
        const packet = readRtp(writeRtp(plain));
        expect(packet).toEqual({ ...plain, payload: Buffer.from(plain.payload), extensions: undefined });
        const loud = readRtp(writeRtp({ ...plain, audioLevel }));
        expect(loud?.payload).toEqual(Buffer.from(plain.payload));
        expect(loud && readAudioLevel(loud, audioLevel.id)).toBe(audioLevel.level);
        expect(loud && readAudioLevel(loud, (audioLevel.id % 14) + 1)).toBeUndefined();
      }),
    );
  });

  it('takes whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const packet = readRtp(Buffer.from(bytes));
        if (packet) readAudioLevel(packet, 3);
        readRtcp(Buffer.from(bytes));
        isRtcp(Buffer.from(bytes));
      }),
    );
  });

  it('leaves out sources, foreign extensions and padding', () => {
    const data = Buffer.from([
      ...[0xb1, 0x00, 0x00, 0x01, 0, 0, 0, 1, 0, 0, 0, 2],
      ...[9, 9, 9, 9, 0x10, 0x00, 0, 1, 7, 7, 7, 7],
      ...[1, 2, 3, 0, 2],
    ]);
    expect(readRtp(data)?.payload).toEqual(Buffer.from([1, 2, 3]));
    expect(readRtp(data)?.extensions).toBeUndefined();
  });
});

describe('RTCP', () => {
  it('is read as it was written', () => {
    const block = {
      ...{ ssrc: 7, fractionLost: 0.25, cumulativeLost: -3, highestSequence: 70_000, jitter: 12 },
      ...{ lastSenderReport: 0x1234_5678, delay: 65_536 },
    };
    const sender = { wallClock: 1_700_000_000_123, rtpTimestamp: 5, packets: 6, octets: 7 };
    const data = writeRtcp({ ssrc: 42, sender, blocks: [block], cname: 'leg', goodbye: true });
    expect(isRtcp(data)).toBe(true);
    expect(data.length % 4).toBe(0);
    const [report] = readRtcp(data);
    expect(report?.blocks).toEqual([block]);
    expect(report?.sender).toMatchObject({ rtpTimestamp: 5, packets: 6, octets: 7 });
    expect(report?.sender?.wallClock).toBeCloseTo(sender.wallClock, 0);
    expect(Math.abs((report?.sender?.middle ?? 0) - middleOf(sender.wallClock))).toBeLessThan(2);
    expect(readRtcp(writeRtcp({ ssrc: 1, cname: '' }))).toEqual([{ ssrc: 1, sender: undefined, blocks: [] }]);
  });
});

describe('what is counted of a source', () => {
  const packet = (sequence: number, ssrc = 1) => ({
    ssrc,
    sequence: sequence & 0xffff,
    timestamp: sequence * 160,
  });

  it('knows what was lost, also when numbers wrap and packets come late', () => {
    const count = new ReceptionCount(8000);
    for (let index = 65_500; index < 65_600; index += 1)
      if (index % 10 !== 0) count.note(packet(index), index * 20);
    expect(count.received).toBe(90);
    expect(count.lost).toBe(9);
    count.note(packet(65_510), 65_600 * 20);
    expect(count.lost).toBe(8);
    expect(count.report()?.fractionLost).toBeCloseTo(8 / 99);
    expect(count.report()?.fractionLost).toBe(0);
  });

  it('begins anew with another source or a jump, and keeps what it had', () => {
    const count = new ReceptionCount(8000);
    for (const sequence of [1, 2, 4]) count.note(packet(sequence), 0);
    expect(count.note(packet(9000), 0).isNew).toBe(true);
    expect(count.note(packet(5, 2), 0).isNew).toBe(true);
    expect(count.note(packet(6, 2), 0).isNew).toBe(false);
    expect([count.received, count.lost]).toEqual([6, 1]);
  });

  it('has the jitter of RFC 3550', () => {
    const count = new ReceptionCount(8000);
    for (let index = 0; index < 1000; index += 1) count.note(packet(index), index * 20 + (index % 2) * 8);
    expect(count.jitterMs).toBeGreaterThan(7);
    expect(count.jitterMs).toBeLessThan(9);
  });
});

describe('where sound is taken from', () => {
  const agreed: SocketAddress = { address: '192.0.2.1', port: 4000 };
  const stranger: SocketAddress = { address: '198.51.100.7', port: 4000 };
  const nat: SocketAddress = { address: '203.0.113.5', port: 61_000 };
  const take = (latch: Latch, from: SocketAddress, packet: number | { sequence: number; proven: boolean }) =>
    latch.admit(from, {
      ssrc: 1,
      ...(typeof packet === 'number' ? { sequence: packet, proven: false } : packet),
    });

  it('is where it was agreed, and nowhere else', () => {
    const latch = new Latch();
    expect(latch.mayCome(agreed)).toBe(false);
    latch.agree(agreed, false);
    expect(take(latch, agreed, 1)).toBe(true);
    expect(take(latch, { ...agreed, address: '::ffff:192.0.2.1' }, 2)).toBe(true);
    for (const from of [stranger, { ...agreed, port: 4002 }])
      for (let sequence = 1; sequence < 9; sequence += 1) expect(take(latch, from, sequence)).toBe(false);
    expect(latch.target).toEqual(agreed);
  });

  it('is where it first comes from behind a translator, and stays there', () => {
    const latch = new Latch();
    latch.agree(agreed, true);
    expect(latch.target).toEqual(agreed);
    expect([1, 2, 3, 4].map((sequence) => take(latch, nat, sequence))).toEqual([false, false, true, true]);
    expect(latch.target).toEqual(nat);
    for (let sequence = 1; sequence < 9; sequence += 1) expect(take(latch, stranger, sequence)).toBe(false);
    latch.agree(agreed, true);
    expect(latch.target).toEqual(nat);
    latch.agree({ ...agreed, port: 4100 }, true);
    expect(latch.target).toEqual({ ...agreed, port: 4100 });
  });

  it('goes to nobody who only guesses, at once to whom the seal proves, and back to where it was agreed', () => {
    const latch = new Latch();
    latch.agree(agreed, true);
    for (let index = 0; index < 50; index += 1) expect(take(latch, stranger, index * 7)).toBe(false);
    expect(take(latch, nat, { sequence: 1, proven: true })).toBe(true);
    expect(latch.target).toEqual(nat);
    const other = new Latch();
    other.agree(agreed, true);
    expect([1, 2, 3].map((sequence) => take(other, stranger, sequence)).at(-1)).toBe(true);
    expect(take(other, agreed, 1)).toBe(true);
    expect(other.target).toEqual(agreed);
    expect(take(other, stranger, 4)).toBe(false);
  });

  it('is found among all who send at the same time', () => {
    const latch = new Latch();
    latch.agree(agreed, true);
    const taken = [1, 2, 3].map((sequence) => {
      for (let port = 5000; port < 5007; port += 1)
        expect(take(latch, { ...stranger, port }, sequence * 9)).toBe(false);
      return take(latch, nat, sequence);
    });
    expect(taken).toEqual([false, false, true]);
    expect(latch.target).toEqual(nat);
  });

  it('is kept apart from many who send once each', () => {
    const latch = new Latch();
    latch.agree(agreed, true);
    for (let sequence = 1; sequence < 3; sequence += 1) take(latch, nat, sequence);
    for (let port = 1; port < 1000; port += 1) take(latch, { ...stranger, port }, 1);
    expect(take(latch, nat, 3)).toBe(true);
  });

  it('is one of the two hosts that are known, where the one of the signalling is', () => {
    for (const host of [agreed.address, nat.address, `::ffff:${nat.address}`]) {
      const latch = new Latch();
      latch.agree(agreed, true, nat.address);
      for (let sequence = 1; sequence < 9; sequence += 1) expect(take(latch, stranger, sequence)).toBe(false);
      const from = { address: host, port: 61_000 };
      expect([1, 2, 3].map((sequence) => take(latch, from, sequence))).toEqual([false, false, true]);
    }
    const latch = new Latch();
    latch.agree(agreed, true, nat.address);
    expect(take(latch, stranger, { sequence: 1, proven: true })).toBe(true);
  });

  describe('when a call goes on that was held', () => {
    const moved = { ...nat, port: 61_044 };
    const signalling = { ...stranger, port: 7_000 };
    const thrice = (latch: Latch, from: SocketAddress) =>
      [1, 2, 3].map((sequence) => take(latch, from, sequence));
    /** One that has learnt where the phone is. */
    const learnt = (signalledFrom?: string) => {
      const latch = new Latch();
      latch.agree(agreed, true, signalledFrom);
      take(latch, nat, { sequence: 1, proven: true });
      return latch;
    };
    const resumed = (signalledFrom?: string) => {
      const latch = learnt(signalledFrom);
      latch.agree(agreed, true, signalledFrom);
      latch.reopen();
      return latch;
    };

    it('may be another port of the same host, which is learnt like a first one', () => {
      const latch = resumed();
      for (const [sequence, isTaken] of [false, false, true].entries()) {
        expect(latch.target).toEqual(nat);
        expect(take(latch, moved, sequence)).toBe(isTaken);
      }
      expect(latch.target).toEqual(moved);
      expect([latch.mayCome(nat), latch.mayCome({ ...nat, port: 61_050 })]).toEqual([false, false]);
    });

    it('may be a port of the host of the signalling', () => {
      const latch = resumed(stranger.address);
      expect(thrice(latch, signalling)).toEqual([false, false, true]);
      expect(latch.target).toEqual(signalling);
    });

    it('is no other host, however it comes', () => {
      for (const latch of [resumed(), resumed(nat.address)]) {
        expect(thrice(latch, stranger)).toEqual([false, false, false]);
        expect(take(latch, stranger, { sequence: 1, proven: true })).toBe(false);
        expect(latch.target).toEqual(nat);
      }
    });

    it('is the old one again once that is heard', () => {
      const latch = resumed();
      for (const sequence of [1, 2]) expect(take(latch, moved, sequence)).toBe(false);
      expect(take(latch, nat, 2)).toBe(true);
      expect(thrice(latch, moved)).toEqual([false, false, false]);
      expect(latch.target).toEqual(nat);
    });

    it('is where it was agreed once it comes from there', () => {
      const latch = resumed();
      expect(take(latch, agreed, 1)).toBe(true);
      expect(thrice(latch, moved)).toEqual([false, false, false]);
      expect(latch.target).toEqual(agreed);
    });

    it('is not looked for anew without a hold, nor where nothing was learnt', () => {
      const latch = learnt(nat.address);
      latch.agree(agreed, true, nat.address);
      expect(thrice(latch, moved)).toEqual([false, false, false]);
      const direct = new Latch();
      direct.agree(agreed, true);
      take(direct, agreed, 1);
      direct.reopen();
      expect(thrice(direct, moved)).toEqual([false, false, false]);
    });
  });

  it('is no port that nothing can be sent to', () => {
    const latch = new Latch();
    latch.agree(agreed, true);
    expect(take(latch, { ...nat, port: 0 }, { sequence: 1, proven: true })).toBe(false);
    expect(latch.target).toEqual(agreed);
  });

  it.each([
    { address: '0.0.0.0', port: 4000 },
    { ...agreed, port: 0 },
  ])('sends nothing to %j', (remote) => {
    const latch = new Latch();
    latch.agree(remote, false);
    expect(latch.target).toBeUndefined();
  });
});

it.each([
  [0, 50, 4.4, 4.5],
  [0, 400, 3.5, 4.2],
  [0.02, 100, 3.9, 4.3],
  [0.1, 100, 2.3, 3.5],
  [0.5, 100, 1, 1.8],
])('estimates how a loss of %d and a delay of %d ms sound', (loss, delayMs, least, most) => {
  const mos = estimateMos({ codec: 'PCMU', loss, delayMs });
  expect(mos).toBeGreaterThanOrEqual(least);
  expect(mos).toBeLessThanOrEqual(most);
});
