import {
  ParleyError,
  type CallRecord,
  type Extension,
  type PhoneCall,
  type TrunkState,
} from '@parley/protocol';
import type { LegEnd, PhoneCommand, PhoneEvent } from '@parley/protocol/phoneProcess';
import type { Logger } from '../observability/logger.ts';
import type { Person } from '../room/actors.ts';
import type {
  CallingRoom,
  CallLog,
  CallRoute,
  Dialer,
  DialWay,
  DialWish,
  PhoneBook,
  PhoneStatus,
} from '../room/phonePorts.ts';
import type { Rooms } from '../room/Rooms.ts';
import { newLongId } from '../util/ids.ts';
import type { PhoneMeter } from './PhoneMeter.ts';
import type { PhoneProgram } from './PhoneProcess.ts';
import { Call, type CallFacts } from './rooms/Call.ts';
import { CallsForTwo } from './rooms/CallsForTwo.ts';
import { shownName } from './rooms/grants.ts';
import { InboundLeg } from './rooms/InboundLeg.ts';
import type { Leg, LegEvent } from './rooms/Leg.ts';
import { MinuteWatch } from './rooms/MinuteWatch.ts';
import { OutboundLeg, type Into, type OutboundWatcher } from './rooms/OutboundLeg.ts';
import { PhoneZones } from './rooms/PhoneZones.ts';
import { TransferDesk } from './rooms/TransferDesk.ts';
import { Supervisor } from './Supervisor.ts';

const DEFAULT_RING_S = 60;

export interface PhoneServiceOptions {
  book: PhoneBook;
  log: CallLog;
  program: PhoneProgram;
  meter: PhoneMeter;
  logger: Logger;
}

/** `transferOf`: the leg that asked for it. */
type Calling = Omit<DialWish, 'target' | 'breakoutId' | 'participantId'> & {
  transferOf?: string | undefined;
};
type Incoming = Extract<PhoneEvent, { type: 'incoming' }>;

/** Phones of this server: the process that speaks SIP, and what becomes of each call in rooms. */
export class PhoneService implements Dialer, PhoneStatus {
  readonly #options: PhoneServiceOptions;
  readonly #supervisor: Supervisor;
  readonly #zones: PhoneZones;
  readonly #minutes: MinuteWatch;
  readonly #transfers: TransferDesk;
  /** Calls outside of meetings. */
  readonly forTwo: CallsForTwo;
  readonly #legs = new Map<string, Leg>();
  readonly #trunks = new Map<string, TrunkState>();
  readonly #registered = new Set<string>();
  #rooms: Rooms | undefined;
  #fault: string | null = null;
  #stopWatching: (() => void) | undefined;

