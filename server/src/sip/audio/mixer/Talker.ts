import { openDecoder } from '../codecs/SoundDecoder.ts';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import { isOpusSilence, OPUS_CLOCK } from '../codecs/opus/OpusCodec.ts';
import type { ZoneTalker } from '../engine.ts';
import { LEAST_MS } from '../jitter/DelayTarget.ts';
import { Playout, type Frame } from '../jitter/Playout.ts';
import { ReceptionCount } from '../rtp/ReceptionCount.ts';
import type { RtpPacket } from '../rtp/packet.ts';
import { Loudness } from './Loudness.ts';

/** Of a packet that does not say how loud it is, dBov. */
const UNKNOWN_LEVEL = -40;

/** One source that the SFU sends into a zone. Decoded only while it is heard. */
export class Talker {
  readonly participantId: string;
  readonly payloadType: number;
  readonly loudness = new Loudness();
  readonly #count = new ReceptionCount(OPUS_CLOCK);
  readonly #playout: Playout;

  constructor({ participantId, payloadType }: ZoneTalker, opus: OpusCodec) {
    this.participantId = participantId;
    this.payloadType = payloadType;
    const open = () => openDecoder('opus', opus);
    this.#playout = new Playout({ codec: 'opus', startMs: LEAST_MS, open });
  }

  get counters(): { concealedMs: number; decoded: number } {
    return this.#playout.counters;
  }

  /** How long its sound waits, ms. */
  get delayMs(): number | undefined {
    return this.#playout.delayMs;
  }

  /** `level`: what the packet says of itself, dBov. */
  receive(packet: RtpPacket, { at, level }: { at: number; level: number | undefined }): void {
    const { timestamp, payload } = packet;
    this.#playout.receive({ ...this.#count.note(packet, at), timestamp, payload }, at);
    this.loudness.note(level ?? (isOpusSilence(payload) ? -127 : UNKNOWN_LEVEL), at);
  }

  pull(now: number): Frame {
    return this.#playout.pull(now);
  }

  skip(now: number): void {
    this.#playout.skip(now);
  }

  close(): void {
    this.#playout.close();
  }
}
