import type { CallDecision } from '@parley/protocol/phoneProcess';
import type { CallRoute, IncomingCall, PhoneBook, PhoneSeat } from '../../room/phonePorts.ts';
import type { Participant } from '../../room/Participant.ts';
import type { Room } from '../../room/Room.ts';
import type { Call } from './Call.ts';
import { grantsOf, networkOfCall, shownName } from './grants.ts';
import type { Leg, LegEvent } from './Leg.ts';
import { RoomLeg, type RoomLegTools } from './RoomLeg.ts';

export interface InboundTools extends RoomLegTools {
  book: Pick<PhoneBook, 'route' | 'checkPin' | 'legEnded'>;
  /** Where it may take the place of another call. */
  takeOver(
    call: Call,
    incoming: { replaces: string; trunkId: string | null; extension: string | null },
  ): { room: string } | undefined;
  /** Somebody else sees to the leg from now on. */
  handOver(leg: InboundLeg, route: Extract<CallRoute, { kind: 'user' | 'dial' }>): void;
}

/** A call that has come in: where it goes is looked up, or asked for by PIN; then it is a phone in a room. */
export class InboundLeg extends RoomLeg implements Leg {
  readonly #incoming: IncomingCall & { replaces?: string };
  readonly #tools: InboundTools;
  #seat: PhoneSeat | undefined;
  #pinLength: number | null = null;
  #isExpected = false;

  constructor(call: Call, incoming: IncomingCall & { replaces?: string }, tools: InboundTools) {
    super(call, tools);
    this.#incoming = incoming;
    this.#tools = tools;
    this.do(() => this.#route());
  }

  override handle(event: LegEvent): void {
    if (event.type === 'pinEntered') this.do(() => this.#checkPin(event.digits));
    else super.handle(event);
    if (event.type === 'ended') this.#tools.book.legEnded(this.call.callId);
  }

  /** Goes on in this room, where it is expected. */
  answerInto(seat: PhoneSeat): void {
    if (this.call.isOver || this.#seat) return;
    this.#seat = seat;
    this.#isExpected = true;
    this.decide({ kind: 'answer' });
  }

  decide(decision: CallDecision): void {
    this.call.send({ type: 'decide', decision });
  }

  protected override answered(): void {
    if (this.#seat) this.#enter(this.#seat);
  }

  async #route(): Promise<void> {
    const { replaces } = this.#incoming;
    if (replaces !== undefined) return this.#takeOver(replaces);
    const route = await this.#tools.book.route(this.#incoming);
    if (this.call.isOver) return;
    switch (route.kind) {
      case 'room':
        this.#seat = route;
        return this.decide({ kind: 'answer' });
      case 'pin':
        this.#pinLength = route.length;
        return this.decide({ kind: 'askPin', prompt: 'enter-pin', length: route.length });
      case 'reject':
        return this.#reject(route.status, route.why);
      default:
        this.#tools.handOver(this, route);
    }
  }

  /** Whoever was in a call has passed it on to this one (RFC 3891). */
  #takeOver(replaces: string): void {
    const place = this.#tools.takeOver(this.call, { ...this.#incoming, replaces });
    if (!place) return this.#reject(403, 'It wanted to take the place of a call that is not its own.');
    this.answerInto({ ...place, identity: null, displayName: null, role: 'participant' });
  }

  async #checkPin(digits: string): Promise<void> {
    const { callId, number } = this.call;
    const { trunkId } = this.#incoming;
    // Digits come on an answered call alone.
    this.call.setAnswered(Date.now());
    const outcome = await this.#tools.book.checkPin({ legId: callId, from: number, trunkId, digits });
    if (this.call.isOver || this.#seat) return;
    switch (outcome.kind) {
      case 'accepted':
        return this.#enter((this.#seat = outcome));
      case 'full':
        return this.call.hangUp('server', outcome.why, 'try-later');
      case 'locked':
        return this.call.hangUp('server', 'Too many wrong PINs were entered.', 'too-many-tries');
      case 'wrong':
        if (outcome.triesLeft > 0)
          return this.decide({ kind: 'askPin', prompt: 'wrong-pin', length: this.#pinLength });
        return this.call.hangUp('server', 'No right PIN was entered.', 'too-many-tries');
    }
  }

  #enter({ room, identity, displayName, role }: PhoneSeat): void {
    if (this.visit) return;
    const { number } = this.call;
    // Who is there by computer, and shows who they are by a PIN, comes to speak by phone.
    const there = identity === null ? undefined : this.#computerOf(room, identity);
    if (there && !there.participant.info.phone) return this.speakFor(there);
    const name = shownName(number, displayName, this.#incoming.fromName);
    this.call.setDisplayName(name);
    const caller = {
      room,
      displayName: name,
      role,
      identity: identity !== null && !there ? identity : this.freeIdentity(room),
    };
    if (this.#isExpected)
      this.#tools.findRoom(room)?.members.update(caller.identity, { admission: 'admitted' });
    const grants = { ...grantsOf(this.call, caller), isGuest: identity === null };
    this.begin({ grants, network: networkOfCall(this.call) }, null);
  }

  #computerOf(room: string, identity: string): { participant: Participant; room: Room } | undefined {
    const found = this.#tools.findRoom(room);
    const participant = found?.roster.findByIdentity(identity);
    return found && participant?.grants.kind === 'web' ? { participant, room: found } : undefined;
  }

  #reject(status: number, why: string): void {
    this.decide({ kind: 'reject', status, why, prompt: null });
  }

  protected override failed(): void {
    if (this.call.isAnswered) this.call.hangUp('server', 'The call could not be connected.', 'try-later');
    else this.#reject(500, 'The call could not be connected.');
  }
}
