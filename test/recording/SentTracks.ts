import { execFileSync } from 'node:child_process';
import { BufferSource, EncodedPacketSink, Input, WEBM } from 'mediabunny';
import { encodeFrames } from '@parley/recorder/internal/decode/testing/encode.ts';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import type { FrameListener } from '@parley/recorder/internal/room/ProgramInput.ts';
import type { EncodedFrame, VideoCodec } from '@parley/recorder/internal/rtp/EncodedFrame.ts';
import { SyntheticAudio, SyntheticVideo } from '@parley/recorder/internal/testing/SyntheticRoom.ts';

/** A tone as browsers send it, as a file. */
export function encodeToneFile(frequency: number, seconds: number): Buffer {
  const source = `sine=frequency=${frequency}:sample_rate=48000:duration=${seconds}`;
  const list = ['-v', 'error', '-f', 'lavfi', '-i', source, '-ac', '2', '-c:a', 'libopus', '-f', 'webm', '-'];
  return execFileSync(findFfmpeg(), list, { maxBuffer: 64e6 });
}

export const encodeTone = (frequency: number, seconds: number): Promise<Buffer[]> =>
  packetsOf(encodeToneFile(frequency, seconds));

/** Packets of 20 ms of such a file. */
export async function packetsOf(bytes: Buffer): Promise<Buffer[]> {
  using input = new Input({ source: new BufferSource(bytes), formats: [WEBM] });
  const track = await input.getPrimaryAudioTrack();
  if (!track) throw new Error('There is no sound.');
  const packets: Buffer[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(Buffer.from(packet.data));
  return packets;
}

/** A second of one colour, as browsers send it. */
export function encodeColour(codec: VideoCodec, colour: string, size = '640x360'): EncodedFrame[] {
  return encodeFrames(codec, `color=${colour}:s=${size}`, 25).map((frame) => ({
    ...frame,
    // Temporal delimiters are not sent (RTP payload format for AV1, section 5).
    data: codec === 'AV1' && frame.data[0] === 0x12 ? frame.data.subarray(2) : frame.data,
  }));
}

/** Keeps who takes frames as they are sent. */
class Taps {
  readonly #listeners = new Set<FrameListener>();

  add(listener: FrameListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(frame: EncodedFrame, codec: string): void {
    for (const listener of this.#listeners) listener(frame, codec);
  }
}

/** A microphone whose packets can be taken as they are. */
export class SentMicrophone extends SyntheticAudio {
  readonly #taps = new Taps();
  readonly #packets: readonly Buffer[];

  constructor(frequency: number, packets: readonly Buffer[]) {
    super(frequency);
    this.#packets = packets;
  }

  override receiveFrames(listener: FrameListener): () => void {
    return this.#taps.add(listener);
  }

  override send(index: number, capturedAt: number): void {
    super.send(index, capturedAt);
    const data = this.#packets[index % this.#packets.length];
    if (!data || this.muted) return;
    const times = { rtpTimestamp: index * 960, arrivedAt: capturedAt, capturedAt };
    this.#taps.tell({ data, keyFrame: true, rotation: 0, ...times }, 'opus');
  }
}

/** A camera or screen whose frames can be taken as they are, from the next key frame on. */
export class SentCamera extends SyntheticVideo {
  static #count = 0;
  override readonly publicationId = `sent ${++SentCamera.#count}`;
  readonly #taps = new Taps();
  readonly #frames: readonly EncodedFrame[];
  readonly #codec: VideoCodec;
  #next = 0;

  constructor(
    frames: readonly EncodedFrame[],
    { codec = 'VP8', source = 'camera' }: { codec?: VideoCodec; source?: 'camera' | 'screen' } = {},
  ) {
    super(source, '#806040');
    this.#frames = frames;
    this.#codec = codec;
  }

  override receiveFrames(listener: FrameListener): () => void {
    this.#next = 0;
    return this.#taps.add(listener);
  }

  override send(now: number): void {
    super.send(now);
    const frame = this.#frames[this.#next++ % this.#frames.length];
    if (frame && !this.muted) this.#taps.tell({ ...frame, capturedAt: now, arrivedAt: now }, this.#codec);
  }
}
