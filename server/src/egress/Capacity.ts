import { availableParallelism, loadavg } from 'node:os';
import { ParleyError, type RecordingKind } from '@parley/protocol';

/** About how many cores a program takes. Tracks are written as they come, and sound alone is little work. */
const CORES: Record<RecordingKind, number> = { composite: 1, tracks: 0.05, audio: 0.15 };

/** The machine, as far as it matters here; given in tests. */
export interface Machine {
  /** Cores that this process may use. */
  cores: number;
  /** Cores in use, on average over the last minute; all programs of the machine counted. */
  load(): number;
}

export const thisMachine = (): Machine => ({
  cores: availableParallelism(),
  load: () => loadavg()[0] ?? 0,
});

/** How many programs may run. Refusing one says why, in numbers. */
export class Capacity {
  readonly #max: number;
  readonly #machine: Machine;

  /** `maxPrograms`: composites at once; 0 is what the machine allows. */
  constructor(maxPrograms: number, machine = thisMachine()) {
    this.#max = maxPrograms;
    this.#machine = machine;
  }

  /** Composites that may run at once. */
  get limit(): number {
    return this.#max > 0 ? this.#max : Math.max(1, this.#machine.cores - 1);
  }

  /** Throws RECORDING_CAPACITY. */
  assertFits(kind: RecordingKind, running: readonly RecordingKind[]): void {
    const needed = CORES[kind];
    const used = running.reduce((sum, other) => sum + CORES[other], 0);
    if (used + needed > this.limit + 1e-6) throw this.#full(kind, running);
    const free = this.#machine.cores - this.#machine.load();
    // The first one is taken in any case: what uses the machine then are meetings, which give way.
    if (this.#max === 0 && running.length > 0 && free < needed / 2) throw this.#busy(needed, running);
  }

  #full(kind: RecordingKind, running: readonly RecordingKind[]): ParleyError {
    const { limit } = this;
    const { cores } = this.#machine;
    const composites = running.filter((one) => one === 'composite').length;
    const what =
      composites === running.length ? '' : `, with ${running.length - composites} of tracks or sound`;
    const used = running.reduce((sum, other) => sum + CORES[other], 0);
    const isSmallerTaken = kind === 'composite' && used + CORES.audio <= limit;
    const smaller = isSmallerTaken ? 'record tracks or sound only, ' : '';
    return new ParleyError('RECORDING_CAPACITY', {
      message:
        `The server cannot record more at once: ${composites} of ${limit} programs run${what}; each needs about 1 core, ` +
        `and the machine has ${cores}. Stop another recording, ${smaller}or have the operator set recorder.maxPrograms.`,
      details: { running: running.length, composites, limit, cores, kind, coresNeeded: CORES[kind] },
    });
  }

  #busy(needed: number, running: readonly RecordingKind[]): ParleyError {
    const { cores } = this.#machine;
    const load = Math.round(this.#machine.load() * 10) / 10;
    return new ParleyError('RECORDING_CAPACITY', {
      message:
        `The server is too busy to record more: ${load} of ${cores} cores are in use, and this needs about ${needed}; ` +
        `${running.length} programs run. Try again in a minute, or have the operator set recorder.maxPrograms.`,
      details: { running: running.length, limit: this.limit, cores, load, coresNeeded: needed },
    });
  }
}
