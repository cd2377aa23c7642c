import { GrowingFile, sealBytes, type VaultKey, type VaultReader } from '../vault/index.ts';
import { malformed } from './FilesError.ts';
import { isSidecarEvent, isSidecarHead, type Sidecar, type SidecarEvent } from './sidecar.ts';

/**
 * Keeps what happens while a recording goes on, one JSON value on a line, each flushed at once: it survives what the
 * part beside it survives. `readSidecar` reads it at any time.
 */
export class SidecarLog {
  readonly #file: GrowingFile;

  private constructor(file: GrowingFile) {
    this.#file = file;
  }

  /** @throws {VaultError} */
  static async create(path: string, options: { key: VaultKey | null; startedAt: Date }): Promise<SidecarLog> {
    const log = new SidecarLog(await GrowingFile.create(path, { key: options.key }));
    await log.#write({ version: 1, startedAt: options.startedAt.toISOString() });
    return log;
  }

  /** @throws {VaultError} VAULT_DISK_FULL, VAULT_IO; the event is written with the next one then */
  add(event: SidecarEvent): Promise<void> {
    return this.#write(event);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #write(value: object): Promise<void> {
    this.#file.append(Buffer.from(`${JSON.stringify(value)}\n`));
    return this.#file.flush();
  }
}

/** Reads a sidecar, finished or not; a last line that was cut is left out. @throws {FilesError} MEDIA_MALFORMED */
export async function readSidecar(source: VaultReader): Promise<Sidecar> {
  const text = (await source.bytes()).toString();
  const whole = parseJson(text);
  if (isSidecarHead(whole) && 'events' in whole && Array.isArray(whole.events)) {
    const { version, startedAt } = whole;
    return { version, startedAt, events: whole.events.filter(isSidecarEvent) };
  }
  const [head, ...events] = text.split('\n').map(parseJson);
  if (!isSidecarHead(head)) throw malformed('not a sidecar');
  return { version: 1, startedAt: head.startedAt, events: events.filter(isSidecarEvent) };
}

/** Writes a sidecar in its finished form, its events in order. @throws {VaultError} */
export async function sealSidecar(path: string, sidecar: Sidecar, key: VaultKey | null): Promise<void> {
  const events = [...sidecar.events].sort((a, b) => a.atMs - b.atMs);
  await sealBytes(path, Buffer.from(JSON.stringify({ ...sidecar, events }, null, 1)), { key });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
