import type { CallRecord, TrunkState } from '@parley/protocol';
import type { PhoneEvent } from '@parley/protocol/phoneProcess';
import type { Metrics } from '../observability/Metrics.ts';

/** What metrics tell of phones. */
export class PhoneMeter {
  readonly #metrics: Metrics;
  readonly #trunks = new Set<string>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  /** Those that there are: of others nothing is told any more. */
  keepTrunks(trunkIds: ReadonlySet<string>): void {
    for (const trunk of this.#trunks)
      if (!trunkIds.has(trunk)) {
        this.#trunks.delete(trunk);
        this.#metrics.phoneTrunks.remove({ trunk });
      }
  }

  noteProcess(event: Extract<PhoneEvent, { type: 'metrics' }>): void {
    this.#metrics.phoneLegs.set(event.legs);
    this.#metrics.phoneMessagesDropped.set(event.droppedMessages);
    this.#metrics.phoneLateTicks.set(event.lateTicks);
    this.#metrics.phoneProcessBytes.set(event.rssBytes);
  }

  noteTrunk({ trunkId, reachable, registration }: TrunkState): void {
    this.#trunks.add(trunkId);
    const isDown = reachable === 'down' || registration === 'retrying';
    const isUp = reachable === 'up' || registration === 'registered';
    if (isDown || isUp) this.#metrics.phoneTrunks.set({ trunk: trunkId }, isDown ? 0 : 1);
    else this.#metrics.phoneTrunks.remove({ trunk: trunkId });
  }

  noteCall({ direction, answeredAt, endedBy, status }: CallRecord): void {
    if (direction === 'in' && answeredAt === null && endedBy === 'server' && (status ?? 0) >= 400)
      return this.noteRefusal();
    this.#metrics.phoneCalls.inc({ direction, outcome: answeredAt === null ? 'unanswered' : 'answered' });
  }

  noteRefusal(): void {
    this.#metrics.phoneCallsRefused.inc();
  }

  /** Until the next one has said something, all of it is nothing. */
  noteDeath(): void {
    const { phoneLegs, phoneMessagesDropped, phoneLateTicks, phoneProcessBytes } = this.#metrics;
    for (const gauge of [phoneLegs, phoneMessagesDropped, phoneLateTicks, phoneProcessBytes]) gauge.set(0);
    for (const trunk of this.#trunks) this.#metrics.phoneTrunks.remove({ trunk });
    this.#metrics.phoneDeaths.inc();
  }
}
