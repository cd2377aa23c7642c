import type { CallRecord, RefusedCall } from '@parley/protocol';
import type { Logger } from '../../observability/logger.ts';
import type { CallLog } from '../../room/phonePorts.ts';
import { BEAT_MS } from '../../room/Heartbeat.ts';
import { DAY_MS } from '../../util/HourlySweep.ts';
import { TokenBucket } from '../../util/TokenBucket.ts';
import type { Beats, CallStore, CallTeller } from './ports.ts';

export interface CallBookOptions {
  store: CallStore;
  beats: Beats;
  teller: CallTeller;
  logger: Logger;
  now?: () => number;
}

/** Refused calls that are written down: on average each second, and at once. The others are only counted. */
const REFUSED_PER_SECOND = 2;
const REFUSED_BURST = 100;

/**
 * Writes down calls as they begin, change and end, and tells others. After a crash those that went on have ended, when the process
 * last said that it lives.
 */
export class CallBook implements CallLog {
  readonly #options: CallBookOptions;
  readonly #now: () => number;
  readonly #open = new Map<string, CallRecord>();
  readonly #refusals = new TokenBucket(REFUSED_PER_SECOND, REFUSED_BURST);
  readonly #timer: NodeJS.Timeout;
  #unwritten = 0;

  constructor(options: CallBookOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#endLost();
    this.#timer = setInterval(() => {
      if (this.#open.size > 0) options.beats.beat(this.#now());
    }, BEAT_MS).unref();
  }

  /** Calls that go on. */
  get open(): ReadonlyMap<string, CallRecord> {
    return this.#open;
  }

  started(call: CallRecord): void {
    this.#open.set(call.callId, call);
    this.#options.store.save(call);
    this.#options.teller.tellOfCall('call_started', call);
    if (call.answeredAt !== null) this.#options.teller.tellOfCall('call_answered', call);
  }

  changed(call: CallRecord): void {
    const former = this.#open.get(call.callId);
    this.#open.set(call.callId, call);
    this.#options.store.save(call);
    if (former?.answeredAt === null && call.answeredAt !== null)
      this.#options.teller.tellOfCall('call_answered', call);
  }

  ended(call: CallRecord): void {
    this.#open.delete(call.callId);
    this.#options.store.save(call);
    if (isRejected(call)) this.#write(refusalOf(call, this.#now()));
    this.#options.teller.tellOfCall('call_ended', call);
  }

  refused({ trunkId, source, from, to, status, why, at }: RefusedCall): void {
    const call = { trunkId, source, from, to, status, why, at };
    if (this.#write(call)) this.#options.teller.tellOfRefusal(call);
  }

  /** Minutes of calls that a trunk has made since midnight (UTC). */
  minutesToday(trunkId: string): number {
    const now = this.#now();
    const since = now - (now % DAY_MS);
    return this.#options.store.spokenMs(trunkId, { since, now }) / 60_000;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #write(call: RefusedCall): boolean {
    if (!this.#refusals.take()) {
      this.#unwritten += 1;
      return false;
    }
    if (this.#unwritten > 0)
      this.#options.logger.warn({ count: this.#unwritten }, 'refused calls came too fast to be written down');
    this.#unwritten = 0;
    this.#options.store.refuse(call);
    return true;
  }

  #endLost(): void {
    const { store, beats, teller } = this.#options;
    const lastBeat = beats.lastBeat() ?? 0;
    for (const call of store.open()) {
      const ended: CallRecord = {
        ...call,
        ...{ state: 'ended', endedBy: 'server', why: 'The server ended unexpectedly.' },
        endedAt: Math.max(call.startedAt, call.answeredAt ?? 0, lastBeat),
      };
      store.save(ended);
      teller.tellOfCall('call_ended', ended);
    }
  }
}

/** It came in, and was not let through. */
const isRejected = ({ direction, answeredAt, endedBy, status }: CallRecord): boolean =>
  direction === 'in' && answeredAt === null && endedBy === 'server' && (status ?? 0) >= 400;

const refusalOf = ({ trunkId, from, to, status, why }: CallRecord, at: number): RefusedCall => ({
  ...{ trunkId, from, to, at, source: '' },
  status: status ?? 0,
  why: why ?? '',
});
