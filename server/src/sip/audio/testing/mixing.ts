import { openDecoder, clockRateOf, type SoundDecoder } from '../codecs/SoundDecoder.ts';
import { openEncoder, type SoundEncoder } from '../codecs/SoundEncoder.ts';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import type { SettledSound, SocketAddress, SoundCodec, Uplink } from '../engine.ts';
import { levelOf } from '../dsp/units.ts';
import type { Leg, LegObserver } from '../mixer/Leg.ts';
import { Mixer } from '../mixer/Mixer.ts';
import type { Zone } from '../mixer/Zone.ts';
import { OutStream } from '../rtp/OutStream.ts';
import { isRtcp, readRtp, type RtpPacket } from '../rtp/packet.ts';
import { tone } from './tones.ts';

export const LEVEL_ID = 1;
const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8, G722: 9, opus: 111 } as const;

/** A mixer on a clock that is made up, with everything that is sent to and from it in reach. */
export class Studio {
  readonly mixer: Mixer;
  readonly opus: OpusCodec;
  now = 1000;
  /** What the SFU got, by port. */
  readonly upstream = new Map<number, RtpPacket[]>();
  readonly #everyTick: (() => void)[] = [];
  #phones = 0;

  constructor(opus: OpusCodec) {
    this.opus = opus;
    this.mixer = new Mixer(opus);
  }

  zone(id: string): Zone {
    const send = (data: Buffer, to: { port: number }) => {
      const packet = isRtcp(data) ? undefined : readRtp(data);
      const packets = this.upstream.get(to.port) ?? [];
      this.upstream.set(to.port, packets);
      if (packet) packets.push(packet);
    };
    return this.mixer.openZone(id, { link: { send }, audioLevelId: LEVEL_ID });
  }

  phone(codec: SoundCodec, hertz: number): StudioPhone {
    this.#phones += 1;
    const phone = new StudioPhone(this, { id: `leg-${this.#phones}`, codec, hertz });
    this.#everyTick.push(() => phone.speak());
    return phone;
  }

  talker(zone: Zone, options: { ssrc: number; hertz: number; peak?: number }): StudioTalker {
    const talker = new StudioTalker(this, zone, options);
    this.#everyTick.push(() => talker.speak());
    return talker;
  }

  run(seconds: number): void {
    for (let tick = 0; tick < seconds * 50; tick += 1) {
      for (const each of this.#everyTick) each();
      this.now += 20;
      this.mixer.tick(this.now);
    }
  }
}

export class StudioPhone {
  readonly leg: Leg;
  readonly codec: SoundCodec;
  readonly stream: OutStream;
  readonly events: string[] = [];
  readonly packets: RtpPacket[] = [];
  readonly reports: Buffer[] = [];
  readonly address: SocketAddress;
  hertz: number;
  /** A second tone beside it; 0: none. */
  hertzToo = 0;
  peak = 0.2;
  isSending = true;
  /** Where what it hears was sent. */
  sentTo: SocketAddress | undefined;
  readonly #studio: Studio;
  readonly #encoder: SoundEncoder;
  readonly #decoder: SoundDecoder;
  #heard: Int16Array[] = [];
  #spoken = 0;

  constructor(studio: Studio, { id, codec, hertz }: { id: string; codec: SoundCodec; hertz: number }) {
    this.#studio = studio;
    this.codec = codec;
    this.hertz = hertz;
    this.address = { address: '192.0.2.1', port: 20_000 + Number(id.slice(4)) * 2 };
    this.stream = new OutStream();
    this.#encoder = openEncoder(codec, studio.opus);
    this.#decoder = openDecoder(codec, studio.opus);
    const observer: LegObserver = {
      digit: (digit) => this.events.push(`digit ${digit}`),
      firstPacket: () => this.events.push('firstPacket'),
      silent: (ms) => this.events.push(`silent ${Math.floor(ms / 1000)}`),
      level: (_, speaking) => this.events.push(speaking ? 'speaks' : 'rests'),
      said: (token) => this.events.push(`said ${token}`),
      digitsSent: (token) => this.events.push(`sent ${token}`),
    };
    const link = {
      sendRtp: (data: Buffer, to: SocketAddress) => this.#hear(data, to),
      sendRtcp: (data: Buffer) => this.reports.push(data),
    };
    this.leg = studio.mixer.openLeg(id, { link, observer });
    this.leg.agree(this.sound(), studio.now);
  }

