import { PictureProcess } from '../../decode/PictureProcess.ts';
import { ivfFrameHeader, ivfHeader } from '../../decode/ivf.ts';
import { scaleArguments, videoArguments } from '../../decode/videoArguments.ts';
import type { Size } from '../../program/tiles.ts';
import type { TileSize } from '../../room/ProgramInput.ts';
import type { VideoCodec } from '../../rtp/EncodedFrame.ts';
import { Gate } from './Gate.ts';

/** An ffmpeg that gives nothing for so long has hung, ms. */
const PATIENCE_MS = 20_000;
/** Every picture of a track is wanted: they are at least so far apart. */
const MOST_A_SECOND = 1000;
const TICKS_PER_MS = 90;

export interface RawPicture {
  readonly data: Buffer;
  /** Since the beginning of the track, ms. */
  readonly at: number;
}

/** Decodes a track in one size, as fast as it can. */
export class DecodeStage {
  readonly size: Size;
  readonly #process: PictureProcess;
  readonly #gate = new Gate();
  /** Of the pictures until this time only the newest is wanted, ms of the track. */
  wantedFrom = -Infinity;
  #ready: RawPicture[] = [];
  #last = -Infinity;
  #isOver = false;

  constructor(o: { ffmpeg: string; codec: VideoCodec; size: Size }) {
    this.size = o.size;
    const tile = { ...o.size, fit: 'contain' } as const;
    this.#process = new PictureProcess({
      ffmpeg: o.ffmpeg,
      args: videoArguments(o.codec, tile, { maxFrameRate: MOST_A_SECOND, rotation: 0 }),
      pictureBytes: (o.size.width * o.size.height * 3) / 2,
      onPicture: (data, ticks) => this.#take({ data, at: ticks / TICKS_PER_MS }),
      onExit: () => this.#end(),
    });
    this.#process.write(ivfHeader(o.codec));
  }

  /** It takes nothing any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  push(data: Buffer, at: number): void {
    this.#process.write(ivfFrameHeader(data.length, Math.round(at * TICKS_PER_MS)), data);
  }

  /** Waits for the picture that was pushed with this time, or a later one. What gives no picture is not waited for for ever. */
  async reached(at: number): Promise<void> {
    const isReached = () => this.#isOver || this.#last >= at - 0.5;
    if (!(await this.#gate.until(isReached, PATIENCE_MS))) this.close();
  }

  /** The newest that is not after `at`; those before it are forgotten. */
  takeUntil(at: number): RawPicture | undefined {
    let newest: RawPicture | undefined;
    while (this.#ready[0] && this.#ready[0].at <= at + 0.5) newest = this.#ready.shift();
    return newest;
  }

  /** No more is pushed: waits for all. */
  async drain(): Promise<void> {
    this.#process.end();
    await this.reached(Infinity);
  }

  close(): void {
    this.#process.close();
    this.#end();
  }

  #take(picture: RawPicture): void {
    if (picture.at <= this.wantedFrom) this.#ready = [];
    this.#ready.push(picture);
    this.#last = picture.at;
    this.#gate.open();
  }

  #end(): void {
    this.#isOver = true;
    this.#gate.open();
  }
}

/** Scales pictures of one size to a tile. */
export class ScaleStage {
  readonly from: Size;
  readonly tile: TileSize;
  readonly #process: PictureProcess;
  readonly #gate = new Gate();
  #sent = 0;
  #result: { number: number; data: Buffer } | undefined;
  #isOver = false;

  constructor(o: { ffmpeg: string; from: Size; tile: TileSize }) {
    this.from = o.from;
    this.tile = o.tile;
    this.#process = new PictureProcess({
      ffmpeg: o.ffmpeg,
      args: scaleArguments(o.from, o.tile),
      pictureBytes: (o.tile.width * o.tile.height * 3) / 2,
      onPicture: (data, number) => {
        this.#result = { number, data };
        this.#gate.open();
      },
      onExit: () => {
        this.#isOver = true;
        this.#gate.open();
      },
    });
  }

  /** One after the other. @returns undefined where ffmpeg has ended */
  async scale(picture: Buffer): Promise<Buffer | undefined> {
    const number = this.#sent++;
    this.#process.write(picture);
    await this.#gate.until(() => this.#isOver || this.#result?.number === number, PATIENCE_MS);
    return this.#result?.number === number ? this.#result.data : undefined;
  }

  close(): void {
    this.#process.close();
  }
}
