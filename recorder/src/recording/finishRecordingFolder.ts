import type { PartInfo, RecorderEvent, Storage } from '@parley/protocol/recorder';
import { troubleOf } from '../sinks/diskReserve.ts';
import type { RecordingTrouble } from '../sinks/RecordingWriter.ts';
import { VaultKey } from '../vault/index.ts';
import { findManifests, writeSidecar, writeThumbnail } from './extras.ts';
import { finishParts, type FinishPlan } from './finishParts.ts';
import { uploadFiles } from './uploadFiles.ts';

/** Steps in which progress is told. */
const STEP = 0.02;
/** How often is told that the work goes on where there is no step yet, ms. */
const SIGN_MS = 5000;
/** What the process works meanwhile at least, if it goes on at all, microseconds; timers alone need less. */
const WORK_MICROSECONDS = 25_000;

export interface FinishRequest {
  readonly recordingId: string;
  readonly folder: string;
  readonly storage: Storage;
  readonly title: string;
  readonly ffmpeg: string;
  /** What people should know of it, though it is well. */
  readonly message?: string;
  send(event: RecorderEvent): void;
}

/** Makes finished files of whatever is in the folder of a recording, and tells how that went. Never fails. */
export async function finishRecordingFolder(
  request: FinishRequest,
  trouble?: RecordingTrouble,
): Promise<void> {
  const { recordingId, send } = request;
  const parts: PartInfo[] = [];
  const besides: Besides = { thumbnail: null, sidecar: null };
  let notCopied: string | undefined;
  const progress = new ProgressTeller(request);
  try {
    const work = { ...request, progress };
    await finishAll(work, { parts, besides });
    if (parts.length === 0) trouble ??= NOTHING;
    notCopied = await copyAll(work, { parts, besides });
  } catch (error) {
    trouble ??= finishTroubleOf(error);
  } finally {
    progress.close();
  }
  // That there was no more room is no fault of what was recorded until then.
  const isKept = trouble?.code === 'RECORDING_DISK_FULL' && parts.length > 0;
  const message = trouble?.message ?? request.message;
  const missing = notCopied === undefined ? {} : { notCopied };
  if (trouble && !isKept) send({ type: 'recordingFailed', recordingId, ...trouble, parts, ...missing });
  else
    send({
      ...{ type: 'recordingFinished', recordingId, parts, ...besides, ...missing },
      ...(message !== undefined && { message }),
    });
}

/** What lies beside the parts; null where it is not there. */
interface Besides {
  thumbnail: string | null;
  sidecar: string | null;
}

function finishTroubleOf(error: unknown): RecordingTrouble {
  const trouble = troubleOf(error);
  if (trouble.code === 'RECORDING_DISK_FULL') return trouble;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'RECORDING_FINISH_FAILED', message: `${message} What was recorded is kept.` };
}

type FinishWork = FinishRequest & { readonly progress: ProgressTeller };

/** What there is. */
interface Made {
  parts: PartInfo[];
  besides: Besides;
}

/** @param made is filled, so that what there is is known when something fails later */
async function finishAll(
  { folder, storage, title, ffmpeg, progress }: FinishWork,
  { parts, besides }: Made,
): Promise<void> {
  const plan: FinishPlan = {
    ...{ folder, title, reserveBytes: storage.reserveBytes },
    key: storage.key === null ? null : VaultKey.parse(storage.key),
    onProgress: (done) => progress.tell(storage.bucket ? done / 2 : done),
  };
  parts.push(...(await finishParts(plan)));
  besides.thumbnail = await writeThumbnail(parts, plan, ffmpeg);
  besides.sidecar = await writeSidecar(parts, plan);
}

/** @returns why the files are not in the bucket, for people. They are here, and play: the recording is none the worse for it. */
async function copyAll(
  { folder, storage: { bucket }, recordingId, progress }: FinishWork,
  { parts, besides: { thumbnail, sidecar } }: Made,
): Promise<string | undefined> {
  if (!bucket) return undefined;
  const onProgress = (done: number): void => progress.tell(0.5 + done / 2);
  try {
    const manifests = await findManifests(folder);
    const files = [...parts.map(({ file }) => file), ...manifests, thumbnail, sidecar];
    const there = files.filter((file) => file !== null);
    await uploadFiles(there, { recordingId, folder, bucket, onProgress });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whoever waits for it takes silence for a sign that it hangs. */
class ProgressTeller {
  readonly #request: Pick<FinishRequest, 'recordingId' | 'send'>;
  readonly #timer: NodeJS.Timeout;
  #progress = 0;
  #told = 0;
  #work = process.cpuUsage();

  constructor(request: FinishRequest) {
    this.#request = request;
    this.#send();
    this.#timer = setInterval(() => this.#sign(), SIGN_MS);
  }

  /** Told again without a step, it says that one waits for somebody else. */
  tell(progress: number): void {
    const isWaiting = progress === this.#progress;
    this.#progress = progress;
    if (isWaiting || progress - this.#told >= STEP) this.#send();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Reading through a long recording has no steps, but it is work. */
  #sign(): void {
    const { user, system } = process.cpuUsage(this.#work);
    this.#work = process.cpuUsage();
    if (user + system > WORK_MICROSECONDS) this.#send();
  }

  #send(): void {
    const { recordingId, send } = this.#request;
    this.#told = this.#progress;
    send({ type: 'finishing', recordingId, progress: Math.min(1, this.#progress) });
  }
}

const NOTHING: RecordingTrouble = {
  code: 'RECORDING_EMPTY',
  message: 'The recording was ended before anything was written.',
};
