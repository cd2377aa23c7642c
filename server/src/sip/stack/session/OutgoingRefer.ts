import type { SipRequest } from '../message/SipMessage.ts';
import type { DialogLink } from './DialogLink.ts';
import { parseSipfrag, writeReferTo, type ReferTarget } from './referHeaders.ts';

/** What came of asking the peer to call somebody else: the status of its call there, or why it did not try. */
export interface ReferResult {
  readonly status: number;
  readonly text: string;
}

const TIMEOUT_MS = 90_000;

/** Asks the peer to call somebody else (RFC 3515), and hears how that goes. */
export class OutgoingRefer {
  readonly #link: DialogLink;
  #last: ReferResult = { status: 100, text: 'Trying' };
  #settle: (result: ReferResult) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #progress: ((result: ReferResult) => void) | undefined;

  /** `progress`: each status on the way. */
  constructor(link: DialogLink, progress?: (result: ReferResult) => void) {
    this.#link = link;
    this.#progress = progress;
  }

  /** Resolves when it is over; never rejects. `referredBy`: value of Referred-By. */
  run(target: ReferTarget, referredBy?: string): Promise<ReferResult> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#timer = setTimeout(
        () => this.#end({ status: 408, text: 'Nothing was heard of it.' }),
        TIMEOUT_MS,
      );
      void this.#ask(target, referredBy);
    });
  }

  async #ask(target: ReferTarget, referredBy: string | undefined): Promise<void> {
    const headers = { 'Refer-To': writeReferTo(target), 'Referred-By': referredBy };
    const response = await this.#link.ask('REFER', { headers }, { contactUser: this.#link.contactUser });
    const { status, reason } = response;
    if (status >= 300) this.#end({ status, text: reason });
    // RFC 4488: nothing will be heard.
    else if (response.headers.get('refer-sub')?.trim().toLowerCase() === 'false')
      this.#end({ status: 200, text: 'OK' });
  }

  /** A NOTIFY. False where it is of another kind. */
  notified(request: SipRequest): boolean {
    if (!/^\s*refer\b/i.test(request.headers.get('event') ?? '')) return false;
    const result = parseSipfrag(request.body.toString('utf8'));
    if (result) {
      this.#last = result;
      this.#progress?.(result);
    }
    const isOver = /^\s*terminated\b/i.test(request.headers.get('subscription-state') ?? '');
    if (this.#last.status >= 200 || isOver) this.#end(this.#last);
    return true;
  }

  /** The call itself is over. */
  callEnded(): void {
    const { status } = this.#last;
    this.#end(status >= 200 ? this.#last : { status: 487, text: 'The call ended before it was done.' });
  }

  #end(result: ReferResult): void {
    clearTimeout(this.#timer);
    this.#settle(result);
  }
}
