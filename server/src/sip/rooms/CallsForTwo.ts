import { randomBytes } from 'node:crypto';
import { ParleyError, type PhoneCall } from '@parley/protocol';
import type { LegEnd } from '@parley/protocol/phoneProcess';
import type { Logger } from '../../observability/logger.ts';
import type { Person } from '../../room/actors.ts';
import type {
  CallRoute,
  DialWay,
  OpenApp,
  PersonalCallEvent,
  PersonalCalls,
  PhoneBook,
  PhoneSeat,
} from '../../room/phonePorts.ts';
import type { Rooms } from '../../room/Rooms.ts';
import type { Call } from './Call.ts';
import { DeskPhones } from './DeskPhones.ts';
import type { InboundLeg } from './InboundLeg.ts';
import type { OutboundWatcher } from './OutboundLeg.ts';

/** How long whoever has taken a call may take to come into its room, ms. */
const COME_MS = 30_000;
/** How long a room for a call stays without anybody, s. */
const EMPTY_S = 10;

export interface CallsForTwoOptions {
  rooms(): Pick<Rooms, 'openFor' | 'updateRoom' | 'find'>;
  book: Pick<PhoneBook, 'mayDial' | 'settings'>;
  /** Calls a phone into a room that is there for it. */
  dial(way: DialWay, into: { room: string; by: Person; watcher: OutboundWatcher }): PhoneCall;
  /** Nothing where it has ended. */
  end(callId: string, why: string): void;
  /** Who was called is left alone in a room; nothing where that is not so, as one of them was handed over to somebody else. */
  endIn(room: string, callId: string): void;
  /** How many calls somebody has made that go on. */
  callsBy(by: Person): number;
  /** Whose an extension is; null where nobody's. */
  ownerOf(extension: string): string | null;
  /** Extensions of somebody whose phones are there now. */
  desksOf(identity: string): string[];
  logger: Logger;
}

interface Ringing {
  leg: InboundLeg;
  identity: string;
  event: Extract<PersonalCallEvent, { type: 'ringing' }>;
  timer: NodeJS.Timeout;
  desks: DeskPhones;
  /** In which it goes on where a phone on a desk takes it. */
  room?: string;
}

/** Calls between two: somebody's apps and a phone, or two phones. Each goes on in a room of its own. */
export class CallsForTwo implements PersonalCalls {
  readonly #options: CallsForTwoOptions;
  readonly #apps = new Map<string, Set<OpenApp>>();
  readonly #ringing = new Map<string, Ringing>();
  /** Names of rooms. They go with their call, and their names are not used again. */
  readonly #rooms = new Set<string>();
  #closed = false;

  constructor(options: CallsForTwoOptions) {
    this.#options = options;
  }

  isForCall(room: string): boolean {
    return this.#rooms.has(room);
  }

