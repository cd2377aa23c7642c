import { dialogIdOf, dialogId } from '../dialog/Dialog.ts';
import { findDescription } from '../message/body.ts';
import { parseNameAddress } from '../message/NameAddress.ts';
import type { SipRequest } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { IncomingSession, mergeKeyOf, type IncomingOptions } from '../session/IncomingSession.ts';
import type { InviteSession } from '../session/InviteSession.ts';
import { parseReplaces } from '../session/referHeaders.ts';
import { isTooShort } from '../session/sessionExpires.ts';
import type { TimerSettings } from '../session/timerSettings.ts';
import { Conversation } from '../session/Conversation.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import type { Flow, SocketAddress } from '../transport/Flow.ts';
import { ALLOW, type Core } from '../agent/Core.ts';
import { IncomingRequest } from './IncomingRequest.ts';
import { makeReply, type Reply } from '../agent/replies.ts';
import { newTag } from '../agent/stamp.ts';

/** An INVITE that nobody has taken up yet: it is refused, or becomes a session. 100 was sent. */
export interface IncomingCall {
  readonly request: SipRequest;
  /** By which it came. */
  readonly flow: Flow;
  readonly source: SocketAddress;
  /** The call that it wants to take the place of (RFC 3891). It is for the owner to say whether it may. */
  readonly replaces: InviteSession | undefined;
  /** It was taken back, or refused. */
  readonly isOver: boolean;
  /** Once. Without it, `refuse`. */
  accept(options: Omit<IncomingOptions, 'replaces'>): IncomingSession;
  refuse(status: number, reply?: Reply): void;
}

export interface Handlers {
  readonly onInvite?: ((call: IncomingCall) => void) | undefined;
  readonly onRegister?: ((request: IncomingRequest) => void) | undefined;
  /** Absent: 200, so that peers see that we are there. */
  readonly onOptions?: ((request: IncomingRequest) => void) | undefined;
}

export interface IncomingSettings {
  readonly handlers: Handlers;
  readonly onError: ((error: unknown) => void) | undefined;
  readonly sessions: Set<InviteSession>;
  /** Whether nothing new is taken. */
  readonly isFull: () => boolean;
}

/** Requests of peers: to the dialog that they belong to, to who handles their kind, or refused (RFC 3261, section 8.2). */
export class Incoming {
  readonly #core: Core;
  readonly #settings: IncomingSettings;
  readonly #pending = new Map<string, ServerTransaction>();

  constructor(core: Core, settings: IncomingSettings) {
    this.#core = core;
    this.#settings = settings;
  }

  receive(transaction: ServerTransaction): void {
    try {
      this.#dispatch(transaction);
    } catch (error) {
      this.#refuse(transaction, error instanceof SipSyntaxError ? 400 : 500);
      if (!(error instanceof SipSyntaxError)) this.#settings.onError?.(error);
    }
  }

  /** An ACK to a 2xx. */
  acknowledged(ack: SipRequest, flow: Flow): void {
    const owner = this.#core.dialogs.get(dialogIdOf(ack));
    if (owner instanceof Conversation) owner.link.flow = flow;
    owner?.acknowledged(ack);
  }

  #dispatch(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === 'CANCEL') return this.#handleCancel(transaction);
    if (tagOfTo(request) !== undefined) {
      const owner = this.#core.dialogs.get(dialogIdOf(request));
      return owner ? owner.receive(transaction) : this.#refuse(transaction, 481);
    }
    if (this.#settings.isFull()) return this.#refuse(transaction, 503, { headers: { 'Retry-After': '10' } });
    this.#begin(transaction);
  }

