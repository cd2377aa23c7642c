import { ALLOW, EXTENSIONS } from '../agent/Core.ts';
import { asAnswer } from '../agent/ask.ts';
import { SerialQueue } from '../../../util/SerialQueue.ts';
import { SDP, findDescription } from '../message/body.ts';
import { cseqOf, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import type { ClientTransaction } from '../transaction/ClientTransaction.ts';
import type { ChangeContext } from './ChangeContext.ts';
import { acceptExpires, minSeOf, sessionExpiresOf, writeSessionExpires } from './sessionExpires.ts';

/** Times of RFC 3261, section 14.1, in ms, steps of 10. */
export const backOff = (ownsCallId: boolean, random = Math.random()): number =>
  10 * Math.round(ownsCallId ? 210 + random * 190 : random * 200);

const MAX_CLASHES = 8;
/** For an answer to a re-INVITE, which nobody has to think about. */
const TIMEOUT_MS = 60_000;
const isDead = (status: number): boolean => status === 408 || status === 481;

/** Changes of an established call by our wish: hold, another address, and the refresh of the session timer. One after the other. */
export class OutgoingChange {
  readonly #context: ChangeContext;
  readonly #queue = new SerialQueue();

  constructor(context: ChangeContext) {
    this.#context = context;
  }

  /** Offers anew by re-INVITE. Resolves with its final answer; after a refusal all is as before. */
  offer(): Promise<SipResponse> {
    return this.#queue.run(() => this.#invite(() => this.#context.offers.offer()));
  }

  /** Shows that the call is alive (RFC 4028, section 7.4): by UPDATE where the peer knows it, else by a re-INVITE that changes nothing. */
  async refresh(): Promise<void> {
    const response = await this.#queue.run(async () => {
      const updated = this.#context.peerAllows.has('UPDATE') ? await this.#update() : undefined;
      const isKnown = updated && updated.status !== 405 && updated.status !== 501;
      return isKnown ? updated : this.#invite(() => this.#context.offers.sound.repeat());
    });
    const { isOver, timer } = this.#context;
    if (!isOver && response.status >= 300) timer.refreshSoon();
  }

  async #update(): Promise<SipResponse | undefined> {
    const { link, isOver } = this.#context;
    if (isOver) return undefined;
    const headers = this.#headers();
    const options = { contactUser: link.contactUser, amend: this.#amend };
    const response = await link.ask('UPDATE', { headers }, options);
    if (isDead(response.status)) this.#context.breakOff('network', 'The other side is gone.');
    else if (response.status < 300) this.#refreshed(response);
    return response;
  }

  async #invite(describe: () => string): Promise<SipResponse> {
    for (let clashes = 0; ; clashes += 1) {
      await this.#context.untilAcknowledged();
      if (this.#context.isOver) return asAnswer('transport');
      const { offers, ownsCallId } = this.#context;
      const body = describe();
      offers.ours = true;
      const response = await this.#exchange(body);
      offers.ours = false;
      if (response.status !== 491 || clashes === MAX_CLASHES) return this.#judged(response);
      await new Promise((resolve) => setTimeout(resolve, backOff(ownsCallId)));
    }
  }

  #judged(response: SipResponse): SipResponse {
    if (isDead(response.status)) this.#context.breakOff('network', 'The other side is gone.');
    return response;
  }

  #exchange(body: string): Promise<SipResponse> {
    const { link } = this.#context;
    const content = { headers: { ...this.#headers(), 'Content-Type': SDP }, body: Buffer.from(body) };
    const exchange = link.invite(content, { amend: this.#amend, timeoutMs: TIMEOUT_MS });
    return new Promise((resolve) => {
      let first = true;
      exchange.on('response', (response, transaction) => {
        if (response.status < 200) return;
        if (response.status < 300) this.#taken(response, transaction, first);
        first = false;
        resolve(response);
      });
      exchange.once('failed', (reason) => resolve(asAnswer(reason)));
      exchange.start();
    });
  }

  #taken(response: SipResponse, { request }: ClientTransaction, isFirst: boolean): void {
    const { link, offers } = this.#context;
    const { sequence } = cseqOf(request);
    if (!isFirst) return link.acknowledgeAgain(sequence);
    this.#refreshed(response);
    link.acknowledge(sequence);
    const { sdp } = findDescription(response);
    if (sdp !== undefined && !offers.accept(sdp))
      this.#context.breakOff('us', 'What the other side answered cannot be spoken here.');
    else this.#context.agreed();
  }

  #refreshed(response: SipResponse): void {
    const { link, timer } = this.#context;
    link.dialog.refreshTarget(response);
    const agreed = acceptExpires(response.headers, timer.interval);
    if (agreed) timer.start(agreed.interval, agreed.refresher === 'uac');
  }

  #headers(): Record<string, string | undefined> {
    const { interval, refreshes } = this.#context.timer;
    const refresher = refreshes ? 'uac' : 'uas';
    return {
      Allow: ALLOW,
      Supported: EXTENSIONS.filter((tag) => tag !== '100rel').join(', '),
      'Session-Expires': interval === 0 ? undefined : writeSessionExpires({ interval, refresher }),
    };
  }

  readonly #amend = (response: SipResponse, request: SipRequest): boolean => amendInterval(response, request);
}

/** After 422: what the other side at least wants (RFC 4028, section 7.3). */
export function amendInterval({ status, headers }: SipResponse, request: SipRequest): boolean {
  const least = minSeOf(headers);
  if (status !== 422 || least === undefined) return false;
  const asked = sessionExpiresOf(request.headers);
  const interval = Math.max(least, asked?.interval ?? 0);
  request.headers.set('min-se', least);
  request.headers.set('session-expires', writeSessionExpires({ interval, refresher: asked?.refresher }));
  return true;
}
