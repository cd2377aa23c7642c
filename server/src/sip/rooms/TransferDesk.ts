import { ParleyError, type PhoneCall, type Trunk } from '@parley/protocol';
import type { PhoneEvent } from '@parley/protocol/phoneProcess';
import type { Logger } from '../../observability/logger.ts';
import { personOf, type Person } from '../../room/actors.ts';
import type { DialWay, PhoneBook } from '../../room/phonePorts.ts';
import type { Room } from '../../room/Room.ts';
import { Call } from './Call.ts';
import type { Leg } from './Leg.ts';
import type { OutboundWatcher } from './OutboundLeg.ts';
import { RoomLeg } from './RoomLeg.ts';

type Event<T extends PhoneEvent['type']> = Extract<PhoneEvent, { type: T }>;

export interface TransferDeskOptions {
  book: Pick<PhoneBook, 'mayDial' | 'settings'>;
  /** Calls somebody into the room of a leg, which hears how that goes and ends when it stands. */
  dial(
    way: DialWay,
    into: { room: string; by: Person; watcher: OutboundWatcher; transferOf: string },
  ): PhoneCall;
  /** How many calls somebody has made that go on. */
  callsBy(by: Person): number;
  /** Whose an extension is; null where nobody's. */
  ownerOf(extension: string): string | null;
  findLeg(callId: string): Leg | undefined;
  findRoom(name: string): Room | undefined;
  /** Whether a room is there for one call alone. */
  isForCall(room: string): boolean;
  /** All legs there are. */
  legs(): Iterable<Leg>;
  logger: Logger;
}

/** Calls that are handed over to somebody else: by a host, or by whoever is at the other end. */
export class TransferDesk {
  readonly #options: TransferDeskOptions;
  /** Calls that take the place of others, and the rooms that they come to. */
  readonly #coming = new Map<Call, string>();

  constructor(options: TransferDeskOptions) {
    this.#options = options;
  }

  /** Throws WRONG_STATE before the answer and where one phone cannot reach the other, and what `PhoneBook.mayDial` throws. */
  transfer(call: Call, to: { target: string } | Call, by: Person): void {
    const other = to instanceof Call ? to : undefined;
    if (!call.isAnswered || other?.isAnswered === false || other === call)
      throw new ParleyError('WRONG_STATE');
    const target = to instanceof Call ? this.#endOf(call, to) : this.#numberFor(call, to.target, by);
    call.send({ type: 'transfer', target, attendedLegId: other?.callId ?? null });
    call.setMessage('The call is being handed over.');
  }

  handleDone(call: Call, { status, why }: Event<'transferred'>): void {
    const isDone = status >= 200 && status < 300;
    call.setMessage(isDone ? 'The call was handed over.' : `The call was not handed over: ${why}`);
    call.logger.info({ status, why }, 'transfer ended');
  }