  listen(identity: string, app: OpenApp): () => void {
    if (this.#closed) app.ended();
    const apps = this.#apps.get(identity) ?? new Set();
    this.#apps.set(identity, apps.add(app));
    for (const ringing of this.#ringing.values()) if (ringing.identity === identity) app.told(ringing.event);
    return () => {
      apps.delete(app);
      if (apps.size === 0 && this.#apps.get(identity) === apps) this.#apps.delete(identity);
    };
  }

  async answer(callId: string, { identity }: Person): Promise<string> {
    const { leg, event } = this.#take(callId, identity, 'answered');
    const room = await this.#makeRoom(event.displayName);
    const { displayName } = event;
    leg.answerInto({ room, identity: null, displayName, role: 'participant' });
    setTimeout(() => {
      const isThere = this.#options.rooms().find(room)?.roster.findByIdentity(identity);
      if (!isThere) leg.call.hangUp('server', 'Whoever took the call did not come.', 'try-later');
    }, COME_MS).unref();
    return room;
  }

  decline(callId: string, { identity }: Person): void {
    const { leg } = this.#take(callId, identity, 'declined');
    leg.decide({ kind: 'reject', status: 603, why: 'The call was declined.', prompt: null });
  }

  async prepare(target: string, by: Person): Promise<string> {
    const way = this.#options.book.mayDial({ by, room: null, target });
    return this.#makeRoom(way.target);
  }

  /** A call has come in that concerns two. */
  begin(leg: InboundLeg, route: Extract<CallRoute, { kind: 'user' | 'dial' }>): void {
    if (route.kind === 'user') return this.#ring(leg, route.identity, this.#options.desksOf(route.identity));
    const owner = route.way.trunkId === null ? this.#options.ownerOf(route.way.target) : null;
    // Whoever dials the phone on a desk calls the person: their open apps ring with it.
    if (owner !== null && this.#apps.has(owner)) {
      const desks = this.#options.desksOf(owner).filter((extension) => extension === route.way.target);
      this.#ring(leg, owner, desks);
    } else this.#do(leg, () => this.#connect(leg, route.way));
  }

  /** A call is over. */
  handleEnded(callId: string): void {
    const ringing = this.#ringing.get(callId);
    if (ringing) this.#stop(ringing, 'missed');
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#ringing.values()) clearTimeout(timer);
    for (const apps of this.#apps.values()) for (const app of [...apps]) app.ended();
    this.#apps.clear();
  }

  #ring(leg: InboundLeg, identity: string, extensions: string[]): void {
    const { call } = leg;
    call.setIdentity(identity);
    if (!this.#apps.has(identity) && extensions.length === 0) {
      const why = 'Nobody could be reached: no app of theirs is open, and no phone of theirs is there.';
      return leg.decide({ kind: 'reject', status: 480, why, prompt: null });
    }
    const { callId, number, shown } = call;
    const { displayName, startedAt } = shown;
    const seconds = this.#options.book.settings()?.limits.ringSeconds ?? 60;
    const ringing: Ringing = {
      ...{ leg, identity, event: { type: 'ringing', callId, number, displayName, startedAt } },
      timer: setTimeout(() => this.#give(ringing), seconds * 1000).unref(),
      desks: this.#desksFor(callId),
    };
    this.#ringing.set(callId, ringing);
    leg.decide({ kind: 'ring' });
    this.#tell(identity, ringing.event);
    if (extensions.length > 0) this.#do(leg, () => this.#ringDesks(ringing, extensions));
  }

  async #ringDesks(ringing: Ringing, extensions: string[]): Promise<void> {
    const { callId, displayName, number } = ringing.event;
    const room = await this.#makeRoom(displayName);
    if (this.#ringing.get(callId) !== ringing) return;
    ringing.room = room;
    const by: Person = { identity: callId, displayName };
    ringing.desks.ring(extensions, { room, by, callerId: number === '' ? null : number });
  }

  #desksFor(callId: string): DeskPhones {
    const { dial, end } = this.#options;
    return new DeskPhones({
      ...{ dial, end },
      answered: (deskId) => this.#answeredAtDesk(callId, deskId),
      gone: (last) => this.#desksGone(callId, last),
    });
  }

  #answeredAtDesk(callId: string, deskId: string): void {
    const ringing = this.#ringing.get(callId);
    if (ringing?.room === undefined) return this.#options.end(deskId, 'The call was taken elsewhere.');
    const { leg, room, event } = ringing;
    this.#stop(ringing, 'answered');
    leg.call.onEnded(() => this.#options.endIn(room, deskId));
    leg.answerInto({ room, identity: null, displayName: event.displayName, role: 'participant' });
  }

  /** Apps ring on, unless somebody declined. */
  #desksGone(callId: string, last: Pick<LegEnd, 'status' | 'why'>): void {
    const ringing = this.#ringing.get(callId);
    const isDeclined = last.status >= 600;
    if (!ringing || (!isDeclined && this.#apps.has(ringing.identity))) return;
    this.#stop(ringing, isDeclined ? 'declined' : 'missed');
    refuseAs(ringing.leg, last);
  }

  #give(ringing: Ringing): void {
    this.#stop(ringing, 'missed');
    ringing.leg.decide({ kind: 'reject', status: 480, why: 'Nobody answered.', prompt: null });
  }

  /** Throws CALL_NOT_FOUND. */
  #take(callId: string, identity: string, why: 'answered' | 'declined'): Ringing {
    const ringing = this.#ringing.get(callId);
    if (ringing?.identity !== identity) throw new ParleyError('CALL_NOT_FOUND');
    this.#stop(ringing, why);
    return ringing;
  }

  #stop(ringing: Ringing, why: 'answered' | 'declined' | 'missed'): void {
    const { callId } = ringing.event;
    clearTimeout(ringing.timer);
    this.#ringing.delete(callId);
    ringing.desks.stop(why === 'answered' ? 'The call was taken elsewhere.' : 'The call is over.');
    this.#tell(ringing.identity, { type: 'stopped', callId, why });
  }

  #tell(identity: string, event: PersonalCallEvent): void {
    for (const app of this.#apps.get(identity) ?? []) app.told(event);
  }

  /** Two phones: who called is answered when the other has answered. */
  async #connect(leg: InboundLeg, way: DialWay): Promise<void> {
    const { call } = leg;
    leg.decide({ kind: 'ring' });
    const room = await this.#makeRoom(way.target);
    if (call.isOver) return;
    const { displayName } = call.shown;
    const by: Person = { identity: this.#callerOf(call), displayName };
    const seat: PhoneSeat = { room, identity: null, displayName, role: 'participant' };
    const dialled = this.#options.dial(this.#allowed(way, by), {
      ...{ room, by },
      watcher: { answered: () => leg.answerInto(seat), ended: (end) => refuseAs(leg, end) },
    });
    call.onEnded(() => this.#options.endIn(room, dialled.callId));
  }

