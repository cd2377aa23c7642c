import { CaptureClock } from './CaptureClock.ts';
import { assembleAv1 } from './depacketize/av1.ts';
import type { Depacketizer } from './depacketize/Depacketizer.ts';
import { createH264Depacketizer } from './depacketize/h264.ts';
import { assembleOpus } from './depacketize/opus.ts';
import { assembleVp8 } from './depacketize/vp8.ts';
import { assembleVp9 } from './depacketize/vp9.ts';
import type { AudioCodec, EncodedFrame, VideoCodec } from './EncodedFrame.ts';
import { FrameAssembler, type AssembledFrame } from './FrameAssembler.ts';
import { ReorderBuffer, type InOrder } from './ReorderBuffer.ts';
import type { ReportClock } from './ReportClock.ts';
import { nack, pictureLossIndication, type ReceptionReport, type SenderReport } from './rtcp.ts';
import { findExtension, type RtpPacket } from './RtpPacket.ts';
import { Unwrapper } from './Unwrapper.ts';

export interface RtpStreamOptions {
  ssrc: number;
  payloadType: number;
  codec: VideoCodec | AudioCodec;
  clockRate: number;
  /** Id of the header extension that says how a camera is held; absent when there is none. */
  orientationId?: number;
  onFrame(frame: EncodedFrame): void;
}

interface Uplink {
  readonly ssrc: number;
  readonly clock: ReportClock;
  send(rtcp: Buffer): void;
}

const DEPACKETIZERS: Record<VideoCodec | AudioCodec, () => Depacketizer> = {
  VP8: () => assembleVp8,
  VP9: () => assembleVp9,
  H264: createH264Depacketizer,
  AV1: () => assembleAv1,
  opus: () => assembleOpus,
};

const ROTATIONS = [0, 90, 180, 270] as const;

/**
 * How long a gap is waited for, ms. What a publisher lost on its way the server asks for again, and that takes one round trip of
 * the publisher: giving up sooner would have everybody's picture pay with a key frame.
 */
const VIDEO_WAIT_MS = 120;
const AUDIO_WAIT_MS = 60;
/** A gap younger than this is most often packets out of order, ms. */
const NACK_DELAY_MS = 5;
const NACK_INTERVAL_MS = 40;
/** While a key frame is waited for it is asked for this often, ms. */
const KEY_FRAME_INTERVAL_MS = 500;

/** What comes of one SSRC: packets in, frames out, in order. It asks for what is missing. */
export class RtpStream {
  readonly ssrc: number;
  readonly #options: RtpStreamOptions;
  readonly #uplink: Uplink;
  readonly #buffer: ReorderBuffer;
  readonly #assembler: FrameAssembler;
  readonly #captureClock: CaptureClock;
  readonly #timestamps = new Unwrapper(32);
  readonly #isVideo: boolean;
  #isKeyFrameDue = false;
  #rotation: EncodedFrame['rotation'] = 0;
  /** Time of what is being handled. */
  #now = 0;
  #received = 0;
  #frames = 0;
  #keyFramesAsked = 0;
  #nackedAt = Number.NEGATIVE_INFINITY;
  #keyFrameAskedAt = Number.NEGATIVE_INFINITY;
  #lastReport: { compactNtp: number; at: number } | undefined;
  #lastCounts = { expected: 0, lost: 0 };
  #firstNumber: number | undefined;

