/** Codecs that a room can carry, by their names in MIME types. */
export type VideoCodec = 'VP8' | 'VP9' | 'H264' | 'AV1';
export type AudioCodec = 'opus';

/** One picture or one piece of sound as its sender encoded it, complete and in order. */
export interface EncodedFrame {
  /**
   * VP8, VP9: one frame (VP9 with spatial layers: a superframe). H264: an access unit in Annex B, start codes of four bytes,
   * parameter sets before a key frame. AV1: a temporal unit with sizes in its OBUs and no temporal delimiter. Opus: a packet.
   */
  readonly data: Buffer;
  /** Of the sender's media clock (90 kHz for video, 48 kHz for Opus); unwrapped, so that it never jumps back to 0. */
  readonly rtpTimestamp: number;
  /** Can be decoded without what was before. Always true for audio. */
  readonly keyFrame: boolean;
  /** When its last packet arrived, ms of `performance.now()`. */
  readonly arrivedAt: number;
  /**
   * When it was taken, ms of `performance.now()` here: what sender reports (RFC 3550 section 6.4.1) say, so that sound and
   * pictures of one participant fit together. Before the first report, what came quickest is taken as having come at once.
   */
  readonly capturedAt: number;
  /** By how much it has to be turned clockwise to be upright, degrees: phones send what they see as they are held. */
  readonly rotation: 0 | 90 | 180 | 270;
}
