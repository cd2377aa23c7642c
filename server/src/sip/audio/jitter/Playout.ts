import { clockRateOf, type SoundDecoder } from '../codecs/SoundDecoder.ts';
import type { SoundCodec } from '../engine.ts';
import { findPeriod, lengthen, shorten } from '../dsp/pitch.ts';
import { FRAME, RATE, TICK_MS } from '../dsp/units.ts';
import { DelayTarget, MOST_MS } from './DelayTarget.ts';
import { PacketQueue, type Waiting } from './PacketQueue.ts';
import { SampleQueue } from './SampleQueue.ts';

/** Sound is made up for at most so long; then the stream is taken to pause. */
const MOST_CONCEALED_MS = 200;
/** A pause of the sender's clock that is bridged by silence; longer ones let the stream begin anew, in its own time. */
const SHORT_GAP_MS = 60;
/** How long it has to wait too long before it is made to wait less, and too short before more. */
const OVER_MS = 2000;
const UNDER_MS = 300;
/** What is too much, ms above the target. */
const TOO_MUCH_MS = 22;
/** No two changes within. */
const REST_MS = 100;
const LONGEST_PERIOD = 160;

/** What one tick of a stream is. */
export interface Frame {
  readonly samples: Int16Array;
  /** `nothing`: the stream pauses. */
  readonly kind: 'sound' | 'concealed' | 'nothing';
}

export interface PlayoutCounters {
  concealedMs: number;
  /** Packets that came when their time had passed. */
  late: number;
  /** Packets that were thrown away so that sound waits no longer than it may. */
  discarded: number;
  /** Milliseconds that were left out, and put in, to keep pace with the sender. */
  shortenedMs: number;
  lengthenedMs: number;
  decoded: number;
}

const NOTHING: Frame = { samples: new Int16Array(FRAME), kind: 'nothing' };

/**
 * The adaptive jitter buffer of one stream: packets in when they come, 320 samples out at each tick. All times are ms of one clock that only goes
 * forward, which a test may make up.
 *
 * What is missing when later packets are there is lost, and made up. When nothing is there, it is taken to be late: it is made up too, but what comes
 * then is still played, so that the wait grows by itself. What waits too long is shortened by periods of the voice (or of the noise), which
 * also keeps pace with a sender whose clock runs fast.
 */
