import { EventEmitter } from 'node:events';
import { ask, isMadeUp } from '../agent/ask.ts';
import type { Core } from '../agent/Core.ts';
import type { Path } from '../agent/Path.ts';
import { newCallId } from '../agent/stamp.ts';
import { Headers } from '../message/Headers.ts';
import { NO_BODY, saidTo, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { isSip, writeUri, type Uri } from '../message/uri.ts';
import { fromOf, toOf } from '../session/inviteRequest.ts';

export interface ProbeOptions {
  readonly target: Uri;
  readonly from: Uri;
  readonly path: Path;
  /** Between two questions, ms; 30 s otherwise. While it is down a third of that. */
  readonly intervalMs?: number | undefined;
  /** Unanswered questions in a row after which it is down, and answered ones after which it is up again. */
  readonly downAfter?: number | undefined;
  readonly upAfter?: number | undefined;
}

export interface ProbeEvents {
  /** With the first answer, and when it changes. `text`: what was last answered, or why nothing was. */
  health: [isUp: boolean, text: string];
}

/** Longer than a connection is waited for, so that there is time for another address. */
const TIMEOUT_MS = 8_000;
/** After so long without an answer the next address of the peer is asked: calls find it, too. */
const FAILOVER_MS = 2_000;

/**
 * Asks a peer again and again whether it is there (OPTIONS, RFC 3261, section 11). Any answer but 408 and 503 says that it is: some refuse the
 * question. Until the first answer it is taken to be up.
 */
export class OptionsProbe extends EventEmitter<ProbeEvents> {
  readonly #core: Core;
  readonly #options: ProbeOptions;
  readonly #callId = newCallId();
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;
  #isUp = true;
  #hasAnswered = false;
  /** Answers in a row that say otherwise. */
  #against = 0;
  #roundTrip: number | undefined;
  #isOver = false;

  constructor(core: Core, options: ProbeOptions) {
    super();
    this.#core = core;
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Of the last answer, ms. */
  get roundTripMs(): number | undefined {
    return this.#roundTrip;
  }

  start(): this {
    void this.#probe();
    return this;
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async #probe(): Promise<void> {
    const { path, intervalMs = 30_000 } = this.#options;
    const began = performance.now();
    const response = await ask(this.#core, this.#request(), {
      ...{ path, contactUser: '', timeoutMs: TIMEOUT_MS, failoverMs: FAILOVER_MS },
    });
    if (this.#isOver) return;
    this.#judge(response, performance.now() - began);
    const wait = this.#isUp && this.#against === 0 ? intervalMs : intervalMs / 3;
    this.#timer = setTimeout(() => void this.#probe(), wait * (0.9 + Math.random() * 0.2));
  }

  #judge(response: SipResponse, ms: number): void {
    const { status, reason } = response;
    const answers = !isMadeUp(response) && status !== 408 && status !== 503;
    this.#roundTrip = answers ? ms : undefined;
    this.#against = answers === this.#isUp ? 0 : this.#against + 1;
    const { downAfter = 3, upAfter = 1 } = this.#options;
    const isFirst = answers && !this.#hasAnswered;
    this.#hasAnswered ||= answers;
    if (!isFirst && this.#against < (this.#isUp ? downAfter : upAfter)) return;
    this.#isUp = answers;
    this.#against = 0;
    this.emit('health', answers, `${status} ${saidTo(reason)}`);
  }

  #request(): SipRequest {
    const { target, from, path } = this.#options;
    this.#sequence += 1;
    return {
      ...{ kind: 'request', method: 'OPTIONS', uri: writeUri(target), body: NO_BODY },
      headers: Headers.of({
        Route:
          path.proxy && isSip(path.proxy) && path.proxy.params.has('lr')
            ? `<${writeUri(path.proxy)}>`
            : undefined,
        'Max-Forwards': 70,
        From: fromOf({ uri: from }),
        To: toOf({ uri: target }),
        'Call-ID': this.#callId,
        CSeq: `${this.#sequence} OPTIONS`,
        Accept: 'application/sdp',
        'User-Agent': this.#core.product,
      }),
    };
  }
}