  #begin(transaction: ServerTransaction): void {
    const { onRegister, onOptions } = this.#settings.handlers;
    switch (transaction.request.method) {
      case 'INVITE':
        return this.#handleInvite(transaction);
      case 'REGISTER':
        if (onRegister) return onRegister(new IncomingRequest(this.#core, transaction));
        return this.#refuse(transaction, 405, { headers: { Allow: ALLOW } });
      case 'OPTIONS':
        if (onOptions) return onOptions(new IncomingRequest(this.#core, transaction));
        return this.#refuse(transaction, 200, { headers: { Allow: ALLOW, Accept: 'application/sdp' } });
      case 'REFER':
        // Nobody calls on a stranger's behalf.
        return this.#refuse(transaction, 403);
      default:
        return this.#refuse(transaction, 481);
    }
  }

  #handleCancel(transaction: ServerTransaction): void {
    const invite = this.#core.transactions.findInvite(transaction.request);
    if (!invite) return this.#refuse(transaction, 481);
    this.#refuse(transaction, 200);
    invite.cancel(transaction.request);
  }

  #handleInvite(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { onInvite } = this.#settings.handlers;
    if (!onInvite) return this.#refuse(transaction, 405, { headers: { Allow: ALLOW } });
    const key = mergeKeyOf(request);
    if (this.#pending.has(key)) return this.#refuse(transaction, 482);
    const fault = faultOf(request, this.#core.timer);
    if (fault) return this.#refuse(transaction, fault.status, fault.reply);
    const replaces = this.#findReplaced(request);
    if (typeof replaces === 'number') return this.#refuse(transaction, replaces);
    this.#pending.set(key, transaction);
    transaction.once('ended', () => this.#pending.delete(key));
    this.#refuse(transaction, 100);
    onInvite(this.#callOf(transaction, replaces));
  }

  #callOf(transaction: ServerTransaction, replaces: InviteSession | undefined): IncomingCall {
    let isTaken = false;
    // It may be taken back while its owner still thinks about it.
    transaction.once('cancelled', () => {
      if (!isTaken) this.#refuse(transaction, 487);
    });
    return {
      ...{ request: transaction.request, flow: transaction.flow, source: transaction.flow.remote, replaces },
      get isOver() {
        return transaction.state !== 'proceeding';
      },
      accept: (options) => {
        isTaken = true;
        const session = new IncomingSession(this.#core, transaction, { ...options, replaces });
        this.#settings.sessions.add(session);
        session.once('ended', () => this.#settings.sessions.delete(session));
        return session;
      },
      refuse: (status, reply) => this.#refuse(transaction, status, reply),
    };
  }

  /** The call that Replaces means, or the status of a refusal (RFC 3891, section 3). */
  #findReplaced(request: SipRequest): InviteSession | undefined | number {
    const [line, ...others] = request.headers.all('replaces');
    if (line === undefined) return undefined;
    if (others.length > 0) return 400;
    const { callId, toTag, fromTag, earlyOnly } = parseReplaces(line);
    const owner = this.#core.dialogs.get(dialogId(callId, toTag, fromTag));
    const session = [...this.#settings.sessions].find((one) => owner && one.owns(owner));
    if (!session) return 481;
    if (session.state === 'established') return earlyOnly ? 486 : session;
    // Only calls that this side makes can be taken over while they ring.
    return session.direction === 'out' ? session : 481;
  }

  #refuse(transaction: ServerTransaction, status: number, reply: Reply = {}): void {
    const tag = status === 100 ? {} : { tag: newTag() };
    transaction.respond(makeReply(transaction, { core: this.#core, status, ...tag, reply }));
  }
}

const tagOfTo = ({ headers }: SipRequest): string | undefined =>
  parseNameAddress(headers.get('to') ?? '').params.get('tag');

/** What is wrong with an INVITE that any user agent would refuse. */
function faultOf(request: SipRequest, timer: TimerSettings): { status: number; reply: Reply } | undefined {
  const { headers } = request;
  if (!findDescription(request).isUnderstood)
    return { status: 415, reply: { headers: { Accept: 'application/sdp', 'Accept-Encoding': 'identity' } } };
  if (isTooShort(headers, timer))
    return { status: 422, reply: { headers: { 'Min-SE': String(timer.least) } } };
  return undefined;
}
