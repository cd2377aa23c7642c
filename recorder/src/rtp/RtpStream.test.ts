import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodedFrame } from './EncodedFrame.ts';
import { ReportClock } from './ReportClock.ts';
import { RtpStream, type RtpStreamOptions } from './RtpStream.ts';
import { rtpPacket, vp8Payloads, type PacketFields } from './testing/packetize.ts';

const VIDEO = { ssrc: 1, payloadType: 96, codec: 'VP8', clockRate: 90_000 } as const;
const AUDIO = { ssrc: 1, payloadType: 96, codec: 'opus', clockRate: 48_000 } as const;

function receive(options: Omit<RtpStreamOptions, 'onFrame'>) {
  const frames: EncodedFrame[] = [];
  const sent: Buffer[] = [];
  const clock = new ReportClock();
  const stream = new RtpStream(
    { ...options, onFrame: (frame) => frames.push(frame) },
    { ssrc: 9, clock, send: (rtcp) => sent.push(rtcp) },
  );
  const push = (fields: PacketFields, now: number): void => stream.handlePacket(rtpPacket(fields), now);
  return { frames, sent, clock, stream, push };
}

/** A frame of its own bytes: which one it is, and whether it is a key frame. */
const frameOf = (index: number, isKey: boolean, bytes: number): Buffer => {
  const frame = Buffer.alloc(Math.max(4, bytes), index);
  frame.writeUInt8(isKey ? 0 : 1, 0);
  frame.writeUInt16BE(index, 1);
  return frame;
};

/** Packets of frames of these sizes; each one in so many is a key frame. */
function packetsOf(sizes: readonly number[], { first = 65_530, keyEvery = 5 } = {}): PacketFields[] {
  let number = first;
  return sizes.flatMap((size, index) => {
    const payloads = vp8Payloads(frameOf(index, index % keyEvery === 0, size), 20);
    return payloads.map((payload, part) => ({
      sequenceNumber: number++,
      // Wraps, too.
      timestamp: (0xffff_f000 + index * 3000) >>> 0,
      marker: part === payloads.length - 1,
      payload,
    }));
  });
}

const indexOf = ({ data }: EncodedFrame): number => data.readUInt16BE(1);
const sizes = fc.array(fc.integer({ min: 4, max: 100 }), { minLength: 1, maxLength: 30 });

