import type { LegStatistics, SayOptions, SettledSound, SocketAddress, Uplink } from '../engine.ts';
import { estimateMos } from '../rtp/mos.ts';
import type { OutProgress } from '../rtp/OutStream.ts';
import { isRtcp } from '../rtp/packet.ts';
import { LegReceiver } from './LegReceiver.ts';
import { LegReports } from './LegReports.ts';
import { LegSender } from './LegSender.ts';
import { LegVoice } from './LegVoice.ts';
import { Outlet } from './Outlet.ts';
import { Seals, type SealProgress } from './Seals.ts';
import { Speaker } from './Speaker.ts';
import { LegUplink } from './LegUplink.ts';
import type { MixerTools } from './tools.ts';
import type { Zone } from './Zone.ts';

/** Ports of one leg. */
export interface LegLink {
  sendRtp(data: Buffer, to: SocketAddress): void;
  sendRtcp(data: Buffer, to: SocketAddress): void;
}

/** What a leg tells. */
export interface LegObserver {
  digit(digit: string): void;
  firstPacket(): void;
  silent(ms: number): void;
  level(level: number, speaking: boolean): void;
  said(token: number): void;
  digitsSent(token: number): void;
}

/** What another worker needs to go on with a leg. */
export interface LegProgress {
  readonly stream: OutProgress;
  readonly seals: SealProgress | undefined;
  readonly hasHeard: boolean;
}

const SILENT_MS = 2000;
const TICKS_PER_SECOND = 50;
const REPORT_TICKS = 250;
const MAX_PORT = 65_535;
/** Of the network and the other side, which are not known: added to what waits here, ms. */
const ASSUMED_DELAY_MS = 80;
/** While a prompt is said over the room, the room is this loud. */
const BEHIND = 0.25;

/** One phone. */
export class Leg {
  readonly id: string;
  readonly voice: LegVoice;
  readonly #tools: MixerTools;
  readonly #link: LegLink;
  readonly #observer: LegObserver;
  readonly #receiver: LegReceiver;
  readonly #sender: LegSender;
  readonly #reports: LegReports;
  readonly #speaker = new Speaker();
  readonly #own: Outlet;
  readonly #progress: LegProgress | undefined;
  #outlet: Outlet;
  /** Undefined where sound goes in the clear. */
  #seals: Seals | undefined;
  /** The last that were agreed on, which the next go on from. */
  #lastSeals: Seals | undefined;
  #sound: SettledSound | undefined;
  #zone: Zone | undefined;
  #uplink: LegUplink | undefined;
  #deaf = false;
  #hasHeard: boolean;
  #ticks: number;

  constructor(
    id: string,
    {
      tools,
      link,
      observer,
      progress,
    }: {
      tools: MixerTools;
      link: LegLink;
      observer: LegObserver;
      progress?: LegProgress | undefined;
    },
  ) {
    this.id = id;
    this.#tools = tools;
    this.#link = link;
    this.#observer = observer;
    this.#progress = progress;
    this.#hasHeard = progress?.hasHeard ?? false;
    this.#receiver = new LegReceiver({ opus: tools.opus, onDigit: (digit) => observer.digit(digit) });
    this.#sender = new LegSender(progress?.stream);
    this.#reports = new LegReports(id);
    this.#own = new Outlet(tools);
    this.#outlet = tools.hush;
    this.voice = new LegVoice((level, speaking) => observer.level(level, speaking));
    // Not all report at the same tick.
    this.#ticks = this.#sender.stream.ssrc % REPORT_TICKS;
  }

  get participantId(): string {
    return this.voice.participantId;
  }

  agree(sound: SettledSound, at: number): void {
    this.#sound = sound;
    this.#seals = sound.srtp && this.#sealsOf(sound.srtp);
    this.#receiver.agree(sound);
    this.#receiver.lastAt ??= at;
    this.#sender.agree(sound);
  }

  join(zone: Zone, { participantId, uplink }: { participantId: string; uplink: Uplink | undefined }): void {
    this.leave();
    this.voice.participantId = participantId;
    this.#zone = zone;
    const { opus, counters } = this.#tools;
    if (uplink) this.#uplink = new LegUplink(uplink, { opus, counters, cname: this.id });
    zone.add(this);
  }

