import type { types } from 'mediasoup';

/** As much of a producer as is needed here. */
export type ScoredProducer = Pick<types.Producer, 'paused'> & {
  readonly observer: {
    on(event: 'score', listener: (score: readonly { score: number }[]) => void): unknown;
    on(event: 'pause' | 'resume' | 'close', listener: () => void): unknown;
  };
};

interface Stream {
  /** 0 to 10; none before the worker has rated it. */
  score: number | undefined;
  /** Somebody wants to receive it; else its sender rests. */
  wanted: boolean;
  /** Milliseconds of the monotonic clock; until here it is counted. */
  since: number;
}

/**
 * How well what somebody sends arrives: the mean over time of the scores of mediasoup, 0 (lost) to 10 (perfect). Of a stream
 * in several layers the best one counts. While it is muted, or nobody wants it, nothing is sent, and nothing counts.
 */
export class SentQuality {
  readonly #streams = new Map<ScoredProducer, Stream>();
  readonly #now: () => number;
  #weighted = 0;
  #duration = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Rounded to hundredths; null when nothing was sent. */
  get mean(): number | null {
    for (const [producer, stream] of this.#streams) this.#count(producer, stream);
    // NOTE: sums of fractions go astray: all perfect came to 10.000000000000002, which is no score.
    return this.#duration === 0 ? null : Math.round((this.#weighted / this.#duration) * 100) / 100;
  }

  watch(producer: ScoredProducer): void {
    const stream: Stream = { score: undefined, wanted: true, since: this.#now() };
    this.#streams.set(producer, stream);
    producer.observer.on('score', (layers) => {
      this.#count(producer, stream);
      stream.score = layers.length === 0 ? undefined : Math.max(...layers.map(({ score }) => score));
    });
    // NOTE: these come when the producer has changed already, so that what went before is counted by what is no longer so.
    producer.observer.on('pause', () => this.#count(producer, stream, { wasPaused: false }));
    producer.observer.on('resume', () => this.#count(producer, stream, { wasPaused: true }));
    producer.observer.on('close', () => {
      this.#count(producer, stream);
      this.#streams.delete(producer);
    });
  }

  setWanted(producer: ScoredProducer, wanted: boolean): void {
    const stream = this.#streams.get(producer);
    if (!stream) return;
    this.#count(producer, stream);
    stream.wanted = wanted;
  }

  #count(producer: ScoredProducer, stream: Stream, { wasPaused = producer.paused } = {}): void {
    const now = this.#now();
    const passed = now - stream.since;
    stream.since = now;
    if (wasPaused || !stream.wanted || stream.score === undefined) return;
    this.#weighted += stream.score * passed;
    this.#duration += passed;
  }
}
