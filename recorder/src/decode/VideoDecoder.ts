import type { Picture, TileSize } from '../room/ProgramInput.ts';
import type { EncodedFrame, VideoCodec } from '../rtp/EncodedFrame.ts';
import { ivfFrameHeader, ivfHeader } from './ivf.ts';
import { PictureProcess } from './PictureProcess.ts';
import { videoArguments } from './videoArguments.ts';

export interface VideoDecoderOptions {
  ffmpeg: string;
  codec: VideoCodec;
  tile: TileSize;
  /** Of the first frame; it may change. */
  rotation: EncodedFrame['rotation'];
  /** Pictures a second, at most; about. */
  maxFrameRate: number;
  onPicture(picture: Picture): void;
  /** Nothing can be decoded before the next key frame: it is to be asked for. */
  needKeyFrame(): void;
  /** ffmpeg ended by itself, and is started anew. */
  onCrash(reason: string): void;
}

interface Fed {
  readonly pts: number;
  readonly capturedAt: number;
  readonly fedAt: number;
}

/** What has waited longer than this for its picture is late: the decoder does not keep up, or gets nowhere, ms. */
const MAX_LAG_MS = 500;
/** The first picture may take longer: ffmpeg has to be loaded, ms. */
const MAX_START_MS = 3_000;
/** How soon it is started anew after it ended, ms; twice as long each time it did not even give a picture. */
const RESTART_MS = 20;
const MAX_RESTART_MS = 5_000;
/** Between frames at 30 a second, of a clock of 90 kHz. */
const USUAL_TICKS = 3_000;
/** Frames are not waited for longer than so many. */
const MAX_FED = 300;

/**
 * Decodes one video publication, and scales it to its tile. Size and layer of what comes may change at any time. A new tile
 * starts a decoder of its own, which begins at the next key frame; until then the former one goes on.
 *
 * From the last packet of a frame to its picture it takes 1 to 2 ms for a tile of 320x180, and 7 ms for one of 1280x720, on a
 * machine that is not busy (VP8 of 640x360; VP9, H264 and AV1 2 to 4 ms). A stream of 640x360 at 30 a second costs 2 % of a core
 * in ffmpeg, and 2 % here.
 */
export class VideoDecoder {
  readonly #options: VideoDecoderOptions;
  #tile: TileSize;
  #rotation: EncodedFrame['rotation'];
  #current: Run | undefined;
  #next: Run | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #restartDelay = RESTART_MS;
  #closed = false;

  constructor(options: VideoDecoderOptions) {
    this.#options = options;
    this.#tile = options.tile;
    this.#rotation = options.rotation;
    this.#current = this.#start();
  }

  get tile(): TileSize {
    return this.#tile;
  }

  /** Process ids of what runs now. */
  get pids(): number[] {
    return [this.#current?.pid, this.#next?.pid].filter((pid) => pid !== undefined);
  }

  setTile(tile: TileSize): void {
    const { width, height, fit } = this.#tile;
    if (this.#closed || (width === tile.width && height === tile.height && fit === tile.fit)) return;
    this.#tile = tile;
    this.#replace();
  }

  push(frame: EncodedFrame): void {
    if (frame.rotation !== this.#rotation) {
      this.#rotation = frame.rotation;
      this.#replace();
    }
    this.#current?.push(frame);
    this.#next?.push(frame);
  }

  /** What follows does not go on from what was before: nothing is decoded until the next key frame. */
  expectKeyFrame(): void {
    this.#current?.expectKeyFrame();
    this.#next?.expectKeyFrame();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#restartTimer);
    this.#current?.close();
    this.#next?.close();
    this.#current = this.#next = undefined;
  }

  #replace(): void {
    this.#next?.close();
    this.#next = this.#start();
    this.#options.needKeyFrame();
  }

  #start(): Run {
    const tile = { ...this.#tile, rotation: this.#rotation };
    const run: Run = new Run(this.#options, tile, {
      picture: (picture) => this.#handlePicture(run, picture),
      exit: (reason) => this.#handleExit(run, reason),
    });
    return run;
  }

