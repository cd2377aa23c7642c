import type { SealedFile, VaultReader } from '../vault/index.ts';
import { FilesError } from './FilesError.ts';
import type { NumberList } from './NumberList.ts';

export interface CopyOptions {
  source: VaultReader;
  output: SealedFile;
  /** Stretches of the source, in order. */
  starts: NumberList;
  ends: NumberList;
  signal?: AbortSignal;
  onProgress?: (done: number) => void;
  /** Gives what stands before stretch number `index` in the output. */
  before?: (index: number) => Buffer;
}

/** Copies stretches of a file, in constant memory. @throws {FilesError} FINISH_CANCELLED */
export async function copyRanges(options: CopyOptions): Promise<void> {
  const { source, output, starts, ends, signal } = options;
  const progress = progressOf(options);
  for (let index = 0; index < starts.length; index += 1) {
    if (options.before) await output.write(options.before(index));
    for await (const piece of source.read(starts.at(index), ends.at(index))) {
      if (signal?.aborted) throw new FilesError('FINISH_CANCELLED');
      await output.write(piece);
    }
    progress(ends.at(index));
  }
}

/** Tells of each further hundredth. */
function progressOf({ source, onProgress }: CopyOptions): (position: number) => void {
  let told = 0;
  return (position) => {
    const hundredths = Math.floor((100 * position) / source.size);
    if (hundredths <= told) return;
    told = hundredths;
    onProgress?.(hundredths / 100);
  };
}