  /** Only phones of the house, and those of trunks that may, have this server call somebody: a stranger’s would be paid for here. */
  handleAsked(call: Call, { target, replaces }: Event<'transferAsked'>): void {
    const room = roomOf(call);
    const isAllowed = room !== undefined && this.#isTrusted(call);
    call.logger.info({ isAllowed, attended: replaces !== undefined }, 'a transfer was asked for');
    if (!isAllowed) return call.send({ type: 'decideTransfer', accept: false });
    if (replaces === undefined) return this.#begin(call, room, target);
    this.#join(call, replaces).catch((err: unknown) => {
      this.#options.logger.error({ err }, 'two calls could not be joined');
      call.send({ type: 'decideTransfer', accept: false });
    });
  }

  /** Where a call that comes in may take the place of another; undefined where it may not. Then that call is as good as there. */
  takeOver(
    call: Call,
    { replaces, trunkId, extension }: { replaces: string; trunkId: string | null; extension: string | null },
  ): { room: string } | undefined {
    const former = this.#options.findLeg(replaces)?.call;
    const isSame = trunkId !== null ? former?.facts.trunkId === trunkId : extension !== null;
    const room = former?.seat?.room.name;
    if (!former || !isSame || room === undefined) return undefined;
    if (extension !== null && this.#extensionOf(former) === undefined) return undefined;
    this.#coming.set(call, room);
    return { room };
  }

  /** Whether somebody is about to come into a room in place of who leaves it. */
  isUnderWay(room: string): boolean {
    for (const [call, into] of this.#coming)
      if (call.isOver || roomOf(call) === into) this.#coming.delete(call);
    return [...this.#coming.values()].includes(room);
  }

  /** Whether a call goes on without whoever else was in its room for two: it is elsewhere, or somebody has come, or is about to. */
  isWithOthers(call: Call | undefined, room: string): boolean {
    const seat = call?.seat;
    if (!seat) return false;
    const people = this.#options.findRoom(room)?.roster.visiblePeople.length ?? 0;
    return seat.room.name !== room || people > 2 || this.isUnderWay(room);
  }

  #begin(call: Call, room: string, target: string): void {
    const by: Person = { identity: this.#payerOf(call), displayName: call.shown.displayName };
    try {
      // All that may be refused comes before it is accepted: that cannot be taken back.
      const way = this.#way(call, target, { by, present: this.#options.callsBy(by) });
      call.send({ type: 'decideTransfer', accept: true });
      const { callId } = this.#options.dial(way, {
        ...{ room, by, transferOf: call.callId },
        watcher: { answered: () => undefined, ended: () => this.#tidy(room) },
      });
      const begun = this.#options.findLeg(callId)?.call;
      if (begun) this.#coming.set(begun, room);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      call.logger.info({ why: error.message }, 'a transfer was refused');
      call.send({ type: 'decideTransfer', accept: false });
    }
  }

  /** A carrier would take an extension of ours for one of its own numbers, or of somebody else’s. */
  #numberFor(call: Call, wanted: string, by: Person): string {
    // The phone calls by itself: it is no call of the host.
    const { trunkId, target } = this.#way(call, wanted, { by, present: 0 });
    const isExtension = trunkId === null && !/^sips?:/i.test(target);
    if (isExtension && this.#sideOf(call) !== HOUSE) throw unreachable(NO_EXTENSION);
    return target;
  }

  /** One phone calls the other where that is: an address of the house means nothing to a carrier, and is none of its business. */
  #endOf(call: Call, other: Call): string {
    if (this.#sideOf(call) !== this.#sideOf(other)) throw unreachable(NO_WAY);
    return other.number;
  }

  /** Phones on one side reach each other without this server: those of a trunk, those of the house, those at addresses elsewhere. */
  #sideOf(call: Call): string {
    const { trunkId } = call.facts;
    if (trunkId !== null) return `trunk ${trunkId}`;
    return this.#extensionOf(call) === undefined ? 'elsewhere' : HOUSE;
  }

  /** Whoever is in the two calls of one phone is put together, and that phone is out of both. */
  async #join(call: Call, replaces: string): Promise<void> {
    const other = this.#options.findLeg(replaces)?.call;
    const [here, there] = [call.seat?.room.name, other?.seat?.room.name];
    const plan = other && here !== undefined && there !== undefined && this.#plan(call, other, [here, there]);
    const room = plan && this.#options.findRoom(plan.room);
    if (!plan || !room) return call.send({ type: 'decideTransfer', accept: false });
    for (const { call: moved } of plan.legs) this.#coming.set(moved, plan.room);
    await Promise.all(plan.legs.map((leg) => leg.moveTo(room)));
    call.send({ type: 'decideTransfer', accept: true, outcome: 200 });
    other.hangUp('server', 'The call was passed on.', null);
  }

  /** Phones can be brought from a call of two to the other one, or into a meeting. Nobody can be taken out of a meeting. */
  #plan(call: Call, other: Call, [here, there]: [string, string]) {
    if (here === there) return undefined;
    for (const [from, room] of [
      [there, here],
      [here, there],
    ] as const) {
      const legs = this.#phonesIn(from, [call, other]);
      if (legs) return { room, legs };
    }
    return undefined;
  }

  /** Those beside the calls of who hands over, where there is nobody else. */
  #phonesIn(room: string, without: readonly Call[]): RoomLeg[] | undefined {
    const { findRoom, isForCall, legs } = this.#options;
    const found = findRoom(room);
    if (!found || !isForCall(room)) return undefined;
    const phones = [...legs()].filter(
      (leg): leg is RoomLeg =>
        leg instanceof RoomLeg &&
        leg.call.seat?.room.name === room &&
        leg.call.seat.participantId !== null &&
        !without.includes(leg.call),
    );
    const people = found.roster.visiblePeople.length;
    return phones.length > 0 && people === phones.length + 1 ? phones : undefined;
  }

  /** It came to nothing, and who asked for it has gone already: whoever is left waits for nobody. */
  #tidy(room: string): void {
    const { findRoom, isForCall, legs } = this.#options;
    if (!isForCall(room) || this.isUnderWay(room)) return;
    if (findRoom(room)?.roster.visiblePeople.length !== 1) return;
    for (const { call } of legs())
      if (call.seat?.room.name === room) call.hangUp('server', 'The other side has hung up.', null);
  }

  #isTrusted(call: Call): boolean {
    const { trunkId } = call.facts;
    return trunkId === null
      ? this.#extensionOf(call) !== undefined
      : this.#trunk(trunkId)?.transfers === true;
  }

  /** The phone of ours that it is with; undefined where it is another. */
  #extensionOf({ facts }: Call): string | undefined {
    const { extension, direction, trunkId, to } = facts;
    if (extension !== null) return extension;
    const isOurs = direction === 'out' && trunkId === null;
    return isOurs
      ? this.#options.book.settings()?.extensions.find((one) => one.extension === to)?.extension
      : undefined;
  }

  #trunk(trunkId: string): Trunk | undefined {
    return this.#options.book.settings()?.trunks.find((one) => one.trunkId === trunkId);
  }

  /** With whose calls it counts: those of the person whose phone it is, so that a second phone gives nobody more. */
  #payerOf(call: Call): string {
    const extension = this.#extensionOf(call);
    if (extension === undefined) return call.record.identity ?? call.callId;
    return this.#options.ownerOf(extension) ?? extension;
  }

  #way(call: Call, target: string, { by, present }: { by: Person; present: number }): DialWay {
    const room = call.seat?.room.name;
    // What is a call for two is no meeting, whose limits would be asked about.
    const asked = room === undefined || this.#options.isForCall(room) ? null : room;
    return this.#options.book.mayDial({ by: personOf(by), room: asked, target, present });
  }
}

const HOUSE = 'house';
const NO_EXTENSION =
  'The carrier of this call cannot reach that phone. Dial it into the meeting instead, where both can talk.';
const NO_WAY =
  'These two phones cannot reach each other by themselves. Leave both in the meeting, where they can talk.';

/** The reason tells it from what would be possible a moment later. */
const unreachable = (message: string): ParleyError =>
  new ParleyError('WRONG_STATE', { message, details: { reason: 'unreachable' } });

/** Where somebody is by this call; undefined while nobody is. */
const roomOf = ({ seat }: Call): string | undefined =>
  seat && seat.participantId !== null ? seat.room.name : undefined;
