import { fork } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { PictureLayout, RecordingFormat } from '@parley/protocol';
import { ComposeEvent, type ComposeJob } from '@parley/protocol/recorder';
import { Value } from 'typebox/value';
import { childEnv } from '../config/childEnv.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { programSettings, storageOf } from '../egress/settings.ts';
import { UsageError, type CliIo } from './io.ts';

export const RECORDINGS_HELP = `Usage: npm run parley -- recordings compose RECORDING FILE [options]

Makes one film of a recording of the kind "tracks": who was there, spoke, was muted or shared a screen when, as if it had
been recorded so. The recording stays as it is. The film is not encrypted.

  RECORDING        its id (RC_...), as the library and the API give it
  FILE             where the film is to be: NAME.mp4 or NAME.webm

  --layout LAYOUT  screen (default: shared screens large, else who speaks), speaker, grid or single
  --title TEXT     stands in the file
  --force          replaces FILE if it is there

Size, frame rate and quality are those of the settings (recorder.*).
`;

const ENTRY = join(import.meta.dirname, '../../../recorder/src/tracks/composeProcess.ts');
/** What `newLongId` makes. Nothing else becomes a path. */
const RECORDING_ID = /^RC_[\w-]{22}$/;
const LAYOUTS: readonly PictureLayout['kind'][] = ['screen', 'speaker', 'grid', 'single'];
const FORMATS: Readonly<Record<string, RecordingFormat>> = { '.mp4': 'mp4', '.webm': 'webm' };

const OPTIONS = {
  layout: { type: 'string', default: 'screen' },
  title: { type: 'string', default: '' },
  force: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

/** What is to be done with recordings on this machine. */
export async function runRecordings(args: string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action, recordingId, file, ...rest] = positionals;
  if (action !== 'compose' || recordingId === undefined || file === undefined || rest.length > 0)
    throw new UsageError(`Say which recording, and where its film is to be.\n\n${RECORDINGS_HELP}`);
  const layout = LAYOUTS.find((kind) => kind === values.layout);
  if (!layout) throw new UsageError(`--layout must be one of ${LAYOUTS.join(', ')}.`);
  // npm runs scripts at the root of the project, wherever it was called.
  const { path, format } = targetOf(resolve(io.env['INIT_CWD'] ?? '.', file), values.force);
  const config = loadConfig(io.env);
  const { folder, key } = storageOf(config);
  if (!RECORDING_ID.test(recordingId) || !existsSync(join(folder, recordingId)))
    throw new UsageError(
      `There is no recording ${recordingId} in ${folder}. Files that were brought to an object store have to be brought back there first.`,
    );
  return compose(
    {
      ...{ folder: join(folder, recordingId), key, path, format, title: values.title },
      ...{ layout: { kind: layout, focus: null }, settings: programSettings(config.recorder) },
    },
    io,
  );
}

function targetOf(path: string, mayReplace: boolean): { path: string; format: RecordingFormat } {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format) throw new UsageError(`${path}: the name must end in .mp4 or .webm.`);
  if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`There is no folder ${dirname(path)}.`);
  if (existsSync(path) && !mayReplace)
    throw new UsageError(`${path} is there already. Give another name, or --force.`);
  return { path, format };
}

/** The work is done by a process of the recorder, which gets the key over its channel. */
function compose(job: ComposeJob, io: CliIo): Promise<number> {
  const child = fork(ENTRY, [], {
    ...{ env: childEnv(io.env), execArgv: [], serialization: 'advanced' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const progress = new Progress(io);
  let code = 2;
  child.on('message', (message) => {
    if (!Value.Check(ComposeEvent, message)) return;
    if (message.type === 'progress') return progress.show(message.done);
    progress.end();
    code = message.type === 'composed' ? 0 : 2;
    io.out(
      message.type === 'composed'
        ? `${job.path}: ${inMinutes(message.durationMs)} min, ${Math.ceil(message.bytes / 2 ** 20)} MiB\n`
        : `Nothing was made. ${message.message}\n`,
    );
  });
  // Ctrl+C reaches both: the other one puts in order what it has begun, then this one ends.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  child.send(job);
  return new Promise((done) => {
    child.once('close', (exit, signal) => {
      process.off('SIGINT', wait);
      if (exit !== 0) io.out(`\nIt ended with ${signal ?? exit}; nothing was made.\n`);
      done(exit === 0 ? code : 2);
    });
  });
}

/** A person sees a line that changes; a file gets a line for each tenth. */
class Progress {
  readonly #io: CliIo;
  readonly #startedAt = performance.now();
  #shown = 0;

  constructor(io: CliIo) {
    this.#io = io;
  }

  show(done: number): void {
    const percent = Math.floor(done * 100);
    if (percent - this.#shown < (this.#io.isTty ? 1 : 10)) return;
    this.#shown = percent;
    const rest = ((performance.now() - this.#startedAt) * (1 - done)) / done;
    const line = `${String(percent).padStart(3)} %, about ${inMinutes(rest)} min left`;
    this.#io.out(this.#io.isTty ? `\r${line}  ` : `${line}\n`);
  }

  end(): void {
    if (this.#io.isTty && this.#shown > 0) this.#io.out('\n');
  }
}

const inMinutes = (ms: number): string => (ms / 60_000).toFixed(1);
