import { clockRateOf } from '../codecs/SoundDecoder.ts';
import { EventSender } from '../dtmf/EventSender.ts';
import { TICK_MS } from '../dsp/units.ts';
import type { SettledSound } from '../engine.ts';
import { OutStream, type OutProgress } from '../rtp/OutStream.ts';

/** Codecs other than Opus: bytes in a millisecond. */
const BYTES_PER_MS = 8;

/** What goes to a phone: the sound in packets as long as was agreed, keys in between. */
export class LegSender {
  readonly #stream: OutStream;
  readonly #keys = new EventSender();
  #sound: SettledSound | undefined;
  #pending: Buffer = Buffer.alloc(0);
  #pendingSince = 0;
  #hasBegun = false;
  #pressing: (() => void)[] = [];

  constructor(from?: OutProgress) {
    this.#stream = new OutStream(from);
  }

  get stream(): OutStream {
    return this.#stream;
  }

  agree(sound: SettledSound): void {
    if (this.#sound?.codec !== sound.codec) {
      this.#pending = Buffer.alloc(0);
      this.#hasBegun = false;
    }
    this.#sound = sound;
  }

  /** `onDone` once all of them are sent. */
  press(digits: string, onDone: () => void): void {
    this.#keys.press(digits);
    this.#pressing.push(onDone);
  }

  /** Packets of one tick. `encode` is asked only where sound goes out. */
  tick(encode: () => Buffer): Buffer[] {
    const sound = this.#sound;
    if (!sound) return [];
    const perTick = (clockRateOf(sound.codec) * TICK_MS) / 1000;
    const packets = sound.direction.startsWith('send') ? this.#packets(sound, encode) : this.#hush();
    this.#stream.advance(perTick);
    return packets;
  }

  #packets(sound: SettledSound, encode: () => Buffer): Buffer[] {
    const { telephoneEvent } = sound;
    if (telephoneEvent !== undefined && this.#pressing.length > 0) {
      const key = this.#keys.tick(this.#stream.timestamp);
      if (key) {
        this.#pending = Buffer.alloc(0);
        return [this.#stream.write({ ...key, payloadType: telephoneEvent })];
      }
      this.#finishKeys();
    }
    const { payloadType } = sound;
    const marker = !this.#hasBegun;
    this.#hasBegun = true;
    const data = encode();
    if (sound.codec === 'opus' || (sound.ptime === TICK_MS && this.#pending.length === 0))
      return [this.#stream.write({ payloadType, marker, payload: data })];
    return this.#repack(data, { sound, marker });
  }

  /** Longer or shorter packets than a tick. */
  #repack(data: Buffer, { sound, marker }: { sound: SettledSound; marker: boolean }): Buffer[] {
    if (this.#pending.length === 0) this.#pendingSince = this.#stream.timestamp;
    let rest: Buffer = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
    const size = Math.max(10, Math.min(60, sound.ptime)) * BYTES_PER_MS;
    const packets: Buffer[] = [];
    while (rest.length >= size) {
      const fields = { payloadType: sound.payloadType, marker: marker && packets.length === 0 };
      packets.push(
        this.#stream.write({ ...fields, payload: rest.subarray(0, size), timestamp: this.#pendingSince }),
      );
      this.#pendingSince = (this.#pendingSince + size) >>> 0;
      rest = rest.subarray(size);
    }
    this.#pending = rest;
    return packets;
  }

  #hush(): Buffer[] {
    this.#pending = Buffer.alloc(0);
    this.#hasBegun = false;
    return [];
  }

  /** Nothing is pressed at this tick: the pause between two keys, or the end of all. */
  #finishKeys(): void {
    if (this.#keys.isBusy) return;
    for (const onDone of this.#pressing.splice(0)) onDone();
  }
}
