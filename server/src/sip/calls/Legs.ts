import type { PhoneEvent } from '@parley/protocol/phoneProcess';
import type { IncomingRefer } from '../stack/session/IncomingRefer.ts';
import type { Replaces } from '../stack/session/referHeaders.ts';
import type { IncomingLeg } from './IncomingLeg.ts';
import type { Leg } from './Leg.ts';
import type { LegSession } from './LegSession.ts';
import { RingingGroup } from './RingingGroup.ts';
import type { TrunkLine } from './TrunkLine.ts';

export interface LiveLeg {
  leg: Leg;
  /** How its beginning is decided; undefined for a call that was made. */
  incoming?: IncomingLeg | undefined;
  line?: TrunkLine | undefined;
  /** The peer wants somebody else to be called. */
  refer?: IncomingRefer | undefined;
}

/** All phones there are, and what the server is told of them. */
export class Legs {
  readonly #tell: (event: PhoneEvent) => void;
  readonly #legs = new Map<string, LiveLeg>();
  #reserved = 0;

  constructor(tell: (event: PhoneEvent) => void) {
    this.#tell = tell;
  }

  /** With those that are about to be. */
  get size(): number {
    return this.#legs.size + this.#reserved;
  }

  /** Counts one that takes a moment to become a leg, so that no more begin at once than there may be. Ends when what it gives is called. */
  reserve(line: TrunkLine | undefined): () => void {
    this.#reserved += 1;
    const leave = line?.occupy();
    return () => {
      this.#reserved -= 1;
      leave?.();
    };
  }

  get all(): LiveLeg[] {
    return [...this.#legs.values()];
  }

  /** undefined when it has ended: what is asked of it then came too late, and is no fault. */
  find(legId: string): LiveLeg | undefined {
    return this.#legs.get(legId);
  }

  add(live: LiveLeg): void {
    const { leg, line } = live;
    const { legId } = leg;
    this.#legs.set(legId, live);
    const leave = line?.occupy();
    leg.on('held', (held) => this.#tell({ type: 'held', legId, held }));
    leg.on('key', (action) => this.#tell({ type: 'key', legId, action }));
    leg.on('refer', (refer) => this.#referred(live, refer));
    leg.once('ended', (end) => {
      this.#legs.delete(legId);
      leave?.();
      this.#tell({ type: 'ended', legId, end });
    });
  }

  /** The leg that a call belongs to, if it is one of several phones that ring, too. */
  findBySession(session: unknown): Leg | undefined {
    return this.all.find(({ leg }) => leg.session === session || isAmong(session, leg.session))?.leg;
  }

  /** The leg that is meant, by the dialog as the phone at its other end sees it. */
  #legOf({ callId, toTag, fromTag }: Replaces): Leg | undefined {
    return this.all.find(({ leg }) => {
      const id = leg.session.replacesId;
      return id?.callId === callId && id.fromTag === toTag && id.toTag === fromTag;
    })?.leg;
  }

  #referred(live: LiveLeg, refer: IncomingRefer): void {
    if (live.refer?.isAnswered === false) return refer.reject(491);
    live.refer = refer;
    const replaced = refer.replaces && this.#legOf(refer.replaces);
    this.#tell({
      ...{ type: 'transferAsked', legId: live.leg.legId, target: refer.dialled },
      attended: refer.replaces !== undefined,
      ...(replaced && { replaces: replaced.legId }),
    });
  }
}

const isAmong = (session: unknown, group: LegSession): boolean =>
  group instanceof RingingGroup && group.has(session);
