import { openDecoder, clockRateOf } from '../codecs/SoundDecoder.ts';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import { EventReceiver } from '../dtmf/EventReceiver.ts';
import { ToneReceiver } from '../dtmf/ToneReceiver.ts';
import type { SettledSound, SocketAddress, SoundFormat } from '../engine.ts';
import { Playout, type Frame } from '../jitter/Playout.ts';
import { Latch } from '../rtp/Latch.ts';
import { readRtp, type RtpPacket } from '../rtp/packet.ts';
import { ReceptionCount } from '../rtp/ReceptionCount.ts';
import type { Seals } from './Seals.ts';

/** Phones begin with so much, ms: lines are steady, and it shrinks soon. */
const START_MS = 60;
/** Comfort noise (RFC 3389): the other side pauses. */
const COMFORT_NOISE = 13;

/** What comes from a phone. */
export class LegReceiver {
  readonly latch = new Latch();
  refused = 0;
  /** When RTP or RTCP came last, or was first agreed on, ms. */
  lastAt: number | undefined;
  readonly #opus: OpusCodec;
  readonly #onDigit: (digit: string) => void;
  #keys = new EventReceiver();
  /** Undefined where keys are not looked for in the sound. */
  #tones: ToneReceiver | undefined;
  #hasEvents = false;
  #sound: SettledSound | undefined;
  /** What comes at present, of all that may. */
  #heard: SoundFormat | undefined;
  #count = new ReceptionCount(8000);
  #formerReceived = 0;
  #formerLost = 0;
  #playout: Playout | undefined;
  #concealedMs = 0;

  constructor({ opus, onDigit }: { opus: OpusCodec; onDigit: (digit: string) => void }) {
    this.#opus = opus;
    this.#onDigit = onDigit;
  }

  agree(sound: SettledSound): void {
    const wasHeld = this.#sound !== undefined && this.#sound.direction !== 'sendrecv';
    this.#sound = sound;
    // Who has sent an event sends all keys so, and maybe as tones besides.
    if (!sound.tones || this.#hasEvents) this.#tones = undefined;
    else this.#tones ??= new ToneReceiver();
    this.latch.agree(sound.remote, sound.symmetric ?? false, sound.signalledFrom);
    if (wasHeld && sound.direction === 'sendrecv') this.latch.reopen();
    const heard = this.#heard;
    if (formatsOf(sound).some((one) => isSame(one, heard))) return;
    this.#begin(sound);
    this.#keys = new EventReceiver();
  }

  get count(): ReceptionCount {
    return this.#count;
  }

  get received(): number {
    return this.#formerReceived + this.#count.received;
  }

  get lost(): number {
    return this.#formerLost + this.#count.lost;
  }

  get concealedMs(): number {
    return this.#concealedMs + (this.#playout?.counters.concealedMs ?? 0);
  }

  get decoded(): number {
    return this.#playout?.counters.decoded ?? 0;
  }

  get delayMs(): number {
    return this.#playout?.delayMs ?? 0;
  }

  /** Whether it was taken. */
  receive(
    data: Buffer,
    { from, at, seals }: { from: SocketAddress; at: number; seals: Seals | undefined },
  ): boolean {
    const sound = this.#sound;
    const packet = sound && this.latch.mayCome(from) ? this.#open(data, seals) : undefined;
    if (!sound || !packet || !this.#isExpected(packet, sound) || !this.#admits(packet, from, seals)) {
      this.refused += 1;
      return false;
    }
    this.lastAt = at;
    this.#take(packet, sound, at);
    return true;
  }

  /** The sound of one tick; undefined where nothing was agreed on, or nothing is to be heard. */
  pull(now: number): Frame | undefined {
    const frame = this.#playout?.pull(now);
    const digit = frame && frame.kind !== 'nothing' ? this.#tones?.take(frame.samples) : undefined;
    if (digit !== undefined) this.#onDigit(digit);
    return frame;
  }

  skip(now: number): void {
    this.#playout?.skip(now);
  }

  close(): void {
    this.#closeStream();
  }

  #open(data: Buffer, seals: Seals | undefined): RtpPacket | undefined {
    const clear = seals ? seals.openRtp(data) : data;
    return clear && readRtp(clear);
  }

  #isExpected({ payloadType }: RtpPacket, sound: SettledSound): boolean {
    if (payloadType === sound.telephoneEvent || payloadType === COMFORT_NOISE) return true;
    return formatsOf(sound).some((format) => format.payloadType === payloadType);
  }

  #admits({ ssrc, sequence }: RtpPacket, from: SocketAddress, seals: Seals | undefined): boolean {
    return this.latch.admit(from, { ssrc, sequence, proven: seals !== undefined });
  }

  #take(packet: RtpPacket, sound: SettledSound, at: number): void {
    const { payloadType, timestamp, payload } = packet;
    const format = formatsOf(sound).find((one) => one.payloadType === payloadType);
    if (format) {
      if (!isSame(format, this.#heard)) this.#begin(format);
      this.#playout?.receive({ ...this.#count.note(packet, at), timestamp, payload }, at);
      return;
    }
    this.#count.noteOther(packet);
    this.#playout?.pause();
    if (payloadType !== sound.telephoneEvent) return;
    const digit = this.#keys.receive(packet);
    if (digit === undefined) return;
    this.#hasEvents = true;
    this.#tones = undefined;
    this.#onDigit(digit);
  }

  /** Packets are of this kind from now on. */
  #begin({ codec, payloadType }: SoundFormat): void {
    this.#closeStream();
    this.#heard = { codec, payloadType };
    const open = () => openDecoder(codec, this.#opus);
    this.#playout = new Playout({ codec, startMs: START_MS, open });
    this.#count = new ReceptionCount(clockRateOf(codec));
  }

  #closeStream(): void {
    this.#formerReceived += this.#count.received;
    this.#formerLost += this.#count.lost;
    this.#concealedMs += this.#playout?.counters.concealedMs ?? 0;
    this.#playout?.close();
    this.#playout = undefined;
    this.#count = new ReceptionCount(8000);
  }
}

const formatsOf = (sound: SettledSound): readonly SoundFormat[] => [sound, ...(sound.alsoTaken ?? [])];

const isSame = (one: SoundFormat, other: SoundFormat | undefined): boolean =>
  one.codec === other?.codec && one.payloadType === other.payloadType;
