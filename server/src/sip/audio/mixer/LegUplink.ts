import type { OpusCodec, OpusEncoder } from '../codecs/opus/OpusCodec.ts';
import { OPUS_CLOCK } from '../codecs/opus/OpusCodec.ts';
import { levelOf, TICK_MS } from '../dsp/units.ts';
import type { Uplink } from '../engine.ts';
import { OutStream } from '../rtp/OutStream.ts';
import { writeRtcp } from '../rtp/rtcp.ts';
import type { Counters } from './counters.ts';

const PER_TICK = (OPUS_CLOCK * TICK_MS) / 1000;
/** A frame of 20 ms at 16 kHz with nothing in it (RFC 6716, section 3.1): how Opus says that one is silent. */
const NOTHING = Buffer.from([9 << 3]);
/** How often that is said, and reports are sent, ticks. */
const NOTHING_TICKS = 20;
const REPORT_TICKS = 250;

/** What one tick of a phone is for the SFU. */
export interface UplinkTick {
  /** undefined: silent, nothing is encoded. */
  readonly samples: Int16Array | undefined;
  /** Muted: nothing is sent at all. */
  readonly muted: boolean;
}

/** The sound of one phone to the SFU: Opus with its level, and nothing while it is silent. */
export class LegUplink {
  readonly uplink: Uplink;
  readonly #encoder: OpusEncoder;
  readonly #stream: OutStream;
  readonly #counters: Counters;
  readonly #cname: string;
  #silentTicks = 0;
  #ticks = 0;

  constructor(
    uplink: Uplink,
    { opus, counters, cname }: { opus: OpusCodec; counters: Counters; cname: string },
  ) {
    this.uplink = uplink;
    this.#encoder = opus.openEncoder();
    this.#stream = new OutStream({ ssrc: uplink.ssrc });
    this.#counters = counters;
    this.#cname = cname;
  }

  tick({ samples, muted }: UplinkTick): Buffer[] {
    const packets = samples && !muted ? [this.#sound(samples)] : this.#silence(muted);
    this.#stream.advance(PER_TICK);
    this.#ticks += 1;
    if (this.#ticks % REPORT_TICKS === 1) packets.push(this.#report());
    return packets;
  }

  close(): Buffer {
    this.#encoder.close();
    return writeRtcp({ ssrc: this.#stream.ssrc, cname: this.#cname, goodbye: true });
  }

  #sound(samples: Int16Array): Buffer {
    const marker = this.#silentTicks > 0 || this.#ticks === 0;
    this.#silentTicks = 0;
    this.#counters.encodedUp += 1;
    return this.#write(this.#encoder.encode(samples), { marker, level: levelOf(samples), voice: true });
  }

  #silence(muted: boolean): Buffer[] {
    this.#counters.silentUp += 1;
    const isTime = this.#silentTicks % NOTHING_TICKS === 0;
    this.#silentTicks += 1;
    if (muted || !isTime) return [];
    return [this.#write(NOTHING, { marker: false, level: -127, voice: false })];
  }

  #write(
    payload: Buffer,
    { marker, level, voice }: { marker: boolean; level: number; voice: boolean },
  ): Buffer {
    const { payloadType, audioLevelExtensionId: id } = this.uplink;
    return this.#stream.write({ payloadType, marker, payload, audioLevel: { id, level, voice } });
  }

  #report(): Buffer {
    return writeRtcp({ ssrc: this.#stream.ssrc, sender: this.#stream.senderInfo, cname: this.#cname });
  }
}
