import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BucketSettings } from '@parley/protocol/recorder';
import { FilesError, S3Store, S3Upload } from '../files/index.ts';
import { objectKey } from '../files/s3/objectKey.ts';

/** Pauses before an upload is tried again, ms; afterwards the files stay where they are. */
const RETRY_MS = [1000, 5000, 20_000, 60_000, 180_000];

/** How often is told that one waits for the store, ms: each of its answers may take minutes. */
const SIGN_MS = 10_000;

export interface UploadPlan {
  readonly recordingId: string;
  readonly folder: string;
  readonly bucket: BucketSettings;
  onProgress(done: number): void;
}

/**
 * Brings the files of a recording to an object store. They stay here: the server removes them once it knows of the copies.
 * @throws {FilesError} S3_REFUSED, S3_UNREACHABLE
 */
export async function uploadFiles(files: readonly string[], plan: UploadPlan): Promise<void> {
  const store = new S3Store(plan.bucket);
  for (const [index, file] of files.entries()) {
    const path = join(plan.folder, file);
    let done = 0;
    const tell = (share = done): void => plan.onProgress((index + (done = share)) / files.length);
    const upload = new S3Upload({
      ...{ store, path, key: objectKey(plan.bucket.prefix, plan.recordingId, file) },
      ...{ statePath: `${path}.upload`, onProgress: tell },
    });
    await patiently(
      () => upload.run(),
      () => tell(),
    );
  }
}

/** @param onWait is called all the while: a store that takes a request and says nothing is no sign that this process hangs */
async function patiently<Result>(work: () => Promise<Result>, onWait: () => void): Promise<Result> {
  const timer = setInterval(onWait, SIGN_MS);
  try {
    return await tryOften(work);
  } finally {
    clearInterval(timer);
  }
}

async function tryOften<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const pause of RETRY_MS) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FilesError) || error.code !== 'S3_UNREACHABLE') throw error;
      await wait(pause);
    }
  }
  return work();
}
