import { asAnswer } from '../agent/ask.ts';
import type { Core } from '../agent/Core.ts';
import { Exchange } from '../agent/Exchange.ts';
import { Dialog } from '../dialog/Dialog.ts';
import { SDP, findDescription } from '../message/body.ts';
import { parseNameAddress, parseNameAddresses, type NameAddress } from '../message/NameAddress.ts';
import { cseqOf, saidTo, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { isSip, unescapeUser, writeUri, type Uri } from '../message/uri.ts';
import type { ClientTransaction } from '../transaction/ClientTransaction.ts';
import { Conversation } from './Conversation.ts';
import { DialogLink } from './DialogLink.ts';
import { Fork } from './Fork.ts';
import { makeInvite, type InviteOptions } from './inviteRequest.ts';
import { InviteSession } from './InviteSession.ts';
import { OfferState } from './OfferState.ts';
import { amendInterval } from './OutgoingChange.ts';
import { reasonOf, writeReason, type Reason } from './reason.ts';
import { acceptExpires, sessionExpiresOf } from './sessionExpires.ts';
import type { EndCause } from './types.ts';

const RING_MS = 180_000;

/** A call that this side makes (RFC 3261, section 13.2). */
export class OutgoingSession extends InviteSession {
  readonly direction = 'out';
  readonly #core: Core;
  readonly #options: InviteOptions;
  readonly #offers: OfferState;
  #invite: SipRequest;
  #exchange: Exchange;
  readonly #forks = new Map<string, Fork>();
  #winner: string | undefined;
  #ringing: NodeJS.Timeout | undefined;
  #redirects: number;

  /** Throws SipSyntaxError where a header of the caller cannot be sent. */
  constructor(core: Core, options: InviteOptions) {
    super(options.sound);
    this.#core = core;
    this.#options = options;
    this.#offers = new OfferState(options.sound);
    this.#redirects = options.redirects ?? 0;
    this.#offers.ours = options.lateOffer !== true;
    this.#invite = makeInvite(options, { product: core.product, timer: this.#timer });
    this.#exchange = this.#exchangeOf(this.#invite);
  }

  /** Sends it. Listeners can be added until the next turn of the event loop. */
  start(): this {
    this.#ringing = setTimeout(() => this.#takeBack({ status: 408, text: 'Nobody answered.' }), this.#ringMs);
    this.#exchange.start();
    return this;
  }

  get callId(): string {
    return this.#invite.headers.get('call-id') ?? '';
  }

  get remote(): NameAddress {
    return this.conversation?.link.dialog.remote ?? parseNameAddress(this.#invite.headers.get('to') ?? '');
  }

  end(reason?: Reason): Promise<void> {
    if (this.state === 'ended') return Promise.resolve();
    if (this.state === 'established' && this.conversation)
      return this.conversation.bye({ by: 'us', status: 200, text: reason?.text ?? '' }, reason);
    this.#takeBack({ status: 487, text: 'The call was taken back.' }, reason);
    return Promise.resolve();
  }

  get #timer(): NonNullable<InviteOptions['timer']> {
    return this.#options.timer ?? this.#core.timer;
  }

  get #ringMs(): number {
    return this.#options.ringMs ?? RING_MS;
  }

  get #contactUser(): string {
    const { uri } = this.#options.from;
    return (isSip(uri) ? uri.user : undefined) ?? '';
  }

  #exchangeOf(invite: SipRequest): Exchange {
    const { path, failoverMs } = this.#options;
    const contactUser = this.#contactUser;
    const exchange = new Exchange(this.#core, invite, {
      path,
      contactUser,
      failoverMs,
      amend: amendInterval,
    });
    exchange.on('response', (response, transaction) => this.#receive(response, transaction));
    exchange.on('stray', (response, transaction) => this.#decline(response, transaction));
    exchange.once('failed', (failure) => this.#refused(asAnswer(failure), 'network'));
    return exchange;
  }

  #receive(response: SipResponse, transaction: ClientTransaction): void {
    try {
      if (response.status < 200) this.#progress(response, transaction);
      else if (response.status < 300) this.#answered(response, transaction);
      else if (!this.#follows(response)) this.#refused(response, 'them');
    } catch (error) {
      // What cannot be read is as good as nothing; a call that nobody can take part in is left by its timer.
      if (!(error instanceof SipSyntaxError)) throw error;
      if (response.status >= 200)
        this.#refused({ ...response, status: 502, reason: 'Bad Answer' }, 'network');
    }
  }

  #progress(response: SipResponse, transaction: ClientTransaction): void {
    const tag = tagOf(response);
    if (response.status === 100 || this.state !== 'early' || tag === undefined) {
      if (response.status > 100 && this.state === 'early') this.emit('ringing', response.status);
      return;
    }
    const fork = this.#forkOf(tag, response, transaction);
    const { sequence } = cseqOf(transaction.request);
    const { isNew, hasSound } = fork.receive(response, { offered: this.#hasOffered, sequence });
    if (!isNew) return;
    this.adopt(fork.conversation);
    if (hasSound) this.emit('progress', response.status);
    else this.emit('ringing', response.status);
  }

  get #hasOffered(): boolean {
    return this.#options.lateOffer !== true;
  }

  #forkOf(tag: string, response: SipResponse, transaction: ClientTransaction): Fork {
    const existing = this.#forks.get(tag);
    if (existing) return existing;
    const fork = new Fork(this.#converse(response, transaction));
    this.#forks.set(tag, fork);
    return fork;
  }

  #converse(response: SipResponse, { request, flow }: ClientTransaction): Conversation {
    const { path, timer = this.#core.timer } = this.#options;
    const dialog = Dialog.ofAnswer(request, response);
    const link = new DialogLink(this.#core, dialog, { path, flow, contactUser: this.#contactUser });
    return new Conversation(link, { offers: this.#offers, timer, isCaller: true });
  }

  #answered(response: SipResponse, transaction: ClientTransaction): void {
    const tag = tagOf(response) ?? '';
    if (this.#winner === tag)
      return this.conversation?.link.acknowledgeAgain(cseqOf(transaction.request).sequence);
    // The call was taken back meanwhile, or somebody else was quicker (RFC 3261, section 13.2.2.4).
    if (this.state !== 'early' || this.#winner !== undefined) return this.#decline(response, transaction);
    this.#winner = tag;
    clearTimeout(this.#ringing);
    const fork = this.#forkOf(tag, response, transaction);
    for (const [other, { conversation }] of this.#forks) if (other !== tag) conversation.close();
    this.#establish(fork, response, transaction.request);
  }

  #establish({ conversation, hasAnswered }: Fork, response: SipResponse, request: SipRequest): void {
    const { link } = conversation;
    link.dialog.confirm(response);
    conversation.learn(response);
    this.adopt(conversation);
    const { sdp } = findDescription(response);
    const answer =
      this.#hasOffered || hasAnswered || sdp === undefined ? undefined : this.#offers.answer(sdp);
    const { sequence } = cseqOf(request);
    link.acknowledge(
      sequence,
      answer === undefined ? {} : { headers: { 'Content-Type': SDP }, body: Buffer.from(answer) },
    );
    const isAgreed = this.#hasOffered ? this.#isAccepted(sdp) : hasAnswered || answer !== undefined;
    this.#offers.ours = false;
    if (!isAgreed) return conversation.breakOff('us', 'There is no sound that both sides speak.');
    const asked = sessionExpiresOf(request.headers)?.interval ?? 0;
    conversation.startTimer(acceptExpires(response.headers, asked), 'uac');
    this.establish();
    const isHeld = this.#offers.heldNow();
    if (isHeld !== undefined) this.emit('held', isHeld);
  }

  #isAccepted(sdp: string | undefined): boolean {
    return sdp === undefined ? this.#offers.isAnswered : this.#offers.accept(sdp);
  }

  /** A 2xx that nobody waits for: it is acknowledged, and ended. */
  #decline(response: SipResponse, transaction: ClientTransaction): void {
    const { sequence } = cseqOf(transaction.request);
    const tag = `declined ${tagOf(response) ?? ''}`;
    const known = this.#forks.get(tag);
    if (known) return known.conversation.link.acknowledgeAgain(sequence);
    this.#forks.get(tagOf(response) ?? '')?.conversation.close();
    const conversation = this.#converse(response, transaction);
    this.#forks.set(tag, new Fork(conversation));
    conversation.link.acknowledge(sequence);
    void conversation.bye({ by: 'us', status: 487, text: '' });
  }

  /** Whether another contact of a 3xx is asked (RFC 3261, section 8.1.3.4). */
  #follows(response: SipResponse): boolean {
    const [contact] = contactsOf(response);
    if (response.status >= 400 || this.#redirects <= 0 || !contact || this.state !== 'early') return false;
    this.#redirects -= 1;
    this.#closeForks();
    const { sequence } = cseqOf(this.#invite);
    const headers = this.#invite.headers.clone().set('cseq', `${sequence + 100} INVITE`);
    this.#invite = { ...this.#invite, uri: writeUri(contact), headers };
    this.#exchange = this.#exchangeOf(this.#invite).start();
    return true;
  }

  #refused(response: SipResponse, by: EndCause['by']): void {
    clearTimeout(this.#ringing);
    this.#closeForks();
    const { status, reason: text } = response;
    const contacts = status >= 300 && status < 400 ? contactsOf(response).map(writeUri) : undefined;
    this.finish({ by, status, text: saidTo(text), reason: reasonOf(response), contacts });
  }

  #takeBack({ status, text }: Pick<EndCause, 'status' | 'text'>, reason?: Reason): void {
    clearTimeout(this.#ringing);
    this.#exchange.cancel(reason && writeReason(reason));
    this.#closeForks();
    this.finish({ by: 'us', status, text });
  }

  /** BYE within an early dialog, or the end of the established one. */
  protected override conversationEnded(cause: EndCause): void {
    if (this.state === 'early' && cause.by === 'them') this.#exchange.cancel();
    clearTimeout(this.#ringing);
    super.conversationEnded(cause);
  }

  #closeForks(): void {
    for (const { conversation } of this.#forks.values()) conversation.close();
  }
}

function tagOf({ headers }: SipResponse): string | undefined {
  return parseNameAddress(headers.get('to') ?? '').params.get('tag');
}

/** Those that can be called, without headers that somebody else would put into our request. */
function contactsOf({ headers }: SipResponse): Uri[] {
  return headers
    .all('contact')
    .flatMap(parseNameAddresses)
    .flatMap(({ uri }) => (isSip(uri) ? [{ ...uri, headers: undefined }] : []));
}

/** The user part of an address, as people write it; empty where there is none. */
export const userOf = ({ uri }: NameAddress): string =>
  isSip(uri) ? unescapeUser(uri.user ?? '') : 'rest' in uri ? (uri.rest.split(';')[0] ?? '') : '';