export class Playout {
  readonly counters: PlayoutCounters = {
    ...{ concealedMs: 0, late: 0, discarded: 0, shortenedMs: 0, lengthenedMs: 0, decoded: 0 },
  };
  readonly #openDecoder: () => SoundDecoder;
  readonly #clockRate: number;
  readonly #target: DelayTarget;
  readonly #packets = new PacketQueue();
  readonly #samples = new SampleQueue();
  #decoder: SoundDecoder;
  /** What comes next, while it plays. */
  #next: { index: number; mediaMs: number } | undefined;
  #clock: { timestamp: number; mediaMs: number } | undefined;
  #concealedMs = 0;
  /** Of that, while nothing at all was there: what then turns out to be lost is filled already. */
  #bridgedMs = 0;
  #pauses = false;
  #offTarget: { since: number; by: 'over' | 'under' } | undefined;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor({ codec, startMs, open }: { codec: SoundCodec; startMs: number; open: () => SoundDecoder }) {
    this.#clockRate = clockRateOf(codec);
    this.#target = new DelayTarget(startMs);
    this.#openDecoder = open;
    this.#decoder = open();
  }

  /** How long the quickest sound waits at present, ms; undefined while nothing plays. */
  get delayMs(): number | undefined {
    return this.#delayMs;
  }
  #delayMs: number | undefined;

  /** `index`: the sequence number with the count of its wraps. */
  receive(packet: { index: number; timestamp: number; payload: Buffer; isNew: boolean }, at: number): void {
    if (packet.isNew) this.restart();
    const mediaMs = this.#mediaMsOf(packet.timestamp);
    this.#target.note(at - mediaMs);
    if (packet.payload.length === 0) return;
    const { index, payload } = packet;
    if (this.#next && index < this.#next.index) {
      this.counters.late += 1;
      return;
    }
    this.#packets.add({ index, mediaMs, payload });
  }

  /** The sound of one tick. */
  pull(now: number): Frame {
    if (!this.#next && !this.#begin(now)) return NOTHING;
    this.#keepPace(now);
    let concealed = false;
    while (this.#samples.length < FRAME) {
      const step = this.#step(now);
      if (step === 'nothing') return this.#rest();
      concealed ||= step === 'concealed';
    }
    return { samples: this.#samples.take(FRAME), kind: concealed ? 'concealed' : 'sound' };
  }

  /** The sender says that no sound comes for a while: nothing is made up in its place. */
  pause(): void {
    this.#pauses = true;
  }

  /** In place of pull(), for a tick at which nobody wants the sound: keeps the newest packets, in case somebody does at the next. */
  skip(now: number): void {
    this.#stop();
    const dueMs = now - this.#target.fastest - this.#target.targetMs - TICK_MS;
    while (this.#packets.first && this.#packets.first.mediaMs < dueMs) this.#packets.take();
  }

  /** Another stream takes the place of this one. */
  restart(): void {
    this.#stop();
    this.#packets.clear();
    this.#samples.clear();
    this.#clock = undefined;
    this.#target.restart();
    this.#decoder.close();
    this.#decoder = this.#openDecoder();
  }

  close(): void {
    this.#decoder.close();
  }

  #mediaMsOf(timestamp: number): number {
    const last = this.#clock;
    const mediaMs = last ? last.mediaMs + (((timestamp - last.timestamp) | 0) * 1000) / this.#clockRate : 0;
    this.#clock = { timestamp, mediaMs };
    return mediaMs;
  }

  /** Starts to play when the first packet has waited as long as it is to. */
  #begin(now: number): boolean {
    const { first } = this.#packets;
    if (!first || now - first.mediaMs - this.#target.fastest < this.#target.targetMs) return false;
    this.#next = { index: first.index, mediaMs: first.mediaMs };
    this.#samples.clear();
    this.#concealedMs = 0;
    this.#bridgedMs = 0;
    this.#pauses = false;
    return true;
  }

  #stop(): void {
    this.#next = undefined;
    this.#delayMs = undefined;
    this.#offTarget = undefined;
  }

  /** Adds to the samples. */
  #step(now: number): 'sound' | 'concealed' | 'nothing' {
    const next = this.#next;
    if (!next) return 'nothing';
    const { first } = this.#packets;
    if (!first) return this.#pauses ? 'nothing' : this.#bridge();
    const gapMs = first.mediaMs - next.mediaMs;
    if (first.index > next.index && gapMs > 1 && !this.#pauses) return this.#replace(next, first);
    if (gapMs > 1 && gapMs <= SHORT_GAP_MS) {
      this.#samples.add(new Int16Array(Math.round((gapMs * RATE) / 1000)));
      this.#next = { index: first.index, mediaMs: first.mediaMs };
      return 'sound';
    }
    if (gapMs > 1) {
      // The sender paused, and its time has not come yet.
      this.#stop();
      return this.#begin(now) ? this.#step(now) : 'nothing';
    }
    this.#packets.take();
    const { payload, index, mediaMs } = first;
    this.#samples.add(this.#decoder.decode(payload));
    this.counters.decoded += 1;
    this.#pauses = this.#decoder.isSilence(payload);
    this.#next = { index: index + 1, mediaMs: mediaMs + this.#decoder.durationOf(payload) };
    this.#concealedMs = 0;
    this.#bridgedMs = 0;
    return 'sound';
  }

  #bridge(): 'concealed' | 'nothing' {
    this.#bridgedMs += TICK_MS;
    return this.#conceal(TICK_MS);
  }

  /** Packets are missing while `first` is there. */
  #replace(next: { index: number; mediaMs: number }, first: Waiting): 'concealed' | 'nothing' {
    const gapMs = first.mediaMs - next.mediaMs;
    if (this.#bridgedMs >= gapMs) {
      this.#bridgedMs -= gapMs;
      this.#next = { index: first.index, mediaMs: first.mediaMs };
      return 'concealed';
    }
    const ms = Math.min(TICK_MS, gapMs);
    const isBefore = first.index === next.index + 1 && gapMs <= TICK_MS + 1;
    const made = this.#conceal(ms, isBefore ? first.payload : undefined);
    if (made === 'nothing') {
      // A hole so long is none that could be filled.
      this.#next = { index: first.index, mediaMs: first.mediaMs };
      return made;
    }
    const isOver = gapMs - ms < 1;
    this.#next = isOver
      ? { index: first.index, mediaMs: first.mediaMs }
      : { index: Math.min(first.index - 1, next.index + 1), mediaMs: next.mediaMs + ms };
    return made;
  }

  #conceal(ms: number, behind?: Buffer): 'concealed' | 'nothing' {
    if (this.#concealedMs >= MOST_CONCEALED_MS) return 'nothing';
    const samples = Math.round((ms * RATE) / 1000);
    const made = this.#decoder.conceal(samples, behind);
    this.#samples.add(made.subarray(0, samples));
    this.#concealedMs += ms;
    this.counters.concealedMs += ms;
    return 'concealed';
  }

  /** Nothing more for now: what is left of the last packet is played, and the next one begins anew. */
  #rest(): Frame {
    const samples = this.#samples.take(FRAME);
    this.#samples.clear();
    this.#stop();
    return { samples, kind: 'nothing' };
  }

  /** Keeps the wait near the target: at once where it is above all bounds, else by periods. */
  #keepPace(now: number): void {
    const next = this.#next;
    if (!next) return;
    const targetMs = this.#target.targetMs;
    // At the tick that needs the packet, which is not this one where samples are left.
    const waitOf = (mediaMs: number): number =>
      now - mediaMs - this.#target.fastest + TICK_MS * Math.floor(this.#samples.length / FRAME);
    let waitMs = waitOf(next.mediaMs);
    if (waitMs > MOST_MS) waitMs = this.#leap(waitOf);
    this.#delayMs = waitMs + ((this.#samples.length % FRAME) * 1000) / RATE;
    const by = waitMs > targetMs + TOO_MUCH_MS ? 'over' : waitMs < targetMs - 5 ? 'under' : undefined;
    if (by !== this.#offTarget?.by) this.#offTarget = by && { since: now, by };
    if (!this.#offTarget || now - this.#changedAt < REST_MS) return;
    const patience = this.#offTarget.by === 'over' ? OVER_MS : UNDER_MS;
    if (now - this.#offTarget.since < patience) return;
    if (this.#offTarget.by === 'over') this.#shorten(now);
    else this.#lengthen(now);
  }

  /** Leaves out packets until no more than the target is waited. */
  #leap(waitOf: (mediaMs: number) => number): number {
    this.#samples.clear();
    let next = this.#next;
    while (next && waitOf(next.mediaMs) > this.#target.targetMs + TICK_MS) {
      const dropped = this.#packets.take();
      if (!dropped) break;
      this.counters.discarded += 1;
      const mediaMs = dropped.mediaMs + this.#decoder.durationOf(dropped.payload);
      next = { index: dropped.index + 1, mediaMs };
    }
    this.#next = next;
    return next ? waitOf(next.mediaMs) : 0;
  }

  #shorten(now: number): void {
    while (this.#samples.length < 2 * FRAME) {
      const { first } = this.#packets;
      if (!first || first.index !== this.#next?.index || this.#step(now) !== 'sound') return;
    }
    const all = this.#samples.take(this.#samples.length);
    const period = findPeriod(all.subarray(0, 2 * LONGEST_PERIOD), LONGEST_PERIOD);
    this.#samples.add(shorten(all, period));
    this.counters.shortenedMs += (period * 1000) / RATE;
    this.#changedAt = now;
  }

  #lengthen(now: number): void {
    while (this.#samples.length < FRAME) {
      const { first } = this.#packets;
      if (!first || first.index !== this.#next?.index || this.#step(now) !== 'sound') return;
    }
    const all = this.#samples.take(this.#samples.length);
    const period = findPeriod(all.subarray(0, 2 * LONGEST_PERIOD), LONGEST_PERIOD);
    this.#samples.add(lengthen(all, period));
    this.counters.lengthenedMs += (period * 1000) / RATE;
    this.#changedAt = now;
  }
}
