/**
 * What call control sees of the sound of phones: mixes (zones) and the phones themselves (legs). Everything is done in worker threads; a zone
 * and the legs that hear it are always in the same one.
 */

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export type SoundCodec = 'PCMU' | 'PCMA' | 'G722' | 'opus';

export interface SoundFormat {
  readonly codec: SoundCodec;
  readonly payloadType: number;
}

/** What offer and answer have settled, as we see it. */
export interface SettledSound {
  /** Where the phone wants its sound. Address 0.0.0.0 or port 0: nowhere. */
  readonly remote: SocketAddress;
  /**
   * Nothing that arrives is heard unless it is `sendrecv`: what a phone sends while it holds the call (`recvonly`, as we see it) is music. `recvonly` and
   * `inactive`: no RTP is sent.
   */
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly codec: SoundCodec;
  readonly payloadType: number;
  /** What else the phone may send, and change to as it likes (RFC 3264, section 6.1): all that was agreed on besides `codec`, which is what it is sent. */
  readonly alsoTaken?: readonly SoundFormat[] | undefined;
  /** Payload type of keys (RFC 4733); undefined without. */
  readonly telephoneEvent: number | undefined;
  /** Keys of SDES: each is master key and salt. */
  readonly srtp: { readonly suite: string; readonly ours: Buffer; readonly theirs: Buffer } | undefined;
  /** Milliseconds in each packet that is sent: 10 to 60. Opus goes in 20 whatever is asked. */
  readonly ptime: number;
  /**
   * Whether the phone may be behind a translator of addresses: then sound goes back to where the first valid sound came from, which may be another port
   * of the same host after a hold. Otherwise nothing is taken that does not come from exactly `remote`.
   */
  readonly symmetric?: boolean;
  /**
   * Address (no port) that the signalling of the phone came from. Where it is given, `symmetric` believes sound without a seal only from there and from the
   * host of `remote`; without it, from any host that sends three packets in a row.
   */
  readonly signalledFrom?: string | undefined;
  /** Keys are looked for in the sound, too, until one comes as an event. */
  readonly tones?: boolean;
  /** RTCP where RTP is (RFC 5761). Otherwise one port higher, at both ends. */
  readonly rtcpMux?: boolean;
}

/** One source that the SFU sends into a zone. */
export interface ZoneTalker {
  readonly ssrc: number;
  /** Of Opus. */
  readonly payloadType: number;
  readonly participantId: string;
}

/** A producer of the SFU: where a leg's sound goes, always from the socket of its zone. */
export interface Uplink {
  readonly ip: string;
  readonly port: number;
  readonly ssrc: number;
  /** Of Opus. */
  readonly payloadType: number;
  /** Of ssrc-audio-level (RFC 6464), 1 to 14. */
  readonly audioLevelExtensionId: number;
}

export interface SoundEngine {
  /** A mix; with the SFU behind it, or just of the phones in it. */
  openZone(zoneId: string, options?: ZoneOptions): Promise<ZoneSound>;
  /** Takes an even port of the range, and the one above it. Rejects with MEDIA_UNAVAILABLE when none is left. */
  openLeg(legId: string, options?: LegOptions): Promise<LegSound>;
  /** Of all workers since they started. */
  counters(): Promise<MixerCounters>;
  close(): Promise<void>;
}

export interface ZoneOptions {
  /** Of ssrc-audio-level in what the SFU sends. 0: it has none, and all are taken to speak. */
  readonly audioLevelExtensionId?: number;
  /** Where the SFU sends from: nothing else is taken. Undefined: anything of a known SSRC. */
  readonly from?: { readonly ip: string; readonly port: number };
}

export interface LegOptions {
  /** Of its prompts; the engine's own otherwise. */
  readonly language?: string;
}

export interface ZoneSound {
  readonly zoneId: string;
  /** Where the SFU is to send its consumers to, and to expect uplinks from. */
  readonly receiveAt: { readonly ip: string; readonly port: number };
  /** All that the SFU sends into this zone from now on. Those of a leg that is in the zone itself are passed over: it is heard directly. */
  setTalkers(talkers: readonly ZoneTalker[]): void;
  /** See ZoneOptions.from, where it is known only later. */
  setSource(from: { readonly ip: string; readonly port: number }): void;
  /** Its worker is gone, and the zone with it. */
  onLost(listener: () => void): void;
  /** Legs that are in it have left. */
  close(): void;
}

