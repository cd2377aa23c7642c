import { ParleyError, type PhoneCall } from '@parley/protocol';
import type { LegEnd } from '@parley/protocol/phoneProcess';
import type { Person } from '../../room/actors.ts';
import type { DialWay } from '../../room/phonePorts.ts';
import type { OutboundWatcher } from './OutboundLeg.ts';

export interface DeskPhonesOptions {
  /** Calls a phone into a room that is there for it. Throws ParleyError. */
  dial(way: DialWay, into: { room: string; by: Person; watcher: OutboundWatcher }): PhoneCall;
  /** Nothing where it has ended. */
  end(callId: string, why: string): void;
  /** The first of them has taken the call; the others stop. */
  answered(callId: string): void;
  /** None of them rings any more; `last` says how the last one went. */
  gone(last: Pick<LegEnd, 'status' | 'why'>): void;
}

/** Phones on a desk that ring for one call, beside the apps of whom it is for. */
export class DeskPhones {
  readonly #options: DeskPhonesOptions;
  readonly #ringing = new Set<string>();
  #isOver = false;

  constructor(options: DeskPhonesOptions) {
    this.#options = options;
  }

  ring(extensions: readonly string[], call: { room: string; by: Person; callerId: string | null }): void {
    const { room, by, callerId } = call;
    let fault: ParleyError | undefined;
    for (const target of extensions)
      try {
        this.#dial({ trunkId: null, target, callerId }, { room, by });
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error;
        fault = error;
      }
    if (this.#ringing.size === 0) this.#gone({ status: 503, why: fault?.message ?? 'No phone was called.' });
  }

  /** The call was taken elsewhere, or is over. */
  stop(why: string): void {
    this.#isOver = true;
    for (const callId of [...this.#ringing]) this.#options.end(callId, why);
    this.#ringing.clear();
  }

  #dial(way: DialWay, into: { room: string; by: Person }): void {
    const { callId } = this.#options.dial(way, {
      ...into,
      watcher: { answered: () => this.#answered(callId), ended: (end) => this.#ended(callId, end) },
    });
    this.#ringing.add(callId);
  }

  #answered(callId: string): void {
    // Two may answer at the same moment: the second is told as the others are.
    if (this.#isOver) return this.#options.end(callId, 'The call was taken elsewhere.');
    this.#ringing.delete(callId);
    this.stop('The call was taken elsewhere.');
    this.#options.answered(callId);
  }

  #ended(callId: string, end: LegEnd): void {
    if (!this.#ringing.delete(callId)) return;
    // Whoever declines at one phone does not want to be called at the others (RFC 3261, section 21.6).
    if (end.status >= 600) this.stop('The call was declined.');
    if (this.#ringing.size === 0) this.#gone(end);
  }

  #gone(last: Pick<LegEnd, 'status' | 'why'>): void {
    this.#isOver = true;
    this.#options.gone(last);
  }
}
