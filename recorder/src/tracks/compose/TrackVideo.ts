import { EventEmitter } from 'node:events';
import type { Size } from '../../program/tiles.ts';
import type { Picture, TileSize, VideoInput, VideoInputEvents } from '../../room/ProgramInput.ts';
import type { VideoCodec } from '../../rtp/EncodedFrame.ts';
import { annexB } from '../codecPrivate.ts';
import { pictureSize } from '../pictureSize.ts';
import { DecodeStage, ScaleStage, type RawPicture } from './PictureStage.ts';
import type { TrackPacket, TrackReader } from './TrackReader.ts';

/** How far ahead of what is shown it is decoded, ms. */
const AHEAD_MS = 300;

export interface TrackVideoOptions {
  readonly file: string;
  readonly source: 'camera' | 'screen';
  readonly codec: string;
  readonly reader: TrackReader;
  readonly ffmpeg: string;
  /** Of the programme: pictures are not decoded larger than that. */
  readonly most: Size;
  /** When its first picture is to be seen, ms of the programme. */
  readonly startsAt: number;
}

/**
 * A camera or screen of a track file. It is decoded once, whatever becomes of its tile: key frames may be minutes apart. What
 * is not in sight is not decoded, but made up for when it comes in sight.
 */
export class TrackVideo extends EventEmitter<VideoInputEvents> implements VideoInput {
  readonly publicationId: string;
  readonly source: 'camera' | 'screen';
  muted = false;
  picture: Picture | undefined;
  readonly #options: TrackVideoOptions;
  #tile: TileSize | null = null;
  #packets: AsyncGenerator<TrackPacket> | undefined;
  #next: TrackPacket | undefined;
  /** Where it was decoded until, and the newest of that which is due; ms of the track. */
  #position = -Infinity;
  #due = -Infinity;
  /** What was pushed and is not due yet. */
  readonly #ahead: number[] = [];
  #decoder: DecodeStage | undefined;
  #scaler: ScaleStage | undefined;
  #raw: RawPicture | undefined;
  #rawSize: Size | undefined;
  #wasHidden = true;

  constructor(options: TrackVideoOptions) {
    super();
    this.#options = options;
    this.publicationId = options.file;
    this.source = options.source;
  }

  show(tile: TileSize | null): void {
    this.#tile = tile;
    if (tile === null) this.#wasHidden = true;
  }

  receiveFrames(): () => void {
    return () => undefined;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    if (muted) this.picture = undefined;
  }

  /** Has the picture that is to be seen at `now`, ms of the programme. */
  async advance(now: number): Promise<void> {
    const tile = this.#tile;
    if (!tile || this.muted) return;
    const at = now - this.#options.startsAt;
    if (this.#wasHidden) await this.#seek(at);
    this.#wasHidden = false;
    await this.#decodeUntil(at);
    const newer = this.#decoder?.takeUntil(at);
    if (newer) this.#keep(newer);
    if (this.#raw && (newer || !this.#fits(tile))) await this.#scale(this.#raw, tile);
  }

  async close(): Promise<void> {
    this.#decoder?.close();
    this.#scaler?.close();
    await this.#packets?.return(undefined);
    await this.#options.reader.close();
  }

  /** Goes on at the last key frame where that is farther on. */
  async #seek(at: number): Promise<void> {
    const key = await this.#options.reader.keyBefore(at);
    if (this.#packets && (key === undefined || key <= this.#position)) return;
    await this.#packets?.return(undefined);
    this.#decoder?.close();
    this.#decoder = undefined;
    this.#packets = this.#options.reader.from(at);
    await this.#read();
  }

  async #read(): Promise<void> {
    const result = await this.#packets?.next();
    this.#next = result && !result.done ? result.value : undefined;
  }

  async #decodeUntil(at: number): Promise<void> {
    while (this.#next && this.#next.at <= at + AHEAD_MS) {
      const packet = this.#next;
      // Another size, or another attempt: what is still in the decoder comes first.
      if (packet.keyFrame && !(await this.#mayGoOn(packet, at))) return;
      if (this.#decoder) this.#decoder.wantedFrom = at;
      this.#decoder?.push(this.#dataOf(packet), packet.at);
      this.#position = packet.at;
      if (packet.at <= at) this.#due = packet.at;
      else this.#ahead.push(packet.at);
      await this.#read();
    }
    while (this.#ahead[0] !== undefined && this.#ahead[0] <= at) this.#due = this.#ahead.shift() ?? this.#due;
    if (this.#next) await this.#decoder?.reached(this.#due);
    else await this.#decoder?.drain();
  }

  /** @returns false where the decoder there is has pictures that are to be seen before */
  async #mayGoOn(packet: TrackPacket, at: number): Promise<boolean> {
    const size = this.#sizeOf(packet.data);
    const isSame =
      this.#decoder && this.#decoder.size.width === size.width && this.#decoder.size.height === size.height;
    if (isSame && !this.#decoder?.isOver) return true;
    await this.#decoder?.drain();
    if (packet.at > at) return false;
    const newest = this.#decoder?.takeUntil(packet.at);
    if (newest) this.#keep(newest);
    this.#decoder?.close();
    const { ffmpeg, codec } = this.#options;
    this.#decoder = new DecodeStage({ ffmpeg, codec: codec as VideoCodec, size });
    this.#ahead.length = 0;
    return true;
  }

  #dataOf({ data }: TrackPacket): Buffer {
    return this.#options.codec === 'H264' ? annexB(data) : data;
  }

  /** As it was sent, or as large as the programme. */
  #sizeOf(keyFrame: Buffer): Size {
    const { codec, most } = this.#options;
    const { width, height } = pictureSize(codec, codec === 'H264' ? annexB(keyFrame) : keyFrame);
    const scale = Math.min(1, Math.max(most.width / width, most.height / height));
    const even = (length: number) => Math.max(2, 2 * Math.round((length * scale) / 2));
    return { width: even(width), height: even(height) };
  }

  #keep(raw: RawPicture): void {
    this.#raw = raw;
    this.#rawSize = this.#decoder?.size;
  }

  #fits({ width, height }: TileSize): boolean {
    return this.picture?.width === width && this.picture.height === height;
  }

  async #scale({ data, at }: RawPicture, tile: TileSize): Promise<void> {
    const from = this.#rawSize;
    if (!from) return;
    if (!this.#scaler || !isFor(this.#scaler, from, tile)) {
      this.#scaler?.close();
      this.#scaler = new ScaleStage({ ffmpeg: this.#options.ffmpeg, from, tile });
    }
    const scaled = await this.#scaler.scale(data);
    if (!scaled) {
      this.#scaler = undefined;
      return;
    }
    const capturedAt = at + this.#options.startsAt;
    const { width, height } = tile;
    this.picture = { width, height, data: scaled, capturedAt, decodedAt: capturedAt };
    this.emit('picture', this.picture);
  }
}

function isFor(scaler: ScaleStage, from: Size, { width, height, fit }: TileSize): boolean {
  const { tile } = scaler;
  const isFrom = scaler.from.width === from.width && scaler.from.height === from.height;
  return isFrom && tile.width === width && tile.height === height && tile.fit === fit;
}
