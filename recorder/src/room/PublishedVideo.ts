import { EventEmitter } from 'node:events';
import type { PublicationInfo } from '@parley/protocol';
import { VideoDecoder } from '../decode/VideoDecoder.ts';
import type { EncodedFrame, VideoCodec } from '../rtp/EncodedFrame.ts';
import type { Log } from './Log.ts';
import type { FrameListener, Picture, TileSize, VideoInput, VideoInputEvents } from './ProgramInput.ts';
import type { Wish } from './Reception.ts';

/** What a publication asks of what receives it. */
export interface Supply {
  readonly ffmpeg: string;
  /** Pictures a second that are wanted of each video. */
  readonly maxFrameRate: number;
  readonly log: Log;
  wish(publicationId: string, wish: Wish): void;
  requestKeyFrame(publicationId: string): void;
}

/** A camera or a screen of somebody in the room. */
export class PublishedVideo extends EventEmitter<VideoInputEvents> implements VideoInput {
  readonly publicationId: string;
  readonly source: 'camera' | 'screen';
  readonly #supply: Supply;
  readonly #frameListeners = new Set<FrameListener>();
  #muted: boolean;
  #tile: TileSize | null = null;
  #decoder: VideoDecoder | undefined;
  #codec: string | undefined;
  #picture: Picture | undefined;

  constructor(info: PublicationInfo, source: 'camera' | 'screen', supply: Supply) {
    super();
    this.publicationId = info.publicationId;
    this.source = source;
    this.#muted = info.muted;
    this.#supply = supply;
  }

  get muted(): boolean {
    return this.#muted;
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  /** Process ids of its decoders. */
  get decoderPids(): number[] {
    return this.#decoder?.pids ?? [];
  }

  show(tile: TileSize | null): void {
    if (isSame(tile, this.#tile)) return;
    this.#tile = tile;
    if (tile) this.#decoder?.setTile(tile);
    else this.#stopDecoding();
    this.#wish();
    if (tile && !this.#decoder) this.#supply.requestKeyFrame(this.publicationId);
  }

  receiveFrames(listener: FrameListener): () => void {
    this.#frameListeners.add(listener);
    this.#wish();
    this.#supply.requestKeyFrame(this.publicationId);
    return () => {
      if (this.#frameListeners.delete(listener)) this.#wish();
    };
  }

  setInfo({ muted }: PublicationInfo): void {
    if (muted === this.#muted) return;
    this.#muted = muted;
    // What was seen last is not what there will be to see.
    if (muted) this.#picture = undefined;
    this.emit('changed');
  }

  streamBegan(): void {
    this.#decoder?.expectKeyFrame();
  }

  handleFrame(frame: EncodedFrame, codec: string): void {
    for (const listener of this.#frameListeners) listener(frame, codec);
    if (!this.#tile) return;
    if (codec !== this.#codec) this.#stopDecoding();
    this.#codec = codec;
    this.#decoder ??= this.#startDecoding(codec as VideoCodec, this.#tile, frame.rotation);
    this.#decoder.push(frame);
  }

  close(): void {
    this.#tile = null;
    this.#stopDecoding();
    this.#frameListeners.clear();
  }

  #startDecoding(codec: VideoCodec, tile: TileSize, rotation: EncodedFrame['rotation']): VideoDecoder {
    const { ffmpeg, maxFrameRate, log } = this.#supply;
    const { publicationId } = this;
    return new VideoDecoder({
      ...{ ffmpeg, maxFrameRate, codec, tile, rotation },
      onPicture: (picture) => this.#handlePicture(picture),
      needKeyFrame: () => this.#supply.requestKeyFrame(publicationId),
      onCrash: (reason) => log.warn({ publicationId, codec, reason }, 'decoder ended, starting another'),
    });
  }

  #stopDecoding(): void {
    this.#decoder?.close();
    this.#decoder = undefined;
    this.#picture = undefined;
  }

  #handlePicture(picture: Picture): void {
    if (this.#muted) return;
    this.#picture = picture;
    this.emit('picture', picture);
  }

  #wish(): void {
    const isWhole = this.#frameListeners.size > 0;
    this.#supply.wish(this.publicationId, {
      wanted: isWhole || this.#tile !== null,
      ...(!isWhole && this.#tile && { size: this.#tile }),
    });
  }
}

const isSame = (a: TileSize | null, b: TileSize | null): boolean =>
  a === b || (a !== null && b !== null && a.width === b.width && a.height === b.height && a.fit === b.fit);
