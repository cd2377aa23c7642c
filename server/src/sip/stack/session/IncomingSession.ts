import type { Core } from '../agent/Core.ts';
import type { Path } from '../agent/Path.ts';
import { newTag } from '../agent/stamp.ts';
import { Dialog } from '../dialog/Dialog.ts';
import { findDescription } from '../message/body.ts';
import type { NameAddress } from '../message/NameAddress.ts';
import { cseqOf, type SipRequest } from '../message/SipMessage.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import { Conversation } from './Conversation.ts';
import { DialogLink } from './DialogLink.ts';
import { headersOfOk } from './incomingChange.ts';
import { InviteSession } from './InviteSession.ts';
import { OfferState } from './OfferState.ts';
import { reasonOf, writeReason, type Reason } from './reason.ts';
import { ReliableAnswers } from './ReliableAnswers.ts';
import { makeReply, phraseOf, type Reply } from '../agent/replies.ts';
import { answerExpires } from './sessionExpires.ts';
import type { EndCause, SoundNegotiation } from './types.ts';
import type { TimerSettings } from './timerSettings.ts';

export interface IncomingOptions {
  readonly sound: SoundNegotiation;
  /** How requests of ours within the call get there. */
  readonly path?: Path | undefined;
  readonly contactUser?: string | undefined;
  readonly timer?: TimerSettings | undefined;
  /** Whether sound comes: then a call whose ACK was lost goes on. */
  readonly mediaFlows?: (() => boolean) | undefined;
  /** Whether provisional answers with sound are reliable (RFC 3262) where the peer could do that; where it must be they are. */
  readonly reliable?: boolean | undefined;
  /** The call that this one takes the place of (RFC 3891): it is ended when this one is taken. */
  readonly replaces?: InviteSession | undefined;
}

/** A call that a peer makes (RFC 3261, section 13.3). */
export class IncomingSession extends InviteSession {
  readonly direction = 'in';
  readonly replaces: InviteSession | undefined;
  readonly #core: Core;
  readonly #transaction: ServerTransaction;
  readonly #options: IncomingOptions;
  readonly #offers: OfferState;
  readonly #talk: Conversation;
  readonly #reliable: ReliableAnswers;
  /** The answer to the offer of the INVITE, or our offer, once it was sent. */
  #described: string | undefined;
  #isAnswering = false;

