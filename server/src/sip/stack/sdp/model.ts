/** Which way sound goes, as the one sees it who wrote the description (RFC 4566, section 6). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export type CodecName = 'PCMU' | 'PCMA' | 'G722' | 'opus';

export interface AudioFormat {
  readonly payloadType: number;
  readonly name: CodecName;
}

/** A key of SDES (RFC 4568): `master` is key and salt. */
export interface CryptoLine {
  readonly tag: number;
  readonly suite: string;
  readonly master: Buffer;
}

/** The one sound of a description. */
export interface AudioDescription {
  /** Where it is received. 0.0.0.0, or port 0, for nowhere. */
  readonly address: string;
  readonly port: number;
  readonly direction: Direction;
  /** `RTP/AVP`, `RTP/SAVP`, or with F behind it. */
  readonly profile: string;
  /** Those that are spoken here, best first. */
  readonly formats: readonly AudioFormat[];
  /** Payload type of telephone-event (RFC 4733); undefined without. */
  readonly telephoneEvent: number | undefined;
  readonly crypto: readonly CryptoLine[];
  /** Milliseconds in a packet. */
  readonly ptime: number;
}

/** An m-line; `isAudio`: that of the sound that is spoken. */
export interface MediaLine {
  readonly kind: string;
  readonly profile: string;
  readonly formats: string;
  readonly isAudio: boolean;
}

/** A description as it came. */
export interface RemoteDescription {
  /** undefined where there is no sound that could be spoken. */
  readonly audio: AudioDescription | undefined;
  /** All its m-lines, in order: an answer has as many (RFC 3264, section 6). */
  readonly lines: readonly MediaLine[];
}

const OPPOSITE: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

/** The direction with which one answers where one would like `wanted` (RFC 3264, section 6.1). */
export function answerDirection(offered: Direction, wanted: Direction): Direction {
  const theirs = OPPOSITE[offered];
  const sends = theirs.includes('send') && wanted.includes('send');
  const receives = /recv/.test(theirs) && /recv/.test(wanted);
  return sends ? (receives ? 'sendrecv' : 'sendonly') : receives ? 'recvonly' : 'inactive';
}
