import type { Fragment, InitSegment } from '../files/index.ts';

/** One life of the encoder: from its start until it ends or dies, its times count from 0. */
export interface EncoderRun {
  readonly init: InitSegment;
  /** Wall clock at its time 0, milliseconds since the epoch. */
  readonly startedAt: number;
}

/**
 * Something that takes the programme: a recording, a page, a target. It is told of everything in order, and never makes the
 * encoder wait: what takes time happens in a queue of its own.
 */
export interface ProgramSink {
  /** What follows is of this run. Comes before the first fragment, and again whenever the encoder was started anew. */
  begin(run: EncoderRun): void;
  /** The first after `begin` starts with a key frame. */
  write(fragment: Fragment): void;
}
