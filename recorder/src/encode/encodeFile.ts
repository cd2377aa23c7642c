import { rm } from 'node:fs/promises';
import {
  finishRecording,
  Mp4Fragments,
  WebmClusters,
  type Chapter,
  type FinishedFile,
  type Fragment,
  type InitSegment,
} from '../files/index.ts';
import { growingName } from '../sinks/partNames.ts';
import { GrowingFile, openVault } from '../vault/index.ts';
import { Encoder } from './Encoder.ts';
import type { EncoderPlan } from './encoderArguments.ts';

export interface FileEncoderOptions {
  readonly ffmpeg: string;
  readonly plan: EncoderPlan;
  /** Where the finished file is to be; it is not encrypted. */
  readonly path: string;
}

/** Encodes into a file, as fast as it can be fed. What is in the way when it fails is removed. */
export class FileEncoder {
  readonly encoder: Encoder;
  readonly #path: string;
  readonly #file: GrowingFile;
  readonly #splitter: Mp4Fragments | WebmClusters;
  readonly #exited = Promise.withResolvers<void>();
  #writing: Promise<void> = Promise.resolve();
  #trouble: Error | undefined;
  #isAsked = false;

  private constructor({ ffmpeg, plan, path }: FileEncoderOptions, file: GrowingFile) {
    this.#path = path;
    this.#file = file;
    this.#splitter = plan.format === 'mp4' ? new Mp4Fragments() : new WebmClusters();
    this.encoder = new Encoder({
      ffmpeg,
      plan,
      onOutput: (chunk) => this.#write(() => this.#splitter.push(chunk)),
      onExit: ({ asked, message }) => {
        if (this.#splitter instanceof WebmClusters) this.#write(() => (asked ? this.#end() : []));
        if (!asked) this.#trouble ??= new Error(message);
        this.#exited.resolve();
      },
    });
  }

  /** @throws {VaultError} VAULT_DISK_FULL, VAULT_IO */
  static async create(options: FileEncoderOptions): Promise<FileEncoder> {
    const growing = growingName(options.path);
    await rm(growing, { force: true });
    return new FileEncoder(options, await GrowingFile.create(growing, { key: null }));
  }

  /** Resolves when there is room for another picture. @throws {Error} when it cannot go on */
  async room(): Promise<void> {
    await this.encoder.room();
    await this.#writing;
    if (this.#trouble) throw this.#trouble;
  }

  /** Waits for all that it holds back, and makes a file that seeks. @throws {Error} */
  async finish(about: {
    chapters: readonly Chapter[];
    title: string;
    startedAt: Date;
  }): Promise<FinishedFile> {
    this.#isAsked = true;
    this.encoder.end();
    await this.#exited.promise;
    await this.#writing;
    if (this.#trouble) throw this.#trouble;
    await this.#file.close();
    const growing = growingName(this.#path);
    const source = await openVault(growing, { keys: [] });
    try {
      await rm(this.#path, { force: true });
      return await finishRecording({ ...about, source, path: this.#path, key: null });
    } finally {
      await source.close();
      await rm(growing, { force: true });
    }
  }

  /** Ends it, and leaves nothing. */
  async abort(): Promise<void> {
    if (!this.#isAsked) this.encoder.kill();
    await this.#exited.promise;
    await this.#writing;
    await this.#file.close().catch(() => undefined);
    await rm(growingName(this.#path), { force: true });
  }

  #end(): (InitSegment | Fragment)[] {
    return this.#splitter instanceof WebmClusters ? this.#splitter.end() : [];
  }

  #write(read: () => (InitSegment | Fragment)[]): void {
    this.#writing = this.#writing.then(async () => {
      if (this.#trouble) return;
      try {
        for (const { bytes } of read()) this.#file.append(bytes);
        await this.#file.flush();
      } catch (error) {
        this.#trouble = error instanceof Error ? error : new Error(String(error));
        this.encoder.kill();
      }
    });
  }
}
