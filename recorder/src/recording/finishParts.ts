import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartInfo } from '@parley/protocol/recorder';
import { chaptersOf, finishRecording, readMediaInfo, readSidecar, type Sidecar } from '../files/index.ts';
import { openVault, type VaultKey, type VaultReader } from '../vault/index.ts';
import {
  damagedName,
  finishedName,
  growingName,
  manifestLogPath,
  mimeTypeOf,
  parsePartFileName,
  sidecarLogPath,
} from '../sinks/partNames.ts';
import { readManifest, type TrackInfo } from '../tracks/manifest.ts';
import { lineLog } from '../util/lineLog.ts';

export interface FinishPlan {
  readonly folder: string;
  readonly key: VaultKey | null;
  readonly title: string;
  readonly reserveBytes: number;
  onProgress(done: number): void;
}

/** A file of a recording, grown or finished. */
interface Found {
  readonly file: string;
  readonly part: number;
  readonly name: string;
  readonly grows: boolean;
}

/**
 * Makes finished files of all that grew in the folder of a recording. What cannot be finished stays as it is, and is named as
 * it is: it can be played nonetheless. May be done again after a crash in the middle of it.
 */
export async function finishParts(plan: FinishPlan): Promise<PartInfo[]> {
  const all = await findParts(plan.folder);
  const parts: PartInfo[] = [];
  for (const [index, one] of all.entries()) {
    const onProgress = (done: number) => plan.onProgress((index + done) / all.length);
    const finished = one.grows ? await finishPart(one, { ...plan, onProgress }) : true;
    const info = await describePart(one, finished ? one.file : growingName(one.file), plan);
    if (info) parts.push(info);
  }
  return parts;
}

async function findParts(folder: string): Promise<Found[]> {
  const found = new Map<string, Found>();
  for (const name of await readdir(folder)) {
    const file = finishedName(name) ?? name;
    const parsed = parsePartFileName(file);
    const grows = file !== name || (found.get(file)?.grows ?? false);
    if (parsed) found.set(file, { file, grows, ...parsed });
  }
  return [...found.values()].toSorted((a, b) => a.part - b.part || a.name.localeCompare(b.name));
}

/** @returns whether there is a finished file now */
async function finishPart(one: Found, plan: FinishPlan): Promise<boolean> {
  const { folder, key, title, onProgress } = plan;
  const growing = join(folder, growingName(one.file));
  try {
    const source = await openVault(growing, { keys: keysOf(key), salvage: true });
    try {
      await assertRoom(plan, source.size);
      const log = await readPartLog(one.part, plan);
      const chapters = log ? chaptersOf(log) : [];
      const startedAt = new Date(log?.startedAt ?? (await stat(growing)).birthtimeMs);
      const path = join(folder, one.file);
      await finishRecording({ source, path, key, chapters, title, startedAt, onProgress });
    } finally {
      await source.close();
    }
    // What lies behind damage is not in the finished file: somebody may still get at it.
    if (source.isDamaged) await keepDamaged(one, folder);
    else await rm(growing);
    return true;
  } catch {
    return false;
  }
}

async function keepDamaged({ file }: Found, folder: string): Promise<void> {
  await rename(join(folder, growingName(file)), join(folder, damagedName(file)));
  lineLog.warn({ folder, file: damagedName(file) }, 'a part is damaged; what lies behind is kept');
}

async function describePart(one: Found, file: string, plan: FinishPlan): Promise<PartInfo | undefined> {
  let source: VaultReader | undefined;
  try {
    const path = join(plan.folder, file);
    source = await openVault(path, { keys: keysOf(plan.key), salvage: true });
    const { durationMs, size, tracks } = await readMediaInfo(source);
    const video = tracks.find((track) => track.kind === 'video');
    const log = await readPartLog(one.part, plan);
    const track = await findTrack(one, plan);
    return {
      ...{ part: one.part, file, bytes: size, durationMs },
      name: track ? `${track.source} ${track.participantId}` : one.name,
      mimeType: mimeTypeOf(one.file, video !== undefined),
      startedAt: track?.startedAt ?? (log ? Date.parse(log.startedAt) : await guessStart(path, durationMs)),
      width: video?.width ?? 0,
      height: video?.height ?? 0,
      // Also where it was finished before.
      ...(existsSync(join(plan.folder, damagedName(one.file))) && { isDamaged: true }),
    };
  } catch {
    return undefined; // Nothing can be read of it: not even its beginning was written.
  } finally {
    await source?.close();
  }
}

/** When a part began of which nobody says so: it was written until its end, at the latest. */
async function guessStart(path: string, durationMs: number): Promise<number> {
  const { mtimeMs } = await stat(path);
  return Math.round(mtimeMs - durationMs);
}

/** What happened during a part; undefined where nobody kept it. */
export async function readPartLog(
  part: number,
  plan: Pick<FinishPlan, 'folder' | 'key'>,
): Promise<Sidecar | undefined> {
  try {
    const path = sidecarLogPath(plan.folder, part);
    const source = await openVault(path, { keys: keysOf(plan.key), salvage: true });
    return await readSidecar(source).finally(() => source.close());
  } catch {
    return undefined;
  }
}

async function findTrack({ part, file }: Found, plan: FinishPlan): Promise<TrackInfo | undefined> {
  try {
    const { tracks } = await readManifest(manifestLogPath(plan.folder, part), keysOf(plan.key));
    return tracks.find((track) => track.file === file);
  } catch {
    return undefined;
  }
}

async function assertRoom({ folder, reserveBytes }: FinishPlan, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize - bytes < reserveBytes) throw new Error('There is no room for a finished copy.');
}

export function keysOf(key: VaultKey | null): VaultKey[] {
  return key ? [key] : [];
}
