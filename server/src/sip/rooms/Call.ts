import type { CallQuality, CallRecord, PhoneCall, PhoneLink } from '@parley/protocol';
import type { LegEnd, PhoneCommand, PromptName } from '@parley/protocol/phoneProcess';
import type { Logger } from '../../observability/logger.ts';
import type { Person } from '../../room/actors.ts';
import type { CallingRoom, CallLog } from '../../room/phonePorts.ts';
import { maskNumber } from './maskNumber.ts';
import { outcomeOf } from './words.ts';

type OpenState = Extract<PhoneCall['state'], 'dialing' | 'ringing' | 'earlyMedia' | 'answered'>;
type CommandType = PhoneCommand['type'];
/** What is said about one leg, without its id. */
type LegCommand = {
  [T in CommandType]: Extract<PhoneCommand, { type: T }> extends infer C extends { legId: string }
    ? Omit<C, 'legId'>
    : never;
}[CommandType];

export interface CallFacts {
  callId: string;
  direction: 'in' | 'out';
  trunkId: string | null;
  extension: string | null;
  from: string;
  to: string;
  displayName: string;
  /** Who called; null for a call that came in. */
  by: Person | null;
  startedAt: number;
}

export interface CallTools {
  send(command: PhoneCommand): void;
  log: CallLog;
  logger: Logger;
  /** It is over. */
  ended(call: Call): void;
}

/** Where a call is, and as whom. */
export interface CallSeat {
  room: CallingRoom;
  participantId: string | null;
  identity: string | null;
  breakoutId: string | null;
}

const NO_QUALITY: CallQuality = {
  ...{ codec: null, packetsLost: 0, packetsReceived: 0, jitterMs: 0, concealedMs: 0, mos: null },
};

/** A leg: what is known of it, who is told, and what is written down. */
export class Call {
  readonly facts: CallFacts;
  readonly logger: Logger;
  readonly #tools: CallTools;
  #seat: CallSeat | undefined;
  #displayName: string;
  #state: OpenState;
  #answeredAt: number | null = null;
  #onHold = false;
  #message = '';
  #codec: string | null = null;
  #end: LegEnd | undefined;
  #endedByHost = false;
  #identity: string | null = null;
  #whenEnded: (() => void) | undefined;

  constructor(facts: CallFacts, tools: CallTools) {
    this.facts = facts;
    this.#tools = tools;
    this.#displayName = facts.displayName;
    this.#state = facts.direction === 'in' ? 'ringing' : 'dialing';
    this.logger = tools.logger.child({ callId: facts.callId, direction: facts.direction });
    const { trunkId, extension } = facts;
    this.logger.info({ trunkId, extension, number: maskNumber(this.number) }, 'call began');
    this.#write('started');
  }

  get callId(): string {
    return this.facts.callId;
  }

  /** Of the other end. */
  get number(): string {
    return this.facts.direction === 'in' ? this.facts.from : this.facts.to;
  }

  get state(): OpenState {
    return this.#state;
  }

  get isAnswered(): boolean {
    return this.#answeredAt !== null;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  get seat(): CallSeat | undefined {
    return this.#seat;
  }

  /** As everybody in the room sees it. */
  get link(): PhoneLink {
    return {
      ...{ callId: this.callId, maskedNumber: maskNumber(this.number), direction: this.facts.direction },
      ...{ state: this.isAnswered ? 'answered' : 'earlyMedia', onHold: this.#onHold },
    };
  }

  /** As hosts see it. */
  get shown(): PhoneCall {
    const { callId, direction, by, startedAt } = this.facts;
    const outcome = this.#end && outcomeOf({ ...this.#end, ...(this.#endedByHost && { by: 'host' }) });
    return {
      ...{ callId, direction, startedAt, number: this.number, displayName: this.#displayName },
      state: outcome?.state ?? (this.#onHold ? 'onHold' : this.#state),
      breakoutId: this.#seat?.breakoutId ?? null,
      participantId: this.#seat?.participantId ?? null,
      by: by?.identity ?? null,
      answeredAt: this.#answeredAt,
      message: outcome?.message ?? this.#message,
    };
  }

  get record(): CallRecord {
    const { callId, direction, trunkId, extension, from, to, startedAt } = this.facts;
    const end = this.#end;
    return {
      ...{ callId, direction, trunkId, extension, from, to, startedAt },
      room: this.#seat?.room.name ?? null,
      meetingId: this.#seat?.room.meetingId ?? null,
      participantId: this.#seat?.participantId ?? null,
      identity: this.#seat?.identity ?? this.#identity,
      state: end ? 'ended' : this.#onHold ? 'onHold' : this.#state,
      answeredAt: this.#answeredAt,
      ...{ endedAt: end?.endedAt ?? null, endedBy: end?.by ?? null },
      ...{ status: end?.status ?? null, why: end?.why ?? null },
      quality: end?.quality ?? { ...NO_QUALITY, codec: this.#codec },
    };
  }

  /** Says something to the process about this leg. */
  send(command: LegCommand): void {
    this.#tools.send({ ...command, legId: this.callId });
  }

  say(...prompts: PromptName[]): void {
    this.send({ type: 'say', prompts });
  }

  /** It is in a room, or somewhere else in it. */
  setSeat(seat: CallSeat): void {
    this.#seat = seat;
    this.#changed();
  }

  /** Called once, when it is over. */
  onEnded(told: () => void): void {
    this.#whenEnded = told;
  }

  /** Whom it concerns, whether or not it gets to a room. */
  setIdentity(identity: string): void {
    this.#identity = identity;
  }

  setDisplayName(displayName: string): void {
    if (this.#displayName === displayName) return;
    this.#displayName = displayName;
    this.#seat?.room.callChanged(this.shown);
  }

  /** What hosts are to read of it. */
  setMessage(message: string): void {
    this.#message = message;
    this.#seat?.room.callChanged(this.shown);
  }

  setState(state: 'ringing' | 'earlyMedia'): void {
    if (this.isAnswered || this.#state === state) return;
    this.#state = state;
    this.#changed();
  }

  setAnswered(at: number, codec: string | null = null): void {
    if (this.isAnswered) return;
    this.#answeredAt = at;
    this.#codec = codec;
    this.#state = 'answered';
    this.#changed();
  }

  setHeld(held: boolean): void {
    if (this.#onHold === held) return;
    this.#onHold = held;
    this.#changed();
  }

  hangUp(by: 'host' | 'server', why: string, prompt: PromptName | null): void {
    if (this.isOver) return;
    this.#endedByHost ||= by === 'host';
    this.send({ type: 'hangUp', by, why, prompt });
  }

  /** It is over; told once. */
  finish(end: LegEnd): void {
    if (this.#end) return;
    // Whoever is asked for a PIN has been answered before they are anywhere.
    this.#answeredAt = end.answeredAt ?? this.#answeredAt;
    this.#end = { ...end, answeredAt: this.#answeredAt };
    this.logger.info({ by: end.by, status: end.status, why: end.why }, 'call ended');
    this.#write('ended');
    this.#tools.ended(this);
    this.#whenEnded?.();
    this.#seat?.room.callChanged(this.shown);
  }

  #changed(): void {
    this.#write('changed');
    if (!this.isOver) this.#seat?.room.callChanged(this.shown);
  }

  #write(what: 'started' | 'changed' | 'ended'): void {
    try {
      this.#tools.log[what](this.record);
    } catch (err) {
      // A call does not fail with what is written of it.
      this.logger.error({ err }, 'a call could not be written down');
    }
  }
}
