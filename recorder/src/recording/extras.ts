/** What lies beside the parts of a recording: a picture for the library, and what happened when. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartInfo } from '@parley/protocol/recorder';
import { makeThumbnail, sealSidecar, type SidecarEvent } from '../files/index.ts';
import { openVault, sealBytes } from '../vault/index.ts';
import { SIDECAR_FILE, THUMBNAIL_FILE } from '../sinks/partNames.ts';
import { keysOf, readPartLog, type FinishPlan } from './finishParts.ts';

/** A picture from some way into it, when everybody has come. */
const THUMBNAIL_AT = 0.2;

/** @returns its file; null where the recording has no picture that could be taken */
export async function writeThumbnail(
  parts: readonly PartInfo[],
  plan: FinishPlan,
  ffmpeg: string,
): Promise<string | null> {
  const [part] = parts.filter(({ width }) => width > 0).toSorted((a, b) => b.durationMs - a.durationMs);
  if (!part) return null;
  try {
    const source = await openVault(join(plan.folder, part.file), { keys: keysOf(plan.key), salvage: true });
    try {
      const atMs = Math.round(part.durationMs * THUMBNAIL_AT);
      const picture = await makeThumbnail({ source, ffmpeg, atMs });
      // The former one stays until then: people may look at it, as files are finished again to be copied.
      await sealBytes(join(plan.folder, THUMBNAIL_FILE), picture, { key: plan.key });
    } finally {
      await source.close();
    }
    return THUMBNAIL_FILE;
  } catch {
    return null;
  }
}

/**
 * One file of all that happened, its times as if the parts were played one after the other. The logs of the parts stay beside it:
 * the recording may go on after a crash, and is finished again then.
 * @returns its file; null where nothing was kept
 */
export async function writeSidecar(parts: readonly PartInfo[], plan: FinishPlan): Promise<string | null> {
  const events: SidecarEvent[] = [];
  let startedAt: string | undefined;
  let offset = 0;
  for (const part of firstOfEach(parts)) {
    const log = await readPartLog(part.part, plan);
    startedAt ??= log?.startedAt;
    for (const event of log?.events ?? []) events.push({ ...event, atMs: event.atMs + offset });
    offset += part.durationMs;
  }
  if (startedAt === undefined) return null;
  await sealSidecar(join(plan.folder, SIDECAR_FILE), { version: 1, startedAt, events }, plan.key);
  return SIDECAR_FILE;
}

/** Whose the tracks are, and what happened meanwhile: without it they cannot be put together. */
export async function findManifests(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  const manifests = names.filter((name) => /^part-\d+\.tracks$/.test(name));
  const logs = manifests.map((name) => name.replace(/tracks$/, 'events'));
  return [...manifests, ...logs.filter((name) => names.includes(name))];
}

/** The files of a part that is made of tracks have the same time. */
function firstOfEach(parts: readonly PartInfo[]): PartInfo[] {
  const longest = new Map<number, PartInfo>();
  for (const part of parts)
    if (part.durationMs > (longest.get(part.part)?.durationMs ?? -1)) longest.set(part.part, part);
  return [...longest.values()];
}
