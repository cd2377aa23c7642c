import { join } from 'node:path';
import type { RecordingFormat } from '@parley/protocol';
import { PauseGap, shiftCluster, shiftFragment, type Fragment, type MediaTrack } from '../files/index.ts';
import { GrowingFile, type VaultKey } from '../vault/index.ts';
import { growingName } from './partNames.ts';
import type { EncoderRun } from './ProgramSink.ts';

export interface PartPlace {
  readonly folder: string;
  /** Of the finished file; while it grows it has another name. */
  readonly file: string;
  readonly key: VaultKey | null;
  readonly format: RecordingFormat;
}

/** One file of a recording while it grows: the fragments of one run of the encoder, without pauses and from 0 on. */
export class PartFile {
  readonly #place: PartPlace;
  readonly #file: GrowingFile;
  readonly #gap: PauseGap;
  readonly #tracks: readonly MediaTrack[];
  readonly #runStartedAt: number;
  #durationMs = 0;
  #shiftMs = 0;
  #isPaused = false;

  private constructor(place: PartPlace, file: GrowingFile, run: EncoderRun) {
    this.#place = place;
    this.#file = file;
    this.#tracks = run.init.tracks;
    this.#runStartedAt = run.startedAt;
    this.#gap = new PauseGap(run.init.tracks);
    // A recording may begin in the middle of a run.
    this.#gap.pause();
  }

  /** @throws {VaultError} VAULT_DISK_FULL, VAULT_IO */
  static async create(place: PartPlace, run: EncoderRun): Promise<PartFile> {
    const file = await GrowingFile.create(join(place.folder, growingName(place.file)), { key: place.key });
    file.append(run.init.bytes);
    return new PartFile(place, file, run);
  }

  get file(): string {
    return this.#place.file;
  }

  /** Bytes that a reader finds. */
  get bytes(): number {
    return this.#file.size;
  }

  get durationMs(): number {
    return this.#durationMs;
  }

  /** What is left out from now on is not missed: the next fragment closes up. */
  pause(): void {
    this.#gap.pause();
    this.#isPaused = true;
  }

  /** Where in the file a moment of the wall clock is, ms; of a pause: where it is left out. */
  timeOf(wallClock: number): number {
    const time = Math.max(0, Math.round(wallClock - this.#runStartedAt + this.#shiftMs));
    return this.#isPaused ? Math.min(time, this.#durationMs) : time;
  }

  /** @throws {VaultError} VAULT_DISK_FULL, VAULT_IO */
  async write(fragment: Fragment): Promise<void> {
    const shiftMs = this.#gap.shiftFor(fragment);
    this.#shiftMs = shiftMs;
    this.#isPaused = false;
    const moved = Math.abs(shiftMs) < 0.01 ? fragment : this.#shift(fragment, shiftMs);
    this.#file.append(moved.bytes);
    await this.#file.flush();
    this.#durationMs = Math.max(this.#durationMs, Math.round(moved.startMs + moved.durationMs));
  }

  /** What was written stays, even where this fails. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #shift(fragment: Fragment, shiftMs: number): Fragment {
    const tracks = this.#tracks;
    return this.#place.format === 'mp4'
      ? shiftFragment(fragment, { shiftMs, tracks })
      : shiftCluster(fragment, { shiftMs, tracks });
  }
}
