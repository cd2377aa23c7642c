import { EventEmitter } from 'node:events';
import type { Uri } from '../stack/message/uri.ts';
import type { AgreedSound, OfferAnswer } from '../stack/sdp/OfferAnswer.ts';
import type { ReferOptions } from '../stack/session/InviteSession.ts';
import type { ReferResult } from '../stack/session/OutgoingRefer.ts';
import type { OutgoingSession } from '../stack/session/OutgoingSession.ts';
import type { Reason } from '../stack/session/reason.ts';
import type { Replaces } from '../stack/session/referHeaders.ts';
import type { EndCause, Info, InviteSessionEvents } from '../stack/session/types.ts';
import type { LegSession } from './LegSession.ts';

export interface RingingPhone {
  readonly session: OutgoingSession;
  /** That of the session. */
  readonly offers: OfferAnswer;
}

/** Told to those who were too late, so that they show no missed call (RFC 3326). */
const ELSEWHERE: Reason = { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' };

/**
 * One call that several phones are asked to take, all at once: whoever answers first has it, the others are told that it was taken elsewhere. Sound
 * before the answer is passed over, as it would be that of several.
 */
export class RingingGroup extends EventEmitter<InviteSessionEvents> implements LegSession {
  readonly direction = 'out';
  readonly #phones: Set<RingingPhone>;
  #winner: RingingPhone | undefined;
  #best: EndCause | undefined;
  #isOver = false;

  constructor(phones: readonly RingingPhone[]) {
    super();
    this.#phones = new Set(phones);
    for (const phone of phones) this.#listenTo(phone);
  }

  get state(): 'early' | 'established' | 'ended' {
    return this.#isOver ? 'ended' : (this.#winner?.session.state ?? 'early');
  }

  /** Of whoever has answered. */
  get agreed(): AgreedSound | undefined {
    return this.#winner?.offers.agreed;
  }

  get replacesId(): Replaces | undefined {
    return this.#winner?.session.replacesId;
  }

  get remoteTarget(): Uri | undefined {
    return this.#winner?.session.remoteTarget;
  }

  get peerAddress(): string | undefined {
    return this.#winner?.session.peerAddress;
  }

  /** Whether it is one of those that ring, or the one that was answered. */
  has(session: unknown): boolean {
    return [...this.#phones].some((phone) => phone.session === session);
  }

  async end(reason?: Reason): Promise<void> {
    const phones = this.#winner ? [this.#winner] : [...this.#phones];
    await Promise.all(phones.map(({ session }) => session.end(reason)));
  }

  async refer(target: Parameters<OutgoingSession['refer']>[0], o?: ReferOptions): Promise<ReferResult> {
    if (!this.#winner) return { status: 481, text: 'There is no call to transfer.' };
    return this.#winner.session.refer(target, o);
  }

  async info(info: Info): Promise<number> {
    return this.#winner ? this.#winner.session.info(info) : 481;
  }

  #listenTo(phone: RingingPhone): void {
    const { session } = phone;
    session.on('ringing', (status) => this.emit('ringing', status));
    session.on('progress', (status) => this.emit('ringing', status));
    session.once('established', () => this.#answered(phone));
    session.on('changed', () => this.#winner === phone && this.emit('changed'));
    session.on('held', (isHeld) => this.#winner === phone && this.emit('held', isHeld));
    session.on('info', (info) => this.#winner === phone && this.emit('info', info));
    session.on('refer', (refer) => {
      if (!this.emit('refer', refer)) refer.reject();
    });
    session.once('ended', (cause) => this.#ended(phone, cause));
  }

  #answered(phone: RingingPhone): void {
    this.#winner = phone;
    this.emit('established');
    for (const other of this.#phones) if (other !== phone) void other.session.end(ELSEWHERE);
  }

  #ended(phone: RingingPhone, cause: EndCause): void {
    this.#phones.delete(phone);
    if (this.#isOver || (this.#winner && this.#winner !== phone)) return;
    if (this.#winner) return this.#finish(cause);
    this.#best = this.#best && rankOf(this.#best) >= rankOf(cause) ? this.#best : cause;
    if (this.#phones.size === 0) return this.#finish(this.#best);
    // Whoever declines does so for all their phones (RFC 3261, section 21.6).
    if (cause.status >= 600) for (const { session } of this.#phones) void session.end();
  }

  #finish(cause: EndCause): void {
    this.#isOver = true;
    this.emit('ended', cause);
  }
}

/** Which of several refusals says most: that somebody declined, that they speak, anything that a phone said, and that nobody was there. */
function rankOf({ status, by }: EndCause): number {
  if (status >= 600) return 3;
  if (by !== 'them') return 0;
  return status === 486 ? 2 : 1;
}