  /** With whose calls it counts: those of the person whose phone it is, where it is anybody's. */
  #callerOf({ callId, facts: { extension } }: Call): string {
    if (extension === null) return callId;
    return this.#options.ownerOf(extension) ?? extension;
  }

  /** What is paid for is asked about again when it is called: of several that were asked about at once, each had seen none of the others. */
  #allowed(way: DialWay, by: Person): DialWay {
    if (way.trunkId === null) return way;
    const { book, callsBy } = this.#options;
    return book.mayDial({ by, room: null, target: way.target, present: callsBy(by) });
  }

  /** What cannot be done is why the call is refused. */
  #do(leg: InboundLeg, task: () => Promise<void>): void {
    task().catch((err: unknown) => {
      const why = err instanceof ParleyError ? err.message : 'The call could not be connected.';
      if (!(err instanceof ParleyError)) this.#options.logger.error({ err }, 'a call was not connected');
      leg.decide({ kind: 'reject', status: 503, why, prompt: null });
    });
  }

  async #makeRoom(title: string): Promise<string> {
    const name = `call-${randomBytes(12).toString('hex')}`;
    const rooms = this.#options.rooms();
    rooms.openFor(name, { ownedBy: null, create: true });
    for (const former of this.#rooms) if (!rooms.find(former)) this.#rooms.delete(former);
    this.#rooms.add(name);
    await rooms.updateRoom(name, { title, emptyTimeout: EMPTY_S, autoRecord: 'off' });
    return name;
  }
}

/** Who called hears why the other did not answer, by the same status. */
function refuseAs(leg: InboundLeg, { status, why }: Pick<LegEnd, 'status' | 'why'>): void {
  if (leg.call.isOver || leg.call.isAnswered) return;
  const told = status >= 400 && status <= 699 ? status : 480;
  leg.decide({ kind: 'reject', status: told, why, prompt: null });
}
