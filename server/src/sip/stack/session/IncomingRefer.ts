import { parseNameAddress, type NameAddress } from '../message/NameAddress.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { cseqOf } from '../message/SipMessage.ts';
import { isSip, unescapeUser, writeUri, type SipUri, type Uri } from '../message/uri.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import { SerialQueue } from '../../../util/SerialQueue.ts';
import type { DialogLink } from './DialogLink.ts';
import { parseReferTo, type ReferTarget, type Replaces } from './referHeaders.ts';
import { makeReply, phraseOf } from '../agent/replies.ts';

/** For so long the peer hears how it goes, s. */
const EXPIRES = 180;

/**
 * The wish of a peer that somebody else be called (RFC 3515). It is accepted or rejected; once accepted, the peer is told what came of it, and
 * only when it knows may its call be ended.
 */
export class IncomingRefer {
  readonly #target: ReferTarget;
  readonly #transaction: ServerTransaction;
  readonly #link: DialogLink;
  readonly #notices = new SerialQueue();
  #state: 'asked' | 'accepted' | 'over' = 'asked';

  /** Throws SipSyntaxError for one that does not say whom to call. */
  constructor(transaction: ServerTransaction, link: DialogLink) {
    const [target, ...others] = transaction.request.headers.all('refer-to');
    if (target === undefined || others.length > 0) throw new SipSyntaxError('there must be one Refer-To');
    this.#target = parseReferTo(target);
    this.#transaction = transaction;
    this.#link = link;
  }

  /** Whom to call, without what is to be replaced. */
  get uri(): Uri {
    return this.#target.uri;
  }

  /** Whom to call, as it would be dialled where it is a number of this side. */
  get dialled(): string {
    const { uri } = this.#target;
    return isSip(uri) && uri.user !== undefined && this.#isHere(uri) ? unescapeUser(uri.user) : writeUri(uri);
  }

  /** For an attended transfer: to be put into the INVITE. */
  get replaces(): Replaces | undefined {
    return this.#target.replaces;
  }

  /** On whose behalf (RFC 3892); undefined where nobody is named. */
  get referredBy(): NameAddress | undefined {
    const line = this.#transaction.request.headers.get('referred-by');
    try {
      return line === undefined ? undefined : parseNameAddress(line);
    } catch (error) {
      if (error instanceof SipSyntaxError) return undefined;
      throw error;
    }
  }

  get isAnswered(): boolean {
    return this.#state !== 'asked';
  }

  /** It is being done: 202, and the first notice. */
  accept(): void {
    if (this.#state !== 'asked') return;
    this.#state = 'accepted';
    this.#reply(202);
    void this.notify(100);
  }

  reject(status = 603, reason?: string): void {
    if (this.#state !== 'asked') return;
    this.#state = 'over';
    this.#reply(status, reason);
  }

  /**
   * Tells how the new call goes: a status below 200 while it is on its way, or the one that it came to. Resolves when the peer has taken notice, or
   * did not in 32 s; then, after the last, its own call may be ended.
   */
  async notify(status: number, text = phraseOf(status)): Promise<void> {
    if (this.#state !== 'accepted') return;
    const isLast = status >= 200;
    if (isLast) this.#state = 'over';
    const { sequence } = cseqOf(this.#transaction.request);
    const line = `SIP/2.0 ${status} ${text.replace(/[\r\n\0]+/g, ' ')}\r\n`;
    await this.#notices.run(() =>
      this.#link.ask(
        'NOTIFY',
        {
          headers: {
            Event: `refer;id=${sequence}`,
            'Subscription-State': isLast ? 'terminated;reason=noresource' : `active;expires=${EXPIRES}`,
            'Content-Type': 'message/sipfrag;version=2.0',
          },
          body: Buffer.from(line),
        },
        { contactUser: this.#link.contactUser },
      ),
    );
  }

  /** Whether an address is this side, as the peer calls it. */
  #isHere({ host, port }: SipUri): boolean {
    const { dialog, flow } = this.#link;
    const { uri: us } = dialog.local;
    if (port !== undefined && port !== flow.local.port) return false;
    return host === flow.local.address || (isSip(us) && us.host.toLowerCase() === host.toLowerCase());
  }

  #reply(status: number, reason?: string): void {
    const { core, dialog } = this.#link;
    const reply = { reason };
    this.#transaction.respond(makeReply(this.#transaction, { core, status, tag: dialog.localTag, reply }));
  }
}
