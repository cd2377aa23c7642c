import type { Trunk } from '@parley/protocol';
import type { CallBook } from './CallBook.ts';

/** A limit that is reached: its name and how much it allows. */
export interface Reached {
  limit: string;
  max: number;
}

interface Most {
  maxCalls: number;
  maxCallsPerRoom: number;
  maxCallsPerPerson: number;
}

/** How many calls there may be at once, and how long trunks may be used in a day. */
export class CallLimits {
  readonly #calls: Pick<CallBook, 'open' | 'minutesToday'>;
  readonly #max: Most;

  constructor(calls: Pick<CallBook, 'open' | 'minutesToday'>, max: Most) {
    this.#calls = calls;
    this.#max = max;
  }

  /** Of all together. `except`: the call that is asked about, which may be noted already. */
  inAll(except?: string): Reached | undefined {
    return this.#over(
      'sip.limits.maxCalls',
      this.#max.maxCalls,
      this.#count(() => true, except),
    );
  }

  ofRoom(room: string, except?: string): Reached | undefined {
    const count = this.#count((call) => call.room === room, except);
    return this.#over('sip.limits.maxCallsPerRoom', this.#max.maxCallsPerRoom, count);
  }

  /** `present`: how many they have made that go on. */
  ofPerson(present: number): Reached | undefined {
    return this.#over('sip.limits.maxCallsPerPerson', this.#max.maxCallsPerPerson, present);
  }

  ofTrunk({ trunkId, maxCalls }: Trunk, except?: string): Reached | undefined {
    const count = this.#count((call) => call.trunkId === trunkId, except);
    return this.#over(`maxCalls of the trunk ${trunkId}`, maxCalls, count);
  }

  minutesOf({ trunkId, outbound }: Trunk): Reached | undefined {
    const max = outbound?.minutesPerDay ?? 0;
    return this.#over(`minutesPerDay of the trunk ${trunkId}`, max, this.#calls.minutesToday(trunkId));
  }

  #count(isOne: (call: { room: string | null; trunkId: string | null }) => boolean, except?: string): number {
    let count = 0;
    for (const [callId, call] of this.#calls.open) if (callId !== except && isOne(call)) count += 1;
    return count;
  }

  #over(limit: string, max: number, present: number): Reached | undefined {
    return present >= max ? { limit, max } : undefined;
  }
}
