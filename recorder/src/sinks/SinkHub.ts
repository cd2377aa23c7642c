import type { Fragment } from '../files/index.ts';
import type { EncoderRun, ProgramSink } from './ProgramSink.ts';

/** Gives the programme to all who take it, to each from a key frame on. */
export class SinkHub {
  readonly #waiting = new Set<ProgramSink>();
  readonly #running = new Set<ProgramSink>();
  #run: EncoderRun | undefined;

  get size(): number {
    return this.#waiting.size + this.#running.size;
  }

  add(sink: ProgramSink): void {
    this.#waiting.add(sink);
  }

  delete(sink: ProgramSink): void {
    this.#waiting.delete(sink);
    this.#running.delete(sink);
  }

  begin(run: EncoderRun): void {
    this.#run = run;
    for (const sink of this.#running) this.#waiting.add(sink);
    this.#running.clear();
  }

  write(fragment: Fragment): void {
    if (fragment.keyFrame && this.#waiting.size > 0 && this.#run) {
      for (const sink of this.#waiting) {
        sink.begin(this.#run);
        this.#running.add(sink);
      }
      this.#waiting.clear();
    }
    for (const sink of this.#running) sink.write(fragment);
  }
}
