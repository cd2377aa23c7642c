import { FRAME, levelOf } from '../dsp/units.ts';
import type { ZoneTalker } from '../engine.ts';
import { isRtcp, readAudioLevel, readRtp } from '../rtp/packet.ts';
import { chooseVoices } from './chooseVoices.ts';
import type { LegVoice } from './LegVoice.ts';
import type { Loudness } from './Loudness.ts';
import { Outlet } from './Outlet.ts';
import { Talker } from './Talker.ts';
import type { MixerTools } from './tools.ts';

/** The socket of a zone, which the SFU talks to. */
export interface ZoneLink {
  send(data: Buffer, to: { ip: string; port: number }): void;
}

/** A phone as its zone sees it. */
export interface ZoneMember {
  readonly participantId: string;
  readonly voice: LegVoice;
  leave(): void;
}

interface Voice {
  readonly participantId: string;
  readonly loudness: Loudness;
  /** What it adds at this tick. */
  pull(now: number): Int16Array | undefined;
  skip(now: number): void;
}

/** A mix: each of its phones hears everybody but itself. */
export class Zone {
  readonly id: string;
  readonly #tools: MixerTools;
  readonly #link: ZoneLink;
  readonly #audioLevelId: number;
  readonly #talkers = new Map<number, Talker>();
  readonly #voiceOfTalker = new Map<Talker, Voice>();
  readonly #legs = new Map<ZoneMember, Voice>();
  readonly #sum = new Int32Array(FRAME);
  readonly #parts = new Map<string, Int32Array>();
  readonly #outlet: Outlet;
  #chosen: ReadonlySet<Voice> = new Set();
  #from: { ip: string; port: number } | undefined;
  #level = -127;
  #tick = -1;

  constructor(
    id: string,
    { tools, link, audioLevelId }: { tools: MixerTools; link: ZoneLink; audioLevelId: number },
  ) {
    this.id = id;
    this.#tools = tools;
    this.#link = link;
    this.#audioLevelId = audioLevelId;
    this.#outlet = new Outlet(tools);
  }

  get legs(): Iterable<ZoneMember> {
    return this.#legs.keys();
  }

  set source(from: { ip: string; port: number } | undefined) {
    this.#from = from;
  }

  /** Of all together at the last tick, dBov. */
  get level(): number {
    return this.#level;
  }

  /** What those hear who add nothing. */
  get outlet(): Outlet {
    this.#outlet.begin(this.#tick, (sum) => sum.set(this.#sum));
    return this.#outlet;
  }

  add(leg: ZoneMember): void {
    const { voice } = leg;
    this.#legs.set(leg, {
      get participantId() {
        return voice.participantId;
      },
      loudness: voice.loudness,
      pull: () => voice.heard,
      skip: () => undefined,
    });
  }

  remove(leg: ZoneMember): void {
    this.#legs.delete(leg);
  }

  setTalkers(talkers: readonly ZoneTalker[]): void {
    const wanted = new Set(talkers.map(({ ssrc }) => ssrc));
    for (const ssrc of this.#talkers.keys()) if (!wanted.has(ssrc)) this.#drop(ssrc);
    for (const talker of talkers) {
      const known = this.#talkers.get(talker.ssrc);
      if (known?.participantId === talker.participantId && known.payloadType === talker.payloadType) continue;
      this.#drop(talker.ssrc);
      this.#put(talker);
    }
  }

  /** From the SFU. */
  receive(data: Buffer, from: { address: string; port: number }, at: number): void {
    const { counters } = this.#tools;
    counters.packetsIn += 1;
    if (isRtcp(data)) return;
    if (this.#from && (this.#from.ip !== from.address || this.#from.port !== from.port)) return;
    const packet = readRtp(data);
    const talker = packet && this.#talkers.get(packet.ssrc);
    if (!packet || talker?.payloadType !== packet.payloadType) return;
    const level = this.#audioLevelId > 0 ? readAudioLevel(packet, this.#audioLevelId) : undefined;
    talker.receive(packet, { at, level });
  }

  send(data: Buffer, to: { ip: string; port: number }): void {
    this.#tools.counters.packetsOut += 1;
    this.#link.send(data, to);
  }

  /** Once each tick, after all legs were heard. */
  mix(tick: number, now: number): void {
    this.#tick = tick;
    this.#sum.fill(0);
    this.#parts.clear();
    // Phones in the zone are heard as they are, not once more by way of the SFU.
    const direct = new Set([...this.#legs.keys()].map(({ participantId }) => participantId));
    const talkers = [...this.#voiceOfTalker.values()];
    const all = [
      ...this.#legs.values(),
      ...talkers.filter(({ participantId }) => !direct.has(participantId)),
    ];
    this.#chosen = chooseVoices(all, { now, former: this.#chosen });
    for (const voice of talkers) if (!this.#chosen.has(voice)) voice.skip(now);
    for (const voice of this.#chosen) this.#addVoice(voice, now);
    this.#level = levelOf(this.#sum);
  }

  /** What somebody adds at this tick; undefined for nothing. */
  partOf(participantId: string): Int32Array | undefined {
    return this.#parts.get(participantId);
  }

  /** The mix without `part`. */
  fillWithout(sum: Int32Array, part: Int32Array | undefined): void {
    sum.set(this.#sum);
    if (part)
      for (let index = 0; index < sum.length; index += 1) sum[index] = (sum[index] ?? 0) - (part[index] ?? 0);
  }

  close(): void {
    for (const leg of [...this.#legs.keys()]) leg.leave();
    for (const ssrc of [...this.#talkers.keys()]) this.#drop(ssrc);
    this.#outlet.close();
  }

  #addVoice(voice: Voice, now: number): void {
    const samples = voice.pull(now);
    if (!samples) return;
    let part = this.#parts.get(voice.participantId);
    if (!part) {
      part = new Int32Array(FRAME);
      this.#parts.set(voice.participantId, part);
    }
    const sum = this.#sum;
    for (let index = 0; index < FRAME; index += 1) {
      const sample = samples[index] ?? 0;
      sum[index] = (sum[index] ?? 0) + sample;
      part[index] = (part[index] ?? 0) + sample;
    }
  }

  #put(described: ZoneTalker): void {
    const talker = new Talker(described, this.#tools.opus);
    const { counters } = this.#tools;
    this.#talkers.set(described.ssrc, talker);
    this.#voiceOfTalker.set(talker, {
      participantId: talker.participantId,
      loudness: talker.loudness,
      pull: (now) => {
        const before = talker.counters.decoded;
        const { kind, samples } = talker.pull(now);
        counters.decoded += talker.counters.decoded - before;
        if (kind === 'concealed') counters.concealed += 1;
        return kind === 'nothing' ? undefined : samples;
      },
      skip: (now) => talker.skip(now),
    });
  }

  #drop(ssrc: number): void {
    const talker = this.#talkers.get(ssrc);
    if (!talker) return;
    this.#talkers.delete(ssrc);
    this.#voiceOfTalker.delete(talker);
    talker.close();
  }
}
