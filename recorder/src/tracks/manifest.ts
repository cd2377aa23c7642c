/** What lies beside the tracks of a recording, so that they can be put together later. */
import { GrowingFile, openVault, type VaultKey } from '../vault/index.ts';

export interface TrackInfo {
  readonly file: string;
  readonly participantId: string;
  readonly identity: string;
  readonly displayName: string;
  readonly source: 'camera' | 'screen' | 'microphone' | 'screenAudio';
  readonly codec: string;
  /** Where its first frame stands on the time of the part, pauses left out, ms. */
  readonly offsetMs: number;
  /** Wall clock of its first frame, milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface TrackMute {
  readonly file: string;
  readonly muted: boolean;
  /** On the time of the part, ms. */
  readonly atMs: number;
}

/** It is published no more, or goes on in another codec and file. */
export interface TrackEnd {
  readonly file: string;
  /** On the time of the part, ms. */
  readonly atMs: number;
}

export interface Manifest {
  readonly version: 1;
  /** Wall clock at the beginning of the part, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly tracks: readonly TrackInfo[];
  readonly mutes: readonly TrackMute[];
  /** Tracks that are not named here went on until the part ended. */
  readonly ends: readonly TrackEnd[];
}

type Line = { startedAt: number } | { track: TrackInfo } | { mute: TrackMute } | { end: TrackEnd };

/** A manifest while its part goes on: a line for each thing that happened, each flushed at once. */
export class ManifestLog {
  readonly #file: GrowingFile;

  private constructor(file: GrowingFile) {
    this.#file = file;
  }

  /** @throws {VaultError} */
  static async create(path: string, o: { key: VaultKey | null; startedAt: number }): Promise<ManifestLog> {
    const log = new ManifestLog(await GrowingFile.create(path, { key: o.key }));
    await log.#write({ startedAt: o.startedAt });
    return log;
  }

  addTrack(track: TrackInfo): Promise<void> {
    return this.#write({ track });
  }

  addMute(mute: TrackMute): Promise<void> {
    return this.#write({ mute });
  }

  addEnd(end: TrackEnd): Promise<void> {
    return this.#write({ end });
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #write(line: Line): Promise<void> {
    this.#file.append(Buffer.from(`${JSON.stringify(line)}\n`));
    return this.#file.flush();
  }
}

/** Reads a manifest, also one whose writer was killed. @throws {VaultError} */
export async function readManifest(path: string, keys: readonly VaultKey[]): Promise<Manifest> {
  const source = await openVault(path, { keys, salvage: true });
  const all = (await source.bytes().finally(() => source.close())).toString();
  const lines = all.split('\n').flatMap(parseLine);
  return {
    version: 1,
    startedAt: lines.find((line) => 'startedAt' in line)?.startedAt ?? 0,
    tracks: lines.flatMap((line) => ('track' in line ? [line.track] : [])),
    mutes: lines.flatMap((line) => ('mute' in line ? [line.mute] : [])),
    ends: lines.flatMap((line) => ('end' in line ? [line.end] : [])),
  };
}

/** Lines are of our own making; what was cut at the end is none. */
function parseLine(line: string): Line[] {
  try {
    const value: unknown = JSON.parse(line);
    return isLine(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isLine(value: unknown): value is Line {
  const keys = ['startedAt', 'track', 'mute', 'end'];
  return typeof value === 'object' && value !== null && keys.some((key) => key in value);
}