export interface LegEvents {
  /** A key: by RFC 4733, or as tones where they are looked for. */
  digit: [event: { digit: string }];
  /** The first sound came. */
  firstPacket: [];
  /** Each second once neither RTP nor RTCP came for two: how long, ms. Counts from the first agreement on. */
  silent: [event: { ms: number }];
  /** Whether the phone speaks, and how loud, dBov (0 down to -127): on each change, and each second while it speaks. */
  level: [event: { level: number; speaking: boolean }];
  /** Its worker died: there will be no sound any more. */
  lost: [];
}

export interface LegSound {
  readonly legId: string;
  /** Even; RTCP is one higher. */
  readonly port: number;
  on<K extends keyof LegEvents>(event: K, listener: (...args: LegEvents[K]) => void): this;
  off<K extends keyof LegEvents>(event: K, listener: (...args: LegEvents[K]) => void): this;
  /** After each offer and answer. The same once more changes nothing. */
  agree(sound: SettledSound): void;
  /** Hears the zone without itself from now on. From another zone it moves. */
  join(zoneId: string, member: { participantId: string; uplink: Uplink | undefined }): void;
  /** Hears nothing but prompts; nothing goes up. */
  leave(): void;
  /** Nobody hears it, and nothing of it is encoded. It hears as before. */
  setMuted(muted: boolean): void;
  /** It hears prompts only. */
  setDeaf(deaf: boolean): void;
  /**
   * Plays prompts one after the other, to this leg only. Resolves when they are through, were stopped, or others took their place; with `loop`, only then.
   * `over`: `alone` (usual) without the room, `room` with the room behind it, quieter. Names that there are not are passed over.
   */
  say(prompts: readonly string[], options?: SayOptions): Promise<void>;
  stopSaying(): void;
  /** As telephone events, once a payload type for them is agreed. Resolves when all are sent; rejects with WRONG_STATE where there is no such type. */
  sendDigits(digits: string): Promise<void>;
  statistics(): Promise<LegStatistics>;
  /** Frees the ports. Idempotent. */
  close(): Promise<LegStatistics>;
}

export interface SayOptions {
  readonly loop?: boolean;
  readonly over?: 'alone' | 'room';
  readonly language?: string;
}

export interface LegStatistics {
  readonly codec: SoundCodec | undefined;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Of what was expected by the sequence numbers. */
  readonly packetsLost: number;
  /** From sources that it was not agreed upon with, of a wrong kind, or with a broken seal. */
  readonly packetsRefused: number;
  /** Interarrival jitter (RFC 3550, section 6.4.1), ms. */
  readonly jitterMs: number;
  /** Sound that had to be made up, ms. */
  readonly concealedMs: number;
  /** Highest share of loss in any five seconds, 0 to 1. */
  readonly maxLoss: number;
  /** What the other side's reports say of our packets, 0 to 1; undefined without reports. */
  readonly remoteLoss: number | undefined;
  /** By RTCP; undefined where the other side sends none. */
  readonly roundTripMs: number | undefined;
  /** How long sound waits in the jitter buffer, ms. */
  readonly bufferMs: number;
  /** Estimate of the mean opinion score, 1 to 4.5 (ITU-T G.107); undefined where nothing came. */
  readonly mos: number | undefined;
}

/** What the mixers have done. */
export interface MixerCounters {
  readonly ticks: number;
  /** Ticks that began more than 20 ms late. */
  readonly lateTicks: number;
  /** How often the clock had to be set anew, because more than three ticks were missed. */
  readonly tickResets: number;
  /** Milliseconds of work. */
  readonly workMs: number;
  readonly decoded: number;
  /** Frames that phones were sent, and how often something had to be encoded for them: once for each distinct mix and codec. */
  readonly framesDown: number;
  readonly encodedDown: number;
  readonly encodedUp: number;
  /** Frames of legs that were silent or muted, for which nothing was encoded upwards. */
  readonly silentUp: number;
  readonly concealed: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
}