  sound(more: Partial<SettledSound> = {}): SettledSound {
    return {
      ...{ remote: this.address, direction: 'sendrecv', codec: this.codec, telephoneEvent: 101 },
      ...{ payloadType: PAYLOAD_TYPES[this.codec], srtp: undefined, ptime: 20, ...more },
    };
  }

  join(zone: Zone, participantId: string, uplinkPort?: number): void {
    const uplink: Uplink | undefined =
      uplinkPort === undefined
        ? undefined
        : { ip: '127.0.0.1', port: uplinkPort, ssrc: uplinkPort, payloadType: 100, audioLevelExtensionId: 5 };
    this.leg.join(zone, { participantId, uplink });
  }

  speak(): void {
    const samples = tone(this.hertz, { from: this.#spoken * 320, peak: this.hertz === 0 ? 0 : this.peak });
    const other = tone(this.hertzToo, {
      from: this.#spoken * 320,
      peak: this.hertzToo === 0 ? 0 : this.peak,
    });
    other.forEach((sample, index) => (samples[index] = (samples[index] ?? 0) + sample));
    this.#spoken += 1;
    if (this.isSending) this.send(this.#encoder.encode(samples), PAYLOAD_TYPES[this.codec]);
    this.stream.advance(clockRateOf(this.codec) / 50);
  }

  send(payload: Buffer, payloadType: number, from: SocketAddress = this.address): void {
    this.leg.receive(this.stream.write({ payloadType, marker: false, payload }), from, this.#studio.now + 5);
  }

  /** The newest half second. */
  heard(): Int16Array {
    return Int16Array.from(this.#heard.slice(-25).flatMap((part) => [...part]));
  }

  #hear(data: Buffer, to: SocketAddress): void {
    this.sentTo = to;
    const packet = isRtcp(data) ? undefined : readRtp(data);
    if (!packet) return;
    this.packets.push(packet);
    if (packet.payloadType !== PAYLOAD_TYPES[this.codec]) return;
    this.#heard.push(this.#decoder.decode(packet.payload));
    if (this.#heard.length > 50) this.#heard.shift();
  }
}

/** Somebody in a browser, as the SFU sends them. */
export class StudioTalker {
  hertz: number;
  peak: number;
  isSending = true;
  readonly #studio: Studio;
  readonly #zone: Zone;
  readonly #stream: OutStream;
  readonly #encoder: SoundEncoder;
  #spoken = 0;

  constructor(
    studio: Studio,
    zone: Zone,
    { ssrc, hertz, peak = 0.2 }: { ssrc: number; hertz: number; peak?: number },
  ) {
    this.#studio = studio;
    this.#zone = zone;
    this.hertz = hertz;
    this.peak = peak;
    this.#stream = new OutStream({ ssrc });
    this.#encoder = openEncoder('opus', studio.opus);
  }

  speak(): void {
    const samples = tone(this.hertz, { from: this.#spoken * 320, peak: this.hertz === 0 ? 0 : this.peak });
    this.#spoken += 1;
    this.#stream.advance(960);
    if (!this.isSending) return;
    const payload = this.#encoder.encode(samples);
    const audioLevel = { id: LEVEL_ID, level: levelOf(samples), voice: true };
    const data = this.#stream.write({ payloadType: 111, marker: false, payload, audioLevel });
    this.#zone.receive(data, { address: '127.0.0.1', port: 40_000 }, this.#studio.now + 5);
  }
}