  #handlePicture(run: Run, picture: Picture): void {
    this.#restartDelay = RESTART_MS;
    if (run === this.#next) {
      this.#current?.close();
      this.#current = run;
      this.#next = undefined;
    }
    this.#options.onPicture(picture);
  }

  #handleExit(run: Run, reason: string): void {
    if (run === this.#next) this.#next = undefined;
    else if (run === this.#current) this.#current = undefined;
    else return;
    this.#options.onCrash(reason);
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => this.#restart(), this.#restartDelay);
    this.#restartDelay = Math.min(MAX_RESTART_MS, this.#restartDelay * 2);
  }

  #restart(): void {
    if (this.#closed) return;
    if (this.#current) this.#next ??= this.#start();
    else {
      this.#current = this.#next ?? this.#start();
      this.#next = undefined;
    }
    this.#options.needKeyFrame();
  }
}

type TurnedTile = TileSize & Pick<EncodedFrame, 'rotation'>;

/** One ffmpeg, from its first key frame on. */
class Run {
  readonly #options: VideoDecoderOptions;
  readonly #tile: TurnedTile;
  readonly #process: PictureProcess;
  readonly #onPicture: (picture: Picture) => void;
  #fed: Fed[] = [];
  #origin: number | undefined;
  #lastPts = -1;
  #needsKeyFrame = true;
  #hasShown = false;

  constructor(
    options: VideoDecoderOptions,
    tile: TurnedTile,
    listener: { picture(picture: Picture): void; exit(reason: string): void },
  ) {
    this.#options = options;
    this.#tile = tile;
    this.#onPicture = listener.picture;
    this.#process = new PictureProcess({
      ffmpeg: options.ffmpeg,
      args: videoArguments(options.codec, tile, {
        maxFrameRate: options.maxFrameRate,
        rotation: tile.rotation,
      }),
      pictureBytes: (tile.width * tile.height * 3) / 2,
      onPicture: (data, timestamp) => this.#handlePicture(data, timestamp),
      onExit: listener.exit,
    });
    this.#process.write(ivfHeader(options.codec));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  push(frame: EncodedFrame): void {
    const now = performance.now();
    if (!this.#needsKeyFrame && this.#isLate(now)) {
      this.expectKeyFrame();
      this.#options.needKeyFrame();
    }
    if (this.#needsKeyFrame && !this.#mayBegin(frame)) return;
    this.#feed(frame, now);
  }

  expectKeyFrame(): void {
    this.#needsKeyFrame = true;
  }

  close(): void {
    this.#process.close();
  }

  /** A key frame, once what was before has gone in. */
  #mayBegin({ keyFrame }: EncodedFrame): boolean {
    if (!keyFrame) return false;
    if (this.#process.backlog > 0) {
      this.#options.needKeyFrame();
      return false;
    }
    this.#needsKeyFrame = false;
    this.#fed = [];
    return true;
  }

  #isLate(now: number): boolean {
    const [oldest] = this.#fed;
    return oldest !== undefined && now - oldest.fedAt > (this.#hasShown ? MAX_LAG_MS : MAX_START_MS);
  }

  #feed({ data, rtpTimestamp, capturedAt }: EncodedFrame, now: number): void {
    this.#origin ??= rtpTimestamp;
    // A sender that begins anew may go back; for the decoder time only goes on.
    if (rtpTimestamp - this.#origin <= this.#lastPts)
      this.#origin = rtpTimestamp - this.#lastPts - USUAL_TICKS;
    const pts = rtpTimestamp - this.#origin;
    this.#lastPts = pts;
    this.#fed.push({ pts, capturedAt, fedAt: now });
    if (this.#fed.length > MAX_FED) this.#fed.shift();
    this.#process.write(ivfFrameHeader(data.length, pts), data);
  }

  #handlePicture(data: Buffer, timestamp: number): void {
    this.#hasShown = true;
    const { width, height } = this.#tile;
    const index = this.#fed.findIndex(({ pts }) => pts === timestamp);
    const fed = this.#fed[index];
    // Frames before it gave no picture: there were too many, or they could not be decoded.
    this.#fed.splice(0, index + 1);
    if (!fed) return;
    this.#onPicture({ width, height, data, capturedAt: fed.capturedAt, decodedAt: performance.now() });
  }
}
