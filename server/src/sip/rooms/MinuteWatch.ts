import type { Call } from './Call.ts';

/** So much may be spoken beyond what trunks may be used in a day, ms. */
const LOOK_EACH_MS = 30_000;

type Spending = Pick<Call, 'facts' | 'isAnswered' | 'hangUp'>;

/** Ends calls that were made by trunks whose minutes of the day are used up while they go on. */
export class MinuteWatch {
  readonly #timer: NodeJS.Timeout;

  /** @param whySpent why a trunk may not be used any more today; undefined where it may */
  constructor(calls: () => Iterable<Spending>, whySpent: (trunkId: string) => string | undefined) {
    this.#timer = setInterval(() => {
      for (const call of calls()) endSpent(call, whySpent);
    }, LOOK_EACH_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function endSpent(call: Spending, whySpent: (trunkId: string) => string | undefined): void {
  const { direction, trunkId } = call.facts;
  if (direction !== 'out' || trunkId === null || !call.isAnswered) return;
  const why = whySpent(trunkId);
  if (why !== undefined) call.hangUp('server', why, 'goodbye');
}