  constructor(core: Core, transaction: ServerTransaction, options: IncomingOptions) {
    super(options.sound);
    this.replaces = options.replaces;
    this.#core = core;
    this.#transaction = transaction;
    this.#options = options;
    this.#offers = new OfferState(options.sound);
    this.#offers.theirs = this.#offer !== undefined;
    this.#talk = this.#converse();
    this.adopt(this.#talk);
    this.#reliable = new ReliableAnswers(this.request, {
      send: (response) => transaction.respond(response),
      lost: () => this.reject(504, 'Nobody acknowledged what was answered.'),
    });
    transaction.once('cancelled', (cancel) => this.#cancelled(cancel));
    transaction.once('failed', () => this.#wayLost());
    if (transaction.state !== 'proceeding') setImmediate(() => this.#tooLate());
  }

  /** The INVITE. */
  get request(): SipRequest {
    return this.#transaction.request;
  }

  /** Where it came from. */
  get source(): { address: string; port: number } {
    return this.#transaction.flow.remote;
  }

  get callId(): string {
    return this.#talk.link.dialog.callId;
  }

  get remote(): NameAddress {
    return this.#talk.link.dialog.remote;
  }

  /** Says that it rings, once or again and again. */
  ring(status: 180 | 181 | 182 | 183 = 180): void {
    this.#provisional(status, undefined, this.#mustBeReliable);
  }

  /** Sends sound before the call is taken: a prompt that costs nothing. False where the offer cannot be agreed to; then it was refused. */
  progress(): boolean {
    if (this.state !== 'early' || this.#isAnswering) return false;
    const reliable = this.#mustBeReliable || (this.#options.reliable === true && this.#canBeReliable);
    // Without an offer in the INVITE ours would need to arrive, so that it can be answered (RFC 3262, section 5).
    if (this.#offer === undefined && !reliable) {
      this.ring(183);
      return true;
    }
    const body = this.#describe();
    if (body === undefined) return false;
    this.#provisional(183, body, reliable);
    return true;
  }

  /** Takes the call. `headers`: more of them in the 200. False where that cannot be any more, or the offer cannot be agreed to. */
  async answer(headers: Reply['headers'] = {}): Promise<boolean> {
    if (this.state !== 'early' || this.#isAnswering) return false;
    this.#isAnswering = true;
    await this.#reliable.settled();
    // It may have been taken back meanwhile.
    if (this.#isOver) return false;
    // Where a PRACK has answered our offer, nothing is left to say.
    const isDone = this.#offer === undefined && this.#described !== undefined;
    const body = isDone ? undefined : this.#describe();
    if (body === undefined && !isDone) return false;
    const offered = this.#offer === undefined && !isDone;
    const timer = answerExpires(this.request.headers, this.#options.timer ?? this.#core.timer);
    const all = { ...headersOfOk(this.#talk, timer), ...headers };
    this.#talk.replyOk(this.#transaction, { headers: all, body }, { offered });
    this.#talk.startTimer(timer, 'uas');
    if (offered) this.#talk.once('changed', () => this.#taken());
    else this.#taken();
    return true;
  }

  /** Refuses the call, or sends it elsewhere with a 3xx and a Contact. */
  reject(status = 480, reason?: string, headers: Reply['headers'] = {}): void {
    if (this.state !== 'early') return;
    this.#refuse(status, { reason, headers });
    this.finish({ by: 'us', status, text: reason ?? phraseOf(status) });
  }

  async end(reason?: Reason): Promise<void> {
    const cause: EndCause = { by: 'us', status: 200, text: reason?.text ?? '' };
    if (this.state === 'established' || (this.state === 'early' && this.#isSent))
      await this.#talk.bye(cause, reason);
    else this.reject(480, undefined, reason && { Reason: writeReason(reason) });
  }

  get #isOver(): boolean {
    return this.state === 'ended';
  }

  /** The 200 is on its way. */
  get #isSent(): boolean {
    return this.#transaction.state === 'accepted';
  }

  get #offer(): string | undefined {
    return findDescription(this.request).sdp;
  }

  get #mustBeReliable(): boolean {
    return this.request.headers.tokens('require').includes('100rel');
  }

  get #canBeReliable(): boolean {
    return this.request.headers.tokens('supported').includes('100rel');
  }

  #converse(): Conversation {
    const { path = {}, contactUser = '', timer = this.#core.timer, mediaFlows } = this.#options;
    const { flow } = this.#transaction;
    const link = new DialogLink(this.#core, Dialog.ofRequest(this.request, newTag()), {
      path,
      flow,
      contactUser,
    });
    const conversation = new Conversation(link, {
      ...{ offers: this.#offers, timer, isCaller: false, mediaFlows },
      prack: (transaction) => this.#handlePrack(transaction),
    });
    conversation.learn(this.request);
    return conversation;
  }

  /** The answer to their offer, or our own offer: the same in each answer that has one. undefined: refused, as there is no agreement. */
  #describe(): string | undefined {
    if (this.#described !== undefined) return this.#described;
    const offer = this.#offer;
    this.#described = offer === undefined ? this.#offers.offer() : this.#offers.answer(offer);
    this.#offers.theirs = false;
    if (this.#described === undefined) this.reject(488);
    return this.#described;
  }

  #provisional(status: number, body: string | undefined, reliable: boolean): void {
    if (this.state !== 'early' || this.#isAnswering) return;
    const { Contact, Allow } = headersOfOk(this.#talk, undefined);
    const { core, dialog } = this.#talk.link;
    const reply = { headers: { Contact, Allow }, body };
    const response = makeReply(this.#transaction, { core, status, tag: dialog.localTag, reply });
    if (reliable) this.#reliable.send(response);
    else this.#transaction.respond(response);
  }

  #handlePrack(transaction: ServerTransaction): boolean {
    if (!this.#reliable.acknowledge(transaction.request)) return false;
    const { sdp } = findDescription(transaction.request);
    const isAnswer = sdp !== undefined && this.#offers.ours;
    if (isAnswer && !this.#offers.accept(sdp)) this.reject(488);
    const isOffer = sdp !== undefined && !isAnswer;
    const body = isOffer ? this.#offers.answer(sdp) : undefined;
    if (isOffer && body === undefined) this.#talk.reply(transaction, 488);
    else this.#talk.reply(transaction, 200, { body });
    return true;
  }

  #taken(): void {
    this.establish();
    const isHeld = this.#offers.heldNow();
    if (isHeld !== undefined) this.emit('held', isHeld);
    void this.replaces?.end({ protocol: 'SIP', cause: 200, text: 'Another call takes its place.' });
  }

  /** It was taken back, or refused, before this session was made. */
  #tooLate(): void {
    this.#talk.close();
    this.finish({ by: 'them', status: 487, text: 'The call was taken back.' });
  }

  #wayLost(): void {
    if (this.state !== 'early' || this.#isAnswering) return;
    this.#reliable.close();
    this.#talk.close();
    this.finish({ by: 'network', status: 503, text: 'The connection is gone.' });
  }

  #cancelled(cancel: SipRequest): void {
    const reason = reasonOf(cancel);
    this.#refuse(487);
    this.finish({ by: 'them', status: 487, text: reason?.text ?? 'The call was taken back.', reason });
  }

  /** BYE before the call was taken, or the end of the call. */
  protected override conversationEnded(cause: EndCause): void {
    if (this.#transaction.state === 'proceeding') this.#refuse(487);
    super.conversationEnded(cause);
  }

  #refuse(status: number, reply: Reply = {}): void {
    this.#reliable.close();
    const { core, dialog } = this.#talk.link;
    this.#transaction.respond(makeReply(this.#transaction, { core, status, tag: dialog.localTag, reply }));
    this.#talk.close();
  }

  /** What tells the INVITE from a copy that came by another way (RFC 3261, section 8.2.2.2). */
  get mergeKey(): string {
    return mergeKeyOf(this.request);
  }
}

/** Same sender, same call, same number. */
export function mergeKeyOf(request: SipRequest): string {
  const { headers } = request;
  return `${headers.get('call-id') ?? ''} ${headers.get('from') ?? ''} ${cseqOf(request).sequence}`;
}
