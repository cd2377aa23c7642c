/**
 * What a program is made of: the people in a room, with what they show and say, decoded. The compositor sees a room through
 * these interfaces only; `RoomClient` implements them by a real room, tests by colours and tones.
 *
 * All times are ms of `performance.now()` in this process.
 */
import type { LeaveReason, ParticipantKind, Role } from '@parley/protocol';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';

/** Something that tells of changes. Events state facts; what is true now is asked of the object. */
export interface Telling<Events extends Record<keyof Events, unknown[]>> {
  on<K extends keyof Events & string>(event: K, listener: (...args: Events[K]) => void): unknown;
  off<K extends keyof Events & string>(event: K, listener: (...args: Events[K]) => void): unknown;
}

/** The size in which a video is shown, and how it fills that. */
export interface TileSize {
  /** Pixels, even. */
  readonly width: number;
  readonly height: number;
  /** `contain` shows all of it with black beside it, `cover` fills the tile and cuts off what is too much. */
  readonly fit: 'contain' | 'cover';
}

/** A decoded picture, in the size of the tile that was asked for when it was decoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /**
   * I420 (yuv420p) in the colours that its sender chose: width*height bytes of Y, then U and V of width/2*height/2 each, without padding. Not
   * changed after it was handed over, and never used again for another picture: keep it as long as you like.
   */
  readonly data: Buffer;
  /** When it was taken; comparable with `AudioBlock.capturedAt` of the same participant. */
  readonly capturedAt: number;
  /** When it was decoded. */
  readonly decodedAt: number;
}

/** Decoded sound: 48 kHz, stereo, 20 ms as a rule. */
export interface AudioBlock {
  /** Left and right in turn, -1 to 1. Not used again for another block. */
  readonly samples: Float32Array;
  /** When its first sample was taken. Between blocks it may jump: nothing is sent while somebody is silent (DTX) or muted. */
  readonly capturedAt: number;
}

export interface VideoInputEvents {
  /** There is a newer `picture`. */
  picture: [Picture];
  /** `muted` is another. */
  changed: [];
}

/** A camera or a screen. The same object for as long as it is published, whatever becomes of its connection. */
export interface VideoInput extends Telling<VideoInputEvents> {
  readonly publicationId: string;
  readonly source: 'camera' | 'screen';
  /** Nothing is sent, and there is no `picture`. */
  readonly muted: boolean;
  /**
   * The newest picture; undefined before the first, while muted and while shown nowhere. It keeps its size until one of the
   * tile's new size comes.
   */
  readonly picture: Picture | undefined;
  /**
   * Shows it in a tile from now on, or nowhere (null, as at first): only what is shown is received and decoded, in the layer
   * that fits. Cheap when nothing changes.
   */
  show(tile: TileSize | null): void;
  /**
   * Hands over what is sent without decoding it, at full size, from the next key frame on.
   * @returns what ends it
   */
  receiveFrames(listener: FrameListener): () => void;
}

/** A microphone, or the sound of a screen. The same object for as long as it is published. */
export interface AudioInput extends Telling<{ changed: [] }> {
  readonly publicationId: string;
  readonly source: 'microphone' | 'screenAudio';
  readonly muted: boolean;
  /**
   * Hands over decoded sound, in order; only while somebody listens is it received and decoded.
   * @returns what ends it
   */
  listen(listener: (block: AudioBlock) => void): () => void;
  /** Hands over what is sent without decoding it. @returns what ends it */
  receiveFrames(listener: FrameListener): () => void;
}

/** `codec` is the name in the MIME type: `VP8`, `VP9`, `H264`, `AV1`, `opus`. */
export type FrameListener = (frame: EncodedFrame, codec: string) => void;

/** Somebody in the room. A new object in `participants` whenever something of it changes; the inputs stay the same. */
export interface ProgramParticipant {
  readonly participantId: string;
  readonly identity: string;
  readonly displayName: string;
  readonly kind: ParticipantKind;
  readonly role: Role;
  /** Milliseconds since the epoch. */
  readonly joinedAt: number;
  /** Their connection is interrupted for the moment. */
  readonly interrupted: boolean;
  /** Milliseconds since the epoch; null while the hand is down. */
  readonly raisedHandAt: number | null;
  readonly camera?: VideoInput;
  readonly screen?: VideoInput;
  readonly microphone?: AudioInput;
  readonly screenAudio?: AudioInput;
}

/** How loud somebody speaks, in dBov, -127 to 0 (RFC 6464). */
export type SpeakingLevels = ReadonlyMap<string, number>;

export interface ProgramInputEvents {
  /** Somebody came or went, or has another name, mute, camera...; or the place or spotlight is another. */
  changed: [];
  /** `levels` or `dominant` is another; some times a second while people speak. */
  speakers: [];
  /** `connection` is another. */
  connection: [];
  /** The recorder is out of the room for good; always the last event. */
  ended: [ProgramEnd];
}

export interface ProgramEnd {
  /** As the server gave it; or it refused to have the recorder back, or could not be reached. */
  readonly reason: LeaveReason | 'refused' | 'unreachable';
  readonly message: string;
}

export interface ProgramInput extends Telling<ProgramInputEvents> {
  /**
   * Who is in this place, in the order in which they came. Recorders are left out, and all who do not agree to be recorded,
   * where that is asked: nothing in here is of them.
   */
  readonly participants: readonly ProgramParticipant[];
  /** Who speaks now, by participantId; who is silent is missing. */
  readonly levels: SpeakingLevels;
  /** participantId of who has the floor; the last one who spoke stays it. */
  readonly dominant: string | null;
  /** participantIds that hosts want shown large, in this order. */
  readonly spotlight: readonly string[];
  /** Title of the room for people. */
  readonly title: string;
  /** The breakout room; null is the main room. */
  readonly breakoutId: string | null;
  /** `interrupted` while the way to the server is sought anew: pictures stand still, participants stay. */
  readonly connection: 'connected' | 'interrupted' | 'ended';
}