  constructor(options: PhoneServiceOptions) {
    const { book, program, logger } = options;
    this.#options = options;
    const send = (command: PhoneCommand): void => this.#supervisor.send(command);
    this.#minutes = new MinuteWatch(
      () => [...this.#legs.values()].map(({ call }) => call),
      (trunkId) => book.whySpent(trunkId),
    );
    this.#zones = new PhoneZones({ send, logger });
    this.#transfers = new TransferDesk({
      ...{ book, logger, ...this.#persons },
      dial: (way, into) => this.#dialInto(way, into),
      findLeg: (callId) => this.#legs.get(callId),
      findRoom: (name) => this.#openRooms.find(name),
      isForCall: (name) => this.forTwo.isForCall(name),
      legs: () => this.#legs.values(),
    });
    this.forTwo = new CallsForTwo({
      ...{ book, logger, ...this.#persons, rooms: () => this.#openRooms },
      dial: (way, into) => this.#dialInto(way, into),
      end: (callId, why) => this.#end(callId, why),
      endIn: (room, callId) => {
        if (!this.#transfers.isWithOthers(this.#legs.get(callId)?.call, room))
          this.#end(callId, 'The other side has hung up.');
      },
      desksOf: (identity) => this.#desksOf(identity),
    });
    this.#supervisor = new Supervisor({
      ...{ program, logger, settings: () => book.settings() },
      handleEvent: (event) => this.#handle(event),
      handleDeath: (how) => this.#handleDeath(how),
    });
  }

  /** From now on phones come into these rooms. */
  open(rooms: Rooms): void {
    this.#rooms = rooms;
    this.#stopWatching = this.#options.book.onChanged(() => this.#update());
    this.#update();
  }

  /** All calls end, and the process with them. */
  async close(): Promise<void> {
    this.#stopWatching?.();
    this.#minutes.close();
    this.forTwo.close();
    await this.#supervisor.close();
  }

  get state(): PhoneStatus['state'] {
    return this.#supervisor.state;
  }

  get fault(): string | null {
    return this.#fault;
  }

  get trunks(): readonly TrunkState[] {
    const calls = this.calls.map(({ trunkId }) => trunkId);
    return [...this.#trunks.values()].map((state) => ({
      ...state,
      calls: calls.filter((trunkId) => trunkId === state.trunkId).length,
    }));
  }

  get registered(): ReadonlySet<string> {
    return this.#registered;
  }

  get calls(): readonly CallRecord[] {
    return [...this.#legs.values()].map(({ call }) => call.record);
  }

  get isOn(): boolean {
    return this.#supervisor.state !== 'off';
  }

  callsOf(roomId: string): PhoneCall[] {
    return [...this.#legs.values()].flatMap(({ call }) =>
      call.seat?.room.roomId === roomId ? [call.shown] : [],
    );
  }

  dial(room: CallingRoom, wish: DialWish): PhoneCall {
    const { by, target, breakoutId, participantId } = wish;
    const way = this.#options.book.mayDial({ by, room: room.name, target, present: this.#callsBy(by) });
    const call = this.#dial(way, wish, { room: room.name, breakoutId, participantId });
    call.setSeat({ room, participantId: null, identity: null, breakoutId });
    return call.shown;
  }

  hangUp(callId: string, by: Person): void {
    const { call } = this.#get(callId);
    call.hangUp('host', `${by.displayName} ended the call.`, call.isAnswered ? 'goodbye' : null);
  }

  sendDigits(callId: string, digits: string): void {
    const { call } = this.#get(callId);
    if (!call.isAnswered) throw new ParleyError('WRONG_STATE');
    call.send({ type: 'sendDigits', digits });
  }

  transfer(callId: string, to: { target: string } | { callId: string }, by: Person): void {
    const { call } = this.#get(callId);
    this.#transfers.transfer(call, 'callId' in to ? this.#get(to.callId).call : to, by);
  }

  #handle(event: PhoneEvent): void {
    switch (event.type) {
      case 'incoming':
        return this.#handleIncoming(event);
      case 'listening':
        this.#fault = event.fault;
        return this.#noteListening(event);
      case 'zoneOpened':
        return this.#zones.handleOpened(event);
      case 'zoneLost':
        return this.#zones.handleLost(event.zoneId);
      case 'trunk':
        return this.#noteTrunk(event.state);
      case 'extension':
        this.#registered[event.registered ? 'add' : 'delete'](event.extension);
        return;
      case 'refused':
        this.#options.meter.noteRefusal();
        return this.#options.log.refused(event);
      case 'metrics':
        return this.#options.meter.noteProcess(event);
      case 'stopped':
        return;
      default:
        return this.#handleLeg(event);
    }
  }

  #noteListening({ udpPort, tcpPort, tlsPort, fault }: Extract<PhoneEvent, { type: 'listening' }>): void {
    const { logger } = this.#options;
    if (fault !== null) logger.error({ fault }, 'phones do not listen at all that is configured');
    if (udpPort ?? tcpPort ?? tlsPort) logger.info({ udpPort, tcpPort, tlsPort }, 'phones listen');
  }

  #noteTrunk(state: TrunkState): void {
    const { meter, logger } = this.#options;
    const former = this.#trunks.get(state.trunkId);
    this.#trunks.set(state.trunkId, state);
    meter.noteTrunk(state);
    if (former?.reachable === state.reachable && former.registration === state.registration) return;
    const { trunkId, reachable, registration, why } = state;
    logger[why === null ? 'info' : 'warn']({ trunkId, reachable, registration, why }, 'trunk');
  }

  /** Trunks and limits may be others now. */
  #update(): void {
    this.#supervisor.update();
    const trunkIds = new Set(this.#options.book.settings()?.trunks.map(({ trunkId }) => trunkId));
    for (const trunkId of this.#trunks.keys()) if (!trunkIds.has(trunkId)) this.#trunks.delete(trunkId);
    this.#options.meter.keepTrunks(trunkIds);
  }

  #handleIncoming({ legId, ...incoming }: Incoming): void {
    const { trunkId, extension, from, fromName, to, at } = incoming;
    const call = this.#begin({
      ...{ callId: legId, direction: 'in', trunkId, extension, from, to, by: null, startedAt: at },
      displayName: shownName(from, fromName),
    });
    this.#legs.set(legId, new InboundLeg(call, { legId, ...incoming }, this.#tools));
  }

  #handleLeg(event: Exclude<LegEvent, Incoming>): void {
    const leg = this.#legs.get(event.legId);
    if (!leg) return;
    if (event.type === 'transferAsked') this.#transfers.handleAsked(leg.call, event);
    else if (event.type === 'transferred') this.#transfers.handleDone(leg.call, event);
    else leg.handle(event);
  }

  /** Nobody says any more that the calls have ended; they have. */
  #handleDeath(how: string): void {
    this.#options.meter.noteDeath();
    this.#trunks.clear();
    this.#registered.clear();
    for (const leg of [...this.#legs.values()])
      leg.handle({ type: 'ended', legId: leg.call.callId, end: diedWith(leg.call, how) });
  }

  /** Throws PHONES_OFF. */
  #dial(
    { trunkId, callerId, target }: DialWay,
    { by, displayName, digits, ringSeconds, transferOf }: Calling,
    into: Into,
  ): Call {
    if (this.#supervisor.state !== 'running') throw new ParleyError('PHONES_OFF', { message: NOT_NOW });
    const call = this.#begin({
      ...{ callId: newLongId('CL'), direction: 'out', trunkId, extension: null, by },
      ...{ from: callerId ?? '', to: target, startedAt: Date.now() },
      displayName: shownName(target, displayName),
    });
    this.#legs.set(call.callId, new OutboundLeg(call, into, this.#tools));
    call.send({
      ...{ type: 'dial', trunkId, callerId, target, digits, displayName: by.displayName },
      ...(transferOf !== undefined && { transferOf }),
      ringSeconds: ringSeconds ?? this.#options.book.settings()?.limits.ringSeconds ?? DEFAULT_RING_S,
    });
    return call;
  }

  #dialInto(
    way: DialWay,
    into: { room: string; by: Person; watcher: OutboundWatcher; transferOf?: string },
  ): PhoneCall {
    const { room, by, watcher, transferOf } = into;
    const wish = { by, displayName: '', digits: '', ringSeconds: null, transferOf };
    return this.#dial(way, wish, { room, watcher, breakoutId: null, participantId: null }).shown;
  }

  #begin(facts: CallFacts): Call {
    const { log, logger } = this.#options;
    return new Call(facts, {
      ...{ log, logger, send: (command) => this.#supervisor.send(command) },
      ended: ({ callId, record }) => {
        this.#options.meter.noteCall(record);
        this.#legs.delete(callId);
        this.forTwo.handleEnded(callId);
      },
    });
  }

  #callsBy({ identity }: Person): number {
    return [...this.#legs.values()].filter(({ call }) => call.facts.by?.identity === identity).length;
  }

  #end(callId: string, why: string): void {
    const call = this.#legs.get(callId)?.call;
    call?.hangUp('server', why, call.isAnswered ? 'goodbye' : null);
  }

  get #persons() {
    return {
      callsBy: (by: Person) => this.#callsBy(by),
      ownerOf: (extension: string) =>
        this.#extensions.find((one) => one.extension === extension)?.identity ?? null,
    };
  }

  get #extensions(): readonly Extension[] {
    return this.#options.book.settings()?.extensions ?? [];
  }

  #desksOf(identity: string): string[] {
    return this.#extensions
      .filter((one) => one.identity === identity && this.#registered.has(one.extension))
      .map(({ extension }) => extension);
  }

  get #openRooms(): Rooms {
    if (!this.#rooms) throw new ParleyError('SHUTTING_DOWN');
    return this.#rooms;
  }

  get #tools() {
    const rooms = this.#openRooms;
    const { book, logger } = this.#options;
    return {
      ...{ book, logger, rooms, zones: this.#zones },
      findRoom: (name: string) => rooms.find(name),
      isForCall: (name: string) => this.forTwo.isForCall(name) && !this.#transfers.isUnderWay(name),
      takeOver: (call: Call, incoming: Parameters<TransferDesk['takeOver']>[1]) =>
        this.#transfers.takeOver(call, incoming),
      handOver: (leg: InboundLeg, route: Extract<CallRoute, { kind: 'user' | 'dial' }>) =>
        this.forTwo.begin(leg, route),
    };
  }

  #get(callId: string): Leg {
    const leg = this.#legs.get(callId);
    if (!leg) throw new ParleyError('CALL_NOT_FOUND');
    return leg;
  }
}

const NOT_NOW = 'The phones of this server are starting. Try again in a moment.';

const diedWith = (call: Call, how: string): LegEnd => ({
  ...{ by: 'server', status: 500, why: `The process of phones has died: ${how}.` },
  ...{ startedAt: call.facts.startedAt, answeredAt: null, endedAt: Date.now(), quality: call.record.quality },
});
