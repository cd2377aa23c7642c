import { EventEmitter } from 'node:events';
import { ask, isMadeUp } from '../agent/ask.ts';
import type { Core } from '../agent/Core.ts';
import type { Path } from '../agent/Path.ts';
import { newCallId } from '../agent/stamp.ts';
import { Headers } from '../message/Headers.ts';
import { parseNameAddresses } from '../message/NameAddress.ts';
import { NO_BODY, saidTo, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { isSip, writeUri, type Uri } from '../message/uri.ts';
import { fromOf, toOf } from '../session/inviteRequest.ts';
import type { Flow } from '../transport/Flow.ts';
import { sendBy } from '../transport/sendBy.ts';

export interface RegistrationOptions {
  /** Whom to register with: the request URI, such as sip:example.org. */
  readonly registrar: Uri;
  /** Whose calls are wanted: the address of record. */
  readonly account: Uri;
  readonly path: Path;
  /** User part of Contact: what the request URI of calls will say. */
  readonly contactUser: string;
  /** How long each one is to last, s; an hour otherwise. */
  readonly expires?: number | undefined;
  /** Between 0 and 1; for tests. */
  readonly random?: (() => number) | undefined;
}

/** How an account stands with its registrar. */
export type RegistrationState =
  | { readonly state: 'trying' }
  /** `until`: ms since 1970. */
  | { readonly state: 'registered'; readonly until: number }
  /** It is tried again at `retryAt`, ms since 1970, for as long as it takes. */
  | { readonly state: 'failed'; readonly status: number; readonly text: string; readonly retryAt: number }
  | { readonly state: 'ended' };

export interface RegistrationEvents {
  state: [RegistrationState];
}

const EXPIRES = 3_600;
const LEAST_EXPIRES = 30;
/** The first wait after a failure, or after a connection that broke, which doubles, and the longest, in s. */
const [FIRST_WAIT, LONGEST_WAIT] = [4, 300];
/** A registrar that does not answer at all, ms. */
const TIMEOUT_MS = 20_000;
const UNREGISTER_MS = 2_000;
const KEEP_OPEN_MS = 25_000;

/** Keeps an account registered with a carrier (RFC 3261, section 10.2), and never gives up. */
export class Registration extends EventEmitter<RegistrationEvents> {
  readonly #core: Core;
  readonly #options: RegistrationOptions;
  readonly #random: () => number;
  readonly #callId = newCallId();
  readonly #from: string;
  #sequence = 0;
  #expires: number;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #keeping: NodeJS.Timeout | undefined;
  /** By which the registrar has answered. */
  #flow: Flow | undefined;
  /** Counts its requests: only the last one says how it stands. */
  #turn = 0;
  #watched: Flow | undefined;
  /** Connections in a row that did not last. */
  #breaks = 0;
  #state: RegistrationState = { state: 'trying' };

  constructor(core: Core, options: RegistrationOptions) {
    super();
    this.#core = core;
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#expires = options.expires ?? EXPIRES;
    this.#from = fromOf({ uri: options.account });
  }

  get state(): RegistrationState {
    return this.#state;
  }

  start(): this {
    void this.#register();
    return this;
  }

  /** Registers at once, as after a change of the network. */
  refresh(): void {
    clearTimeout(this.#timer);
    if (this.#state.state !== 'ended') void this.#register();
  }

  /** Takes the registration back, where there is one. Takes 2 s at the most. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    clearInterval(this.#keeping);
    const wasRegistered = this.#state.state === 'registered';
    this.#enter({ state: 'ended' });
    if (wasRegistered) await this.#send(0, UNREGISTER_MS);
  }

  async #register(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const response = await this.#send(this.#expires, TIMEOUT_MS);
    if (this.#state.state === 'ended' || turn !== this.#turn) return;
    if (response.status < 300) this.#succeeded(response);
    else this.#failed(response);
  }

  #send(expires: number, timeoutMs: number): Promise<SipResponse> {
    const { path, contactUser } = this.#options;
    return ask(this.#core, this.#request(expires), {
      ...{ path, contactUser, timeoutMs },
      answered: (flow) => (this.#flow = flow),
      nextSequence: () => (this.#sequence += 1),
      amend: (response, request) => this.#amend(response, request),
    });
  }

  #request(expires: number): SipRequest {
    const { registrar, account, path } = this.#options;
    const { proxy } = path;
    this.#sequence += 1;
    return {
      ...{ kind: 'request', method: 'REGISTER', uri: writeUri(registrar), body: NO_BODY },
      headers: Headers.of({
        Route: proxy && isSip(proxy) && proxy.params.has('lr') ? `<${writeUri(proxy)}>` : undefined,
        'Max-Forwards': 70,
        From: this.#from,
        To: toOf({ uri: account }),
        'Call-ID': this.#callId,
        CSeq: `${this.#sequence} REGISTER`,
        Expires: expires,
        'User-Agent': this.#core.product,
      }),
    };
  }

  /** 423: longer, then (RFC 3261, section 10.2.8). */
  #amend({ status, headers }: SipResponse, request: SipRequest): boolean {
    const least = Number(headers.get('min-expires'));
    if (status !== 423 || !(least > this.#expires) || least > 86_400) return false;
    this.#expires = least;
    request.headers.set('expires', least);
    return true;
  }

  #succeeded(response: SipResponse): void {
    this.#failures = 0;
    const granted = Math.max(LEAST_EXPIRES, this.#grantedBy(response));
    this.#enter({ state: 'registered', until: Date.now() + granted * 1000 });
    this.#keepOpen();
    // Early enough that there is time for a second try, and not at the same moment as everybody else.
    this.#again(granted * (0.5 + this.#random() * 0.3));
    this.#watch();
  }

  /** The time of our own contact: a registrar tells of others, too. */
  #grantedBy({ headers }: SipResponse): number {
    const usual = Number(headers.get('expires') ?? this.#expires);
    const ours = contactsOf(headers).find(
      ({ uri }) => isSip(uri) && (uri.user ?? '') === this.#options.contactUser,
    );
    const said = Number(ours?.params.get('expires') ?? usual);
    return Number.isFinite(said) && said > 0 ? said : this.#expires;
  }

  #failed(response: SipResponse): void {
    const { status, headers } = response;
    const backOff = backOffAfter(this.#failures);
    this.#failures += 1;
    // What is refused will be refused again soon after; what is not there may come back any time.
    const isRefused = !isMadeUp(response) && status >= 400 && status < 500 && status !== 408;
    const asked = Number(/^\s*(\d{1,6})/.exec(headers.get('retry-after') ?? '')?.[1] ?? 0);
    const base = Math.max(isRefused ? Math.max(backOff, 60) : backOff, Math.min(asked, 3_600));
    const wait = base * (1 + this.#random() * 0.5);
    const retryAt = Date.now() + wait * 1000;
    this.#enter({ state: 'failed', status, text: saidTo(response.reason), retryAt });
    this.#again(wait);
  }

  #again(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#register(), seconds * 1000);
  }

  /**
   * A translator of addresses forgets a way over UDP within half a minute or so; calls that come in need it. Empty lines are what registrars
   * take, and pass over (RFC 5626, section 3.5.1, has them for connections, which are kept open elsewhere).
   */
  #keepOpen(): void {
    if (this.#keeping || this.#flow?.transport !== 'UDP') return;
    this.#keeping = setInterval(() => {
      if (this.#state.state === 'registered' && this.#flow) sendBy(this.#flow, Buffer.from('\r\n\r\n'));
    }, KEEP_OPEN_MS);
    this.#keeping.unref();
  }

  /** Calls come by the connection and no other way: where it breaks, the registrar is to learn of another one soon. */
  #watch(): void {
    const flow = this.#flow;
    if (!flow?.onceClosed || flow === this.#watched) return;
    this.#watched = flow;
    const began = Date.now();
    const broken = (): void => {
      if (flow === this.#flow) this.#broken(Date.now() - began);
    };
    if (flow.closed) broken();
    else flow.onceClosed(broken);
  }

  #broken(afterMs: number): void {
    if (this.#state.state !== 'registered') return;
    if (afterMs > LONGEST_WAIT * 1000) this.#breaks = 0;
    const wait = backOffAfter(this.#breaks) * (1 + this.#random() * 0.5);
    this.#breaks += 1;
    this.#again(wait);
  }

  #enter(state: RegistrationState): void {
    this.#state = state;
    this.emit('state', state);
  }
}

/** s */
const backOffAfter = (times: number): number => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(times, 10));

function contactsOf(headers: Headers): ReturnType<typeof parseNameAddresses> {
  try {
    return headers.all('contact').flatMap(parseNameAddresses);
  } catch (error) {
    if (error instanceof SipSyntaxError) return [];
    throw error;
  }
}