describe('a stream of video', () => {
  it('asks for a key frame a little later where it has just asked for one', () => {
    const { stream, sent } = receive(VIDEO);
    stream.requestKeyFrame(1000);
    stream.requestKeyFrame(1100);
    stream.tick(1400);
    expect(sent).toHaveLength(1);
    for (const now of [1500, 1600, 3000]) stream.tick(now);
    expect(sent).toHaveLength(2);
  });

  it('gives the same frames whatever order and copies its packets come in', () => {
    const shuffle = fc.array(fc.tuple(fc.nat(8), fc.boolean()), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(sizes, shuffle, (lengths, moves) => {
        const packets = packetsOf(lengths);
        const [first, ...rest] = packets;
        const moved = rest
          .flatMap((packet, index) => {
            const [later = 0, twice = false] = moves[index % moves.length] ?? [];
            return [{ packet, at: index + later }, ...(twice ? [{ packet, at: index + later + 3 }] : [])];
          })
          .sort((a, b) => a.at - b.at);
        const { frames, push, stream } = receive(VIDEO);
        if (first) push(first, 0);
        moved.forEach(({ packet }, index) => push(packet, index));
        expect(frames.map(indexOf)).toEqual(lengths.map((_, index) => index));
        frames.forEach(({ data }, index) =>
          expect(data).toEqual(frameOf(index, index % 5 === 0, lengths[index] ?? 0)),
        );
        expect(frames.map(({ rtpTimestamp }) => rtpTimestamp - (frames[0]?.rtpTimestamp ?? 0))).toEqual(
          lengths.map((_, index) => index * 3000),
        );
        expect(stream.stats.lost).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it('gives only whole frames that can be decoded, in order, whatever is lost', () => {
    const losses = fc.array(fc.nat({ max: 9 }), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(sizes, losses, (lengths, kept) => {
        const packets = packetsOf(lengths);
        const { frames, push, stream } = receive(VIDEO);
        const isLost = (index: number): boolean => index > 0 && kept[index % kept.length] === 0;
        packets.forEach((packet, index) => {
          if (!isLost(index)) push(packet, index);
          stream.tick(index);
        });
        stream.tick(packets.length + 1000);
        const seen = frames.map(indexOf);
        expect(seen).toEqual([...seen].sort((a, b) => a - b));
        seen.forEach((index, place) => {
          expect(frames[place]?.data).toEqual(frameOf(index, index % 5 === 0, lengths[index] ?? 0));
          // What it refers to was given, too.
          if (index % 5 !== 0) expect(seen[place - 1]).toBe(index - 1);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('waits for a gap, asks for what is missing, and goes on when it comes', () => {
    const { frames, sent, push, stream } = receive(VIDEO);
    const [a, b, c] = packetsOf([10, 10, 10], { first: 7 });
    if (!a || !b || !c) throw new Error('no packets');
    push(a, 0);
    push(c, 10);
    stream.tick(20);
    expect(sent.map((rtcp) => rtcp.toString('hex'))).toEqual(['81cd000300000009000000010008' + '0000']);
    push(b, 60);
    expect(frames.map(indexOf)).toEqual([0, 1, 2]);
  });

  it('gives a gap up after a while, and asks for a key frame until one comes', () => {
    const { frames, sent, push, stream } = receive(VIDEO);
    const [a, , c, d] = packetsOf([10, 10, 10, 10], { first: 7, keyEvery: 3 });
    if (!a || !c || !d) throw new Error('no packets');
    push(a, 0);
    push(c, 10);
    stream.tick(129);
    expect(frames).toHaveLength(1);
    stream.tick(131);
    expect(sent.at(-1)?.toString('hex')).toBe('81ce00020000000900000001');
    const before = sent.length;
    stream.tick(400);
    expect(sent).toHaveLength(before);
    stream.tick(700);
    expect(sent).toHaveLength(before + 1);
    push(d, 710);
    expect(frames.map(indexOf)).toEqual([0, 3]);
    stream.tick(2000);
    expect(sent).toHaveLength(before + 1);
    expect(stream.stats).toMatchObject({ lost: 1, frames: 2, keyFramesAsked: 2 });
  });

  it('begins anew where the sender does', () => {
    const { frames, push } = receive(VIDEO);
    for (const packet of packetsOf([10, 10], { first: 100 })) push(packet, 0);
    for (const packet of packetsOf([10, 10], { first: 40_000 })) push(packet, 1);
    expect(frames.map(indexOf)).toEqual([0, 1, 0, 1]);
  });

  it('takes no packet of another payload type', () => {
    const { frames, push } = receive(VIDEO);
    for (const packet of packetsOf([10])) push({ ...packet, payloadType: 97 }, 0);
    expect(frames).toEqual([]);
  });

  it('knows how a phone is held', () => {
    const { frames, push } = receive({ ...VIDEO, orientationId: 4 });
    const extension = Buffer.from('bede000140010000', 'hex');
    const [a, b, c] = packetsOf([10, 10, 10]);
    if (!a || !b || !c) throw new Error('no packets');
    push({ ...a, extension }, 0);
    push(b, 1);
    push({ ...c, extension: Buffer.from('bede000140030000', 'hex') }, 2);
    expect(frames.map(({ rotation }) => rotation)).toEqual([90, 90, 270]);
  });

  it('survives whatever comes', () => {
    const anything = fc.record({
      sequenceNumber: fc.nat(0xffff),
      timestamp: fc.nat(5),
      marker: fc.boolean(),
      payload: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 60 }),
        fc.constantFrom('VP8', 'VP9', 'H264', 'AV1'),
        (packets, codec) => {
          const { push, stream } = receive({ ...VIDEO, codec });
          packets.forEach((packet, index) => {
            push(packet, index * 10);
            stream.tick(index * 10);
            stream.report(index * 10);
          });
        },
      ),
    );
  });
});

describe('a stream of sound', () => {
  const packet = (number: number): PacketFields => ({
    sequenceNumber: number,
    timestamp: number * 960,
    payload: Buffer.from([0xf8, number]),
  });

  it('goes on after a loss without waiting long', () => {
    const { frames, push, stream } = receive(AUDIO);
    push(packet(1), 0);
    push(packet(3), 20);
    stream.tick(79);
    expect(frames).toHaveLength(1);
    stream.tick(81);
    push(packet(4), 90);
    expect(frames.map(({ data }) => data[1])).toEqual([1, 3, 4]);
    expect(stream.stats.keyFramesAsked).toBe(0);
  });

  it('passes over what is empty or malformed', () => {
    const { frames, push } = receive(AUDIO);
    push(packet(1), 0);
    push({ ...packet(2), payload: Buffer.alloc(0) }, 1);
    push({ ...packet(3), payload: Buffer.from('fb00', 'hex') }, 2);
    push(packet(4), 3);
    expect(frames.map(({ data }) => data[1])).toEqual([1, 4]);
  });
});

describe('when media was taken', () => {
  it('is told by sender reports, alike for sound and picture', () => {
    const clock = new ReportClock();
    const captured: Record<string, number[]> = { video: [], audio: [] };
    const streams = { video: VIDEO, audio: AUDIO };
    for (const [name, options] of Object.entries(streams)) {
      const stream = new RtpStream(
        { ...options, onFrame: ({ capturedAt }) => captured[name]?.push(capturedAt) },
        { ssrc: 9, clock, send: () => undefined },
      );
      // Pictures take 80 ms to come, sound 20; both were taken at 1000, 1020, ...
      const delay = name === 'video' ? 80 : 20;
      for (let index = 0; index < 50; index += 1) {
        const takenAt = 1000 + index * 20;
        const timestamp = 5000 + (index * 20 * options.clockRate) / 1000;
        const payload = name === 'video' ? Buffer.from([0x10, 0, 0]) : Buffer.from([0xf8]);
        if (index === 10) {
          const report = { ssrc: 1, ntp: 9_000_000 + takenAt, compactNtp: 0, rtpTimestamp: timestamp };
          clock.observe(report.ntp, takenAt);
          stream.handleReport(report, takenAt);
        }
        stream.handlePacket(
          rtpPacket({ sequenceNumber: index, timestamp, marker: true, payload }),
          takenAt + delay,
        );
      }
    }
    const { video = [], audio = [] } = captured;
    expect(video[0]).toBe(1080);
    expect(audio[0]).toBe(1020);
    expect(video.slice(10).map(Math.round)).toEqual(audio.slice(10).map(Math.round));
    expect(Math.round(video[20] ?? 0)).toBe(1400);
  });

  it('is believed at once of a sender whose sound lost time', () => {
    const clock = new ReportClock();
    const captured: number[] = [];
    const stream = new RtpStream(
      { ...AUDIO, onFrame: ({ capturedAt }) => captured.push(capturedAt) },
      { ssrc: 9, clock, send: () => undefined },
    );
    for (let index = 0; index < 100; index += 1) {
      // From the 50th packet on everything is taken 100 ms later than its timestamp tells; the next report says so.
      const takenAt = 1000 + index * 20 + (index < 50 ? 0 : 100);
      const timestamp = 5000 + index * 960;
      if (index === 10 || index === 70) {
        clock.observe(takenAt, takenAt);
        stream.handleReport({ ssrc: 1, ntp: takenAt, compactNtp: 0, rtpTimestamp: timestamp }, takenAt);
      }
      const packet = { sequenceNumber: index, timestamp, payload: Buffer.from([0xf8]) };
      stream.handlePacket(rtpPacket(packet), takenAt + 20);
    }
    expect(Math.round(captured[45] ?? 0)).toBe(1900);
    expect(Math.round(captured[70] ?? 0)).toBe(2500);
  });

  it('without reports is when the quickest packets came, and does not tremble with the others', () => {
    const { frames, push } = receive(AUDIO);
    for (let index = 0; index < 500; index += 1)
      push(
        { sequenceNumber: index, timestamp: index * 960, payload: Buffer.from([0xf8]) },
        index * 20 + (index % 10 === 0 ? 5 : 35),
      );
    const late = frames.slice(100).map(({ capturedAt }, index) => capturedAt - (index + 100) * 20);
    expect(Math.min(...late)).toBeCloseTo(5, 0);
    expect(Math.max(...late)).toBeCloseTo(5, 0);
  });

  it('follows a clock that is not quite right, in steps nobody hears', () => {
    const { frames, push } = receive(AUDIO);
    // 200 millionths fast for ten minutes: 120 ms.
    for (let index = 0; index < 30_000; index += 1)
      push(
        { sequenceNumber: index, timestamp: index * 960, payload: Buffer.from([0xf8]) },
        index * 20 * 1.0002,
      );
    const last = frames.at(-1);
    expect(Math.abs((last?.capturedAt ?? 0) - (last?.arrivedAt ?? 0))).toBeLessThan(5);
    const steps = frames
      .slice(1)
      .map(({ capturedAt }, index) => capturedAt - (frames[index]?.capturedAt ?? 0));
    expect(Math.max(...steps.map((step) => Math.abs(step - 20)))).toBeLessThanOrEqual(0.11);
  });
});
