import { EventEmitter } from 'node:events';
import type { DialogOwner } from '../agent/Core.ts';
import { findDescription } from '../message/body.ts';
import { cseqOf, toUtf8, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import type { AnswerContext } from './ChangeContext.ts';
import type { DialogLink } from './DialogLink.ts';
import { answerInvite, answerUpdate } from './incomingChange.ts';
import { IncomingRefer } from './IncomingRefer.ts';
import type { OfferState } from './OfferState.ts';
import { OkUntilAck } from './OkUntilAck.ts';
import { OutgoingChange } from './OutgoingChange.ts';
import { OutgoingRefer, type ReferResult } from './OutgoingRefer.ts';
import { reasonOf, writeReason, type Reason } from './reason.ts';
import type { ReferTarget } from './referHeaders.ts';
import { makeReply, type Reply } from '../agent/replies.ts';
import { SessionTimer } from './SessionTimer.ts';
import type { SessionExpires } from './sessionExpires.ts';
import type { EndCause, InviteSessionEvents } from './types.ts';
import type { TimerSettings } from './timerSettings.ts';

export interface ConversationOptions {
  readonly offers: OfferState;
  readonly timer: TimerSettings;
  /** Whether this side made the call. */
  readonly isCaller: boolean;
  /** Whether sound comes, so that a call whose ACK was lost goes on (RFC 3261, section 13.3.1.4, would end it). */
  readonly mediaFlows?: (() => boolean) | undefined;
  /** A PRACK, while the call is not taken yet. False where it means nothing. */
  readonly prack?: ((transaction: ServerTransaction) => boolean) | undefined;
}

type Events = Pick<InviteSessionEvents, 'changed' | 'held' | 'refer' | 'info' | 'ended'>;

/** One dialog of a call, early or established: what the peer asks within it is answered here, what we want is asked. */
export class Conversation extends EventEmitter<Events> implements DialogOwner, AnswerContext {
  readonly link: DialogLink;
  readonly offers: OfferState;
  readonly settings: TimerSettings;
  readonly timer: SessionTimer;
  readonly ownsCallId: boolean;
  peerAllows: ReadonlySet<string> = new Set();
  readonly #options: ConversationOptions;
  readonly #change: OutgoingChange;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #unacknowledged: { ok: OkUntilAck; offered: boolean } | undefined;
  #waiting: (() => void)[] = [];
  #refer: OutgoingRefer | undefined;

  constructor(link: DialogLink, options: ConversationOptions) {
    super();
    this.link = link;
    this.offers = options.offers;
    this.settings = options.timer;
    this.ownsCallId = options.isCaller;
    this.#options = options;
    this.timer = new SessionTimer({
      refresh: () => void this.#change.refresh(),
      expire: () => this.breakOff('network', 'The other side has not shown that it is still there.'),
    });
    this.#change = new OutgoingChange(this);
    link.core.dialogs.set(link.dialog.id, this);
  }

  get isOver(): boolean {
    return this.#state !== 'open';
  }

  startTimer(agreed: SessionExpires | undefined, ourRole: 'uac' | 'uas'): void {
    if (agreed) this.timer.start(agreed.interval, agreed.refresher === ourRole);
  }

  learn({ headers }: SipRequest | SipResponse): void {
    if (headers.has('allow'))
      this.peerAllows = new Set(headers.tokens('allow').map((method) => method.toUpperCase()));
  }

  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { dialog } = this.link;
    this.link.flow = transaction.flow;
    if (this.#state === 'closed') return this.reply(transaction, 481);
    if (!dialog.takes(request)) return this.reply(transaction, 500);
    if (this.#state === 'closing' && request.method !== 'BYE' && request.method !== 'NOTIFY')
      return this.reply(transaction, 481);
    this.#dispatch(transaction);
  }

  #dispatch(transaction: ServerTransaction): void {
    const handlers: Record<string, () => void> = {
      INVITE: () => answerInvite(this, transaction),
      UPDATE: () => answerUpdate(this, transaction),
      BYE: () => this.#handleBye(transaction),
      INFO: () => this.#handleInfo(transaction),
      REFER: () => this.#handleRefer(transaction),
      NOTIFY: () => this.#handleNotify(transaction),
      PRACK: () => this.#handlePrack(transaction),
      OPTIONS: () => this.reply(transaction, 200),
    };
    (handlers[transaction.request.method] ?? (() => this.reply(transaction, 405)))();
  }

  reply(transaction: ServerTransaction, status: number, reply: Reply = {}): void {
    const { core, dialog } = this.link;
    transaction.respond(makeReply(transaction, { core, status, tag: dialog.localTag, reply }));
  }

  replyOk(transaction: ServerTransaction, reply: Reply, { offered }: { offered: boolean }): void {
    const { core, dialog } = this.link;
    const ok = makeReply(transaction, { core, status: 200, tag: dialog.localTag, reply });
    const send = transaction.repeater(ok);
    this.#unacknowledged?.ok.stop();
    const { sequence } = cseqOf(transaction.request);
    const until = new OkUntilAck(sequence, { send, lost: () => this.#ackLost() });
    this.#unacknowledged = { ok: until, offered };
    transaction.on('acknowledged', (ack) => this.acknowledged(ack));
    transaction.respond(ok);
  }

  untilAcknowledged(): Promise<void> {
    if (!this.#unacknowledged) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  acknowledged(ack: SipRequest): void {
    const pending = this.#unacknowledged;
    if (pending?.ok.sequence !== cseqOf(ack).sequence) return;
    this.#noLongerWaits();
    if (!pending.offered || this.isOver) return;
    const { sdp } = findDescription(ack);
    if (sdp === undefined || !this.offers.accept(sdp))
      return this.breakOff('us', 'What the other side answered cannot be spoken here.');
    this.agreed();
  }

  #noLongerWaits(): void {
    this.#unacknowledged?.ok.stop();
    this.#unacknowledged = undefined;
    for (const go of this.#waiting.splice(0)) go();
  }

  #ackLost(): void {
    const offered = this.#unacknowledged?.offered === true;
    this.#noLongerWaits();
    if (this.isOver || (!offered && this.#options.mediaFlows?.() === true)) return;
    this.breakOff('network', 'The other side never acknowledged that the call was taken.');
  }

  agreed(): void {
    const isHeld = this.offers.heldNow();
    this.emit('changed');
    if (isHeld !== undefined) this.emit('held', isHeld);
  }

  /** Offers anew. Whether the peer took it; if not, all is as before. */
  async offerAnew(): Promise<boolean> {
    const { status } = await this.#change.offer();
    return status < 300 && !this.isOver;
  }

  async refer(
    target: ReferTarget,
    o: { referredBy?: string | undefined; progress?: (r: ReferResult) => void },
  ): Promise<ReferResult> {
    if (this.#refer) return { status: 491, text: 'Another transfer of this call is under way.' };
    this.#refer = new OutgoingRefer(this.link, o.progress);
    const result = await this.#refer.run(target, o.referredBy);
    this.#refer = undefined;
    return result;
  }

  /** Ends it; resolves when the peer knows, or does not answer. */
  async bye(cause: EndCause, reason?: Reason): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#ended(cause);
    // RFC 3261, section 15: not before the ACK has come.
    await this.untilAcknowledged();
    await this.link.ask('BYE', { headers: { Reason: reason && writeReason(reason) } });
    this.close();
  }

  breakOff(by: 'us' | 'network', text: string): void {
    const reason = { protocol: 'SIP', cause: by === 'us' ? 488 : 408, text };
    void this.bye({ by, status: by === 'us' ? 488 : 408, text }, reason);
  }

  /** Leaves it without a word: it came to nothing, or the peer has ended it. */
  close(): void {
    this.#state = 'closed';
    this.timer.stop();
    this.#noLongerWaits();
    this.#refer?.callEnded();
    const { core, dialog } = this.link;
    if (core.dialogs.get(dialog.id) === this) core.dialogs.delete(dialog.id);
  }

  #ended(cause: EndCause): void {
    this.timer.stop();
    this.#refer?.callEnded();
    this.emit('ended', cause);
  }

  #handleBye(transaction: ServerTransaction): void {
    this.reply(transaction, 200);
    const wasOpen = this.#state === 'open';
    const reason = reasonOf(transaction.request);
    this.close();
    if (wasOpen) this.emit('ended', { by: 'them', status: 200, text: reason?.text ?? '', reason });
  }

  #handleInfo(transaction: ServerTransaction): void {
    const { headers, body } = transaction.request;
    this.reply(transaction, 200);
    if (body.length === 0) return;
    const contentType = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    this.emit('info', { contentType, body: toUtf8(body.toString('latin1')) });
  }

  #handleRefer(transaction: ServerTransaction): void {
    let refer: IncomingRefer;
    try {
      refer = new IncomingRefer(transaction, this.link);
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error;
      return this.reply(transaction, 400);
    }
    if (!this.emit('refer', refer)) refer.reject();
  }

  #handleNotify(transaction: ServerTransaction): void {
    this.reply(transaction, this.#refer?.notified(transaction.request) === true ? 200 : 481);
  }

  #handlePrack(transaction: ServerTransaction): void {
    if (this.#options.prack?.(transaction) !== true) this.reply(transaction, 481);
  }
}
