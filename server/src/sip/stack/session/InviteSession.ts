import { EventEmitter } from 'node:events';
import type { NameAddress } from '../message/NameAddress.ts';
import { parseUri, type Uri } from '../message/uri.ts';
import type { Conversation } from './Conversation.ts';
import type { ReferResult } from './OutgoingRefer.ts';
import type { Reason } from './reason.ts';
import { replacesOf, type Replaces } from './referHeaders.ts';
import type { EndCause, Info, InviteSessionEvents, SoundNegotiation } from './types.ts';

export interface ReferOptions {
  /** An attended transfer: the peer calls the other end of this session, and takes its place. */
  readonly replaces?: { readonly replacesId: Replaces | undefined } | undefined;
  /** On whose behalf: value of Referred-By (RFC 3892). */
  readonly referredBy?: string | undefined;
  /** Each status on the way. */
  readonly progress?: (result: ReferResult) => void;
}

/** A call with one peer, whoever made it: from the first INVITE until it is over. Everything it does can be done at any time. */
export abstract class InviteSession extends EventEmitter<InviteSessionEvents> {
  abstract readonly direction: 'in' | 'out';
  readonly sound: SoundNegotiation;
  #state: 'early' | 'established' | 'ended' = 'early';
  #conversation: Conversation | undefined;
  /** Dialogs whose events are told already: one of several that ring may be left for another, and have the call in the end. */
  readonly #told = new WeakSet<Conversation>();

  constructor(sound: SoundNegotiation) {
    super();
    this.sound = sound;
  }

  abstract get callId(): string;
  /** The peer, with the name that it gave; in latin1, see toUtf8. */
  abstract get remote(): NameAddress;

  get state(): 'early' | 'established' | 'ended' {
    return this.#state;
  }

  /** What another call needs to take the place of this one; undefined before there is a dialog. */
  get replacesId(): Replaces | undefined {
    return this.#conversation && replacesOf(this.#conversation.link.dialog);
  }

  /** Where the peer itself is: what another call to the same phone goes to. undefined before there is a dialog. */
  get remoteTarget(): Uri | undefined {
    return this.#conversation?.link.dialog.target;
  }

  /** Address that messages of this call go to; undefined before there is a dialog. */
  get peerAddress(): string | undefined {
    return this.#conversation?.link.flow.remote.address;
  }

  /**
   * Ends it, however far it is: takes the INVITE back, refuses it, or says BYE. `reason`: told to the peer (RFC 3326). Resolves when the peer knows,
   * or does not answer; `ended` comes at once.
   */
  abstract end(reason?: Reason): Promise<void>;

  /** The peer shall not be heard, and hears what we play. Whether the peer agreed; if not, all is as before. */
  hold(): Promise<boolean> {
    return this.#direct('sendonly');
  }

  resume(): Promise<boolean> {
    return this.#direct('sendrecv');
  }

  /** Offers anew, since something in what we offer has changed. */
  async change(): Promise<boolean> {
    return this.#state === 'established' && (await this.#conversation?.offerAnew()) === true;
  }

  /** Sends an INFO (RFC 6086). Resolves with the status of its answer. */
  async info({ contentType, body }: Info): Promise<number> {
    if (!this.#conversation || this.#state !== 'established') return 481;
    const content = { headers: { 'Content-Type': contentType }, body: Buffer.from(body) };
    const { status } = await this.#conversation.link.ask('INFO', content);
    return status;
  }

  /**
   * Asks the peer to call somebody else instead (RFC 3515). Resolves with what came of it: 2xx when it is talking there, then this call is to be
   * ended. Throws SipSyntaxError for what is no URI.
   */
  async refer(target: Uri | string, { replaces, ...o }: ReferOptions = {}): Promise<ReferResult> {
    const uri = typeof target === 'string' ? parseUri(target) : target;
    if (!this.#conversation || this.#state !== 'established')
      return { status: 481, text: 'There is no call to transfer.' };
    return this.#conversation.refer({ uri, replaces: replaces?.replacesId }, o);
  }

  /** Whether a dialog is the one of this call. */
  owns(owner: unknown): boolean {
    return this.#conversation !== undefined && this.#conversation === owner;
  }

  protected get conversation(): Conversation | undefined {
    return this.#conversation;
  }

  /** The dialog that counts from now on; what happens in it is told. */
  protected adopt(conversation: Conversation): void {
    if (this.#conversation === conversation) return;
    this.#conversation = conversation;
    if (this.#told.has(conversation)) return;
    this.#told.add(conversation);
    conversation.on('changed', () => this.emit('changed'));
    conversation.on('held', (isHeld) => this.emit('held', isHeld));
    conversation.on('info', (info) => this.emit('info', info));
    conversation.on('refer', (refer) => {
      if (!this.emit('refer', refer)) refer.reject();
    });
    conversation.on('ended', (cause) => {
      if (this.#conversation === conversation) this.conversationEnded(cause);
    });
  }

  protected conversationEnded(cause: EndCause): void {
    this.finish(cause);
  }

  protected establish(): void {
    if (this.#state !== 'early') return;
    this.#state = 'established';
    this.emit('established');
  }

  protected finish(cause: EndCause): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.emit('ended', cause);
  }

  async #direct(wanted: 'sendonly' | 'sendrecv'): Promise<boolean> {
    const before = this.sound.wanted;
    this.sound.wanted = wanted;
    const isTaken = await this.change();
    if (!isTaken) this.sound.wanted = before;
    return isTaken;
  }
}
