/** What of a session description (RFC 8866) matters here, told apart from the syntax. */
import type { DtlsParameters } from '@parley/protocol';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export type MediaKind = 'audio' | 'video';
/** Who opens DTLS (RFC 8842): `active` does, `passive` waits. */
export type Setup = 'actpass' | 'active' | 'passive';

export interface SdpCodec {
  payloadType: number;
  /** Such as video/VP8; upper and lower case as they were written. */
  mimeType: string;
  clockRate: number;
  channels?: number;
  /** From `a=fmtp`. What looks like a whole number is one, but for profiles of H.264. */
  parameters: Record<string, string | number>;
  rtcpFeedback: { type: string; parameter?: string }[];
}

export interface SdpExtension {
  id: number;
  uri: string;
}

/** One stream that is announced by its SSRC, with that of its retransmissions (RFC 5576 and RFC 4588). */
export interface SdpStream {
  ssrc: number;
  rtxSsrc?: number;
}

/** One `m=` section of audio or video. */
export interface SdpSection {
  mid: string;
  kind: MediaKind;
  direction: Direction;
  /** In the order of preference of whoever wrote it. Retransmission formats (rtx) are among them. */
  codecs: SdpCodec[];
  extensions: SdpExtension[];
  streams: SdpStream[];
  cname?: string;
  /** What is sent at once in several qualities (RFC 8853), as it was listed; empty without simulcast. */
  rids: { rid: string; parameters: Record<string, string | number> }[];
  reducedSizeRtcp: boolean;
  msid?: string;
}

/** An offer or an answer that keeps the rules of WHIP (RFC 9725 section 4.4): one bundle, one transport. */
export interface SdpDescription {
  usernameFragment: string;
  password: string;
  setup: Setup;
  fingerprints: DtlsParameters['fingerprints'];
  sections: SdpSection[];
}
