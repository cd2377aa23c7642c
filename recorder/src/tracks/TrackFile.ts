import { join } from 'node:path';
import { element, ID, unsigned } from '../encode/matroska.ts';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';
import { growingName } from '../sinks/partNames.ts';
import { GrowingFile, type VaultKey } from '../vault/index.ts';
import { lengthPrefixed } from './codecPrivate.ts';
import { trackHeader } from './trackHeader.ts';

/** So much is lost at most when everything dies, ms. */
const CLUSTER_MS = 1000;
/** 20 ms of silence (RFC 6716): what was not sent is filled with it, so that times in the file are right for everybody. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const PACKET_MS = 20;
/** Between packets of one who speaks it is never so long. */
const GAP_MS = 60;
/** More than this is left as a gap: nobody was there. */
const MOST_FILLED_MS = 4 * 3_600_000;

export interface TrackPlace {
  readonly folder: string;
  readonly file: string;
  readonly key: VaultKey | null;
  readonly codec: string;
}

/** What somebody sent, as it was sent, in a file that may be cut anywhere. */
export class TrackFile {
  readonly #file: GrowingFile;
  readonly #codec: string;
  #blocks: Buffer[] = [];
  #clusterAt = 0;
  #last = -1;

  private constructor(file: GrowingFile, codec: string) {
    this.#file = file;
    this.#codec = codec;
  }

  /** @param first the frame that is written next, a key frame @throws {VaultError} */
  static async create({ folder, file, key, codec }: TrackPlace, first: EncodedFrame): Promise<TrackFile> {
    const growing = await GrowingFile.create(join(folder, growingName(file)), { key });
    growing.append(trackHeader(codec, first.data));
    return new TrackFile(growing, codec);
  }

  get bytes(): number {
    return this.#file.size;
  }

  /** Until the last frame begins, ms. */
  get durationMs(): number {
    return Math.max(0, this.#last);
  }

  /** @param at ms since the beginning of the file @throws {VaultError} */
  async write(frame: EncodedFrame, at: number): Promise<void> {
    const time = Math.max(Math.round(at), this.#last + 1, 0);
    if (this.#codec === 'opus') this.#fillGap(time);
    const data = this.#codec === 'H264' ? lengthPrefixed(frame.data) : frame.data;
    this.#add(data, { time, keyFrame: frame.keyFrame });
    if (time - this.#clusterAt >= CLUSTER_MS) await this.flush();
  }

  async flush(): Promise<void> {
    this.#endCluster();
    await this.#file.flush();
  }

  async close(): Promise<void> {
    this.#endCluster();
    await this.#file.close();
  }

  #fillGap(time: number): void {
    if (this.#last < 0 || time - this.#last < GAP_MS || time - this.#last > MOST_FILLED_MS) return;
    for (let at = this.#last + PACKET_MS; at <= time - PACKET_MS; at += PACKET_MS)
      this.#add(SILENCE, { time: at, keyFrame: true });
  }

  #add(data: Buffer, { time, keyFrame }: { time: number; keyFrame: boolean }): void {
    if (time - this.#clusterAt >= CLUSTER_MS) this.#endCluster();
    if (this.#blocks.length === 0) this.#clusterAt = time;
    const head = Buffer.from([0x81, 0, 0, keyFrame ? 0x80 : 0]);
    head.writeInt16BE(time - this.#clusterAt, 1);
    this.#blocks.push(element(ID.SimpleBlock, head, data));
    this.#last = time;
  }

  #endCluster(): void {
    if (this.#blocks.length === 0) return;
    this.#file.append(element(ID.Cluster, unsigned(ID.Timestamp, this.#clusterAt), ...this.#blocks));
    this.#blocks = [];
  }
}