  leave(): void {
    const [zone, uplink] = [this.#zone, this.#uplink];
    this.#zone = undefined;
    this.#uplink = undefined;
    if (uplink) zone?.send(uplink.close(), uplink.uplink);
    zone?.remove(this);
  }

  set muted(muted: boolean) {
    this.voice.muted = muted;
  }

  set deaf(deaf: boolean) {
    this.#deaf = deaf;
  }

  say(parts: readonly Int16Array[], options: SayOptions & { token: number }): void {
    this.#speaker.say(parts, options);
    if (!this.#speaker.isSpeaking) this.#observer.said(options.token);
  }

  stopSaying(): void {
    this.#speaker.stop();
  }

  sendDigits(digits: string, token: number): void {
    this.#sender.press(digits, () => this.#observer.digitsSent(token));
  }

  receive(data: Buffer, from: SocketAddress, at: number): void {
    this.#tools.counters.packetsIn += 1;
    if (isRtcp(data)) return this.receiveReport(data, from, at);
    const isTaken = this.#receiver.receive(data, { from, at, seals: this.#seals });
    if (!isTaken || this.#hasHeard) return;
    this.#hasHeard = true;
    this.#observer.firstPacket();
  }

  receiveReport(data: Buffer, { address }: SocketAddress, at: number): void {
    if (!this.#sound || !this.#receiver.latch.isHost(address)) return;
    const clear = this.#seals ? this.#seals.openRtcp(data) : data;
    if (!clear) return;
    this.#receiver.lastAt = at;
    this.#reports.receive(clear, { ssrc: this.#sender.stream.ssrc, at });
  }

  /** First half of a tick: what the phone says. */
  hear(now: number): void {
    const before = this.#receiver.decoded;
    // Who only sends holds the call: that is music, which nobody in the meeting is to hear.
    const hears = this.#sound?.direction === 'sendrecv';
    if (!hears) this.#receiver.skip(now);
    const frame = hears ? this.#receiver.pull(now) : undefined;
    this.voice.note(frame, { now, roomLevel: this.#zone?.level ?? -127 });
    this.#tools.counters.decoded += this.#receiver.decoded - before;
    if (frame?.kind === 'concealed') this.#tools.counters.concealed += 1;
  }

  /** Second half: what the phone hears, and what goes up. */
  speak(tick: number, now: number): void {
    this.#ticks += 1;
    this.#sendDown(tick);
    const { voice } = this;
    if (this.#uplink && this.#zone) {
      const samples = voice.isSpeaking ? voice.samples : undefined;
      for (const packet of this.#uplink.tick({ samples, muted: voice.muted }))
        this.#zone.send(packet, this.#uplink.uplink);
    }
    if (this.#ticks % TICKS_PER_SECOND === 0) this.#checkSilence(now);
    if (this.#ticks % REPORT_TICKS === 0) this.#report(now, false);
  }

  get statistics(): LegStatistics {
    const {
      received: packetsReceived,
      lost: packetsLost,
      refused,
      count,
      concealedMs,
      delayMs,
    } = this.#receiver;
    const codec = this.#sound?.codec;
    const { roundTripMs, remoteLoss } = this.#reports;
    const heardMs = (packetsReceived + packetsLost) * (this.#sound?.ptime ?? 20);
    const loss = heardMs > 0 ? Math.min(1, concealedMs / heardMs) : 0;
    const mosDelay = delayMs + ASSUMED_DELAY_MS + (roundTripMs ?? 0) / 2;
    return {
      ...{ codec, packetsReceived, packetsLost, packetsRefused: refused },
      ...{ packetsSent: this.#sender.stream.packets, jitterMs: count.jitterMs, concealedMs },
      ...{ maxLoss: count.maxFraction, remoteLoss, roundTripMs, bufferMs: delayMs },
      mos: codec && packetsReceived > 0 ? estimateMos({ codec, loss, delayMs: mosDelay }) : undefined,
    };
  }

  /** Says goodbye, unless another goes on with it. */
  close(now: number, isMoving = false): LegProgress {
    if (!isMoving) this.#report(now, true);
    this.leave();
    this.#receiver.close();
    this.#own.close();
    const { progress: stream } = this.#sender.stream;
    return { stream, seals: this.#lastSeals?.progress ?? this.#progress?.seals, hasHeard: this.#hasHeard };
  }

  #sealsOf(keys: NonNullable<SettledSound['srtp']>): Seals {
    const former = this.#lastSeals;
    const seals = new Seals(keys, former);
    if (!former && this.#progress?.seals) seals.resume(this.#progress.seals);
    this.#lastSeals = seals;
    return seals;
  }

  #sendDown(tick: number): void {
    const sound = this.#sound;
    const to = this.#receiver.latch.target;
    if (!sound) return;
    const outlet = this.#chooseOutlet(tick);
    if (outlet !== this.#outlet) {
      outlet.follow(this.#outlet, sound.codec);
      this.#outlet = outlet;
    }
    const { counters } = this.#tools;
    const packets = this.#sender.tick(() => {
      counters.framesDown += 1;
      return outlet.encode(sound.codec);
    });
    if (!to) return;
    for (const packet of packets) {
      this.#link.sendRtp(this.#seals ? this.#seals.sealRtp(packet) : packet, to);
      counters.packetsOut += 1;
    }
  }

  #chooseOutlet(tick: number): Outlet {
    const zone = this.#deaf ? undefined : this.#zone;
    if (this.#speaker.isSpeaking) {
      this.#own.begin(tick, (sum) => this.#sayInto(sum, zone));
      return this.#own;
    }
    if (!zone) {
      this.#tools.hush.begin(tick, (sum) => sum.fill(0));
      return this.#tools.hush;
    }
    const own = zone.partOf(this.participantId);
    if (!own) return zone.outlet;
    this.#own.begin(tick, (sum) => zone.fillWithout(sum, own));
    return this.#own;
  }

  #sayInto(sum: Int32Array, zone: Zone | undefined): void {
    sum.fill(0);
    if (zone && this.#speaker.over === 'room') {
      zone.fillWithout(sum, zone.partOf(this.participantId));
      for (let index = 0; index < sum.length; index += 1) sum[index] = Math.round((sum[index] ?? 0) * BEHIND);
    }
    const token = this.#speaker.addTo(sum);
    if (token !== undefined) this.#observer.said(token);
  }

  #checkSilence(now: number): void {
    const { lastAt } = this.#receiver;
    if (lastAt !== undefined && now - lastAt >= SILENT_MS) this.#observer.silent(Math.round(now - lastAt));
  }

  #report(at: number, goodbye: boolean): void {
    const to = this.#receiver.latch.target;
    const isMuxed = this.#sound?.rtcpMux === true;
    // There is no port above the last: such a phone has no reports.
    if (!this.#sound || !to || (!isMuxed && to.port >= MAX_PORT)) return;
    const { count } = this.#receiver;
    const report = this.#reports.write({ stream: this.#sender.stream, count, at, goodbye });
    const data = this.#seals ? this.#seals.sealRtcp(report) : report;
    if (isMuxed) this.#link.sendRtp(data, to);
    else this.#link.sendRtcp(data, { address: to.address, port: to.port + 1 });
  }
}
