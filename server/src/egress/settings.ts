/** The configuration, as recorders are told it. */
import { randomBytes } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';
import type { BucketSettings, ProgramSettings, Storage } from '@parley/protocol/recorder';
import { PrivateFileError, readPrivateFile, writePrivateFile } from '../auth/privateFile.ts';
import type { Config } from '../config/schema.ts';

type Settings = Config['recorder'];

/** Seconds between key frames. */
const KEY_FRAME_INTERVAL = 2;
const KEY_BYTES = 32;

export function programSettings(config: Settings): ProgramSettings {
  const { width, height, frameRate, videoBitrate, audioBitrate, preset, showNames, background } = config;
  return {
    ...{ width, height, frameRate, videoBitrate, audioBitrate, preset, showNames, background },
    keyFrameInterval: KEY_FRAME_INTERVAL,
  };
}

/** Where recordings lie. Throws RecorderConfigError, PrivateFileError. */
export function storageOf({ recorder, dataDir }: Pick<Config, 'recorder' | 'dataDir'>): Storage {
  const { folder, reserve } = recorder;
  return {
    folder: folder === '' ? resolve(dataDir, 'recordings') : isAbsolute(folder) ? folder : resolve(folder),
    key: recorder.encryption ? keyOf(recorder.key, dataDir) : null,
    bucket: bucketOf(recorder.bucket),
    reserveBytes: reserve,
  };
}

/** The settings of the recorder cannot be used; the message says why and what to do. */
export class RecorderConfigError extends Error {
  override readonly name = 'ConfigError';
}

function keyOf(configured: string, dataDir: string): string {
  if (configured !== '') return checked(configured, 'recorder.key (PARLEY_RECORDER_KEY)');
  const path = join(dataDir, 'recordings.key');
  const kept = readPrivateFile(path);
  if (kept !== undefined) return checked(kept.trim(), path);
  const made = randomBytes(KEY_BYTES).toString('base64');
  if (writePrivateFile(path, `${made}\n`, { exclusive: true })) return made;
  const others = readPrivateFile(path);
  if (others !== undefined) return checked(others.trim(), path);
  throw new PrivateFileError(`${path} appeared and disappeared while it was being made. Please start again.`);
}

function checked(key: string, where: string): string {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length === KEY_BYTES && /^[A-Za-z0-9+/]+=*$/.test(key)) return key;
  throw new RecorderConfigError(
    `${where} is no key: ${KEY_BYTES} bytes in base64 are needed, as \`openssl rand -base64 ${KEY_BYTES}\` makes them.`,
  );
}

function bucketOf(bucket: Settings['bucket']): BucketSettings | null {
  if (bucket.endpoint === '' && bucket.bucket === '') return null;
  if (bucket.endpoint === '' || bucket.bucket === '' || !URL.canParse(bucket.endpoint))
    throw new RecorderConfigError(
      'recorder.bucket needs both endpoint, an address such as https://s3.example.org, and the name of a bucket.',
    );
  return bucket;
}