  constructor(options: RtpStreamOptions, uplink: Uplink) {
    this.ssrc = options.ssrc;
    this.#options = options;
    this.#uplink = uplink;
    this.#isVideo = options.codec !== 'opus';
    this.#buffer = new ReorderBuffer(this.#isVideo ? VIDEO_WAIT_MS : AUDIO_WAIT_MS);
    this.#captureClock = new CaptureClock(options.clockRate, uplink.clock);
    this.#assembler = new FrameAssembler(
      { depacketize: DEPACKETIZERS[options.codec](), isVideo: this.#isVideo },
      { frame: (frame) => this.#emit(frame), broken: () => this.requestKeyFrame(this.#now) },
    );
  }

  /** Counts since the beginning. */
  get stats(): { packets: number; lost: number; frames: number; keyFramesAsked: number } {
    return {
      packets: this.#received,
      lost: this.#buffer.lost,
      frames: this.#frames,
      keyFramesAsked: this.#keyFramesAsked,
    };
  }

  handlePacket(packet: RtpPacket, now: number): void {
    if (packet.payloadType !== this.#options.payloadType) return;
    this.#received += 1;
    this.#now = now;
    this.#firstNumber ??= packet.sequenceNumber;
    for (const entry of this.#buffer.push(packet, now)) this.#handleInOrder(entry);
  }

  handleReport({ ntp, compactNtp, rtpTimestamp }: SenderReport, now: number): void {
    this.#lastReport = { compactNtp, at: now };
    if (this.#frames > 0) this.#captureClock.report(this.#timestamps.peek(rtpTimestamp), ntp, now);
  }

  /** Time passes: gaps are given up, or asked about again. */
  tick(now: number): void {
    this.#now = now;
    for (const entry of this.#buffer.poll(now)) this.#handleInOrder(entry);
    const { gapSince } = this.#buffer;
    if (
      gapSince !== undefined &&
      now - gapSince >= NACK_DELAY_MS &&
      now - this.#nackedAt >= NACK_INTERVAL_MS
    ) {
      this.#nackedAt = now;
      this.#uplink.send(nack(this.#uplink.ssrc, this.ssrc, this.#buffer.missing));
    }
    if (this.#isKeyFrameDue || (this.#received > 0 && this.#assembler.needsKeyFrame))
      this.requestKeyFrame(now);
  }

  /** Asks the publisher, by the server, for a picture that can be decoded on its own; a little later where that was just done. */
  requestKeyFrame(now = performance.now()): void {
    if (!this.#isVideo) return;
    this.#isKeyFrameDue = now - this.#keyFrameAskedAt < KEY_FRAME_INTERVAL_MS;
    if (this.#isKeyFrameDue) return;
    this.#keyFrameAskedAt = now;
    this.#keyFramesAsked += 1;
    this.#uplink.send(pictureLossIndication(this.#uplink.ssrc, this.ssrc));
  }

  /** Nothing is handed over from now on but from the next key frame on, which is asked for. */
  dropToKeyFrame(): void {
    this.#assembler.dropToKeyFrame();
    this.requestKeyFrame();
  }

  /** What happened since the last report; undefined when nothing has come yet. */
  report(now: number): ReceptionReport | undefined {
    if (this.#firstNumber === undefined) return undefined;
    const { highest, lost } = this.#buffer;
    const expected = highest - this.#firstNumber + 1;
    const before = this.#lastCounts;
    this.#lastCounts = { expected, lost };
    const answering = this.#lastReport && {
      compactNtp: this.#lastReport.compactNtp,
      delay: now - this.#lastReport.at,
    };
    return {
      ssrc: this.ssrc,
      fractionLost: (lost - before.lost) / Math.max(1, expected - before.expected),
      totalLost: lost,
      highest,
      ...(answering && { answering }),
    };
  }

  #handleInOrder(entry: InOrder): void {
    const { orientationId } = this.#options;
    const orientation = orientationId === undefined ? undefined : findExtension(entry.packet, orientationId);
    // The two lowest bits are quarter turns that make the picture upright, clockwise (3GPP TS 26.114, 7.4.5).
    if (orientation?.[0] !== undefined) this.#rotation = ROTATIONS[orientation[0] & 0x03] ?? 0;
    this.#assembler.push(entry);
  }

  #emit({ data, keyFrame, timestamp, arrivedAt }: AssembledFrame): void {
    this.#frames += 1;
    const rtpTimestamp = this.#timestamps.unwrap(timestamp);
    const capturedAt = this.#captureClock.at(rtpTimestamp, arrivedAt);
    this.#options.onFrame({ data, keyFrame, rtpTimestamp, arrivedAt, capturedAt, rotation: this.#rotation });
  }
}
