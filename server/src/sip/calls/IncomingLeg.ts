import type { CallDecision, PhoneEvent } from '@parley/protocol/phoneProcess';
import type { IncomingSession } from '../stack/session/IncomingSession.ts';
import type { Leg } from './Leg.ts';
import { PinQuestion } from './PinQuestion.ts';

/** Proxies end calls that ring in silence (RFC 3261, section 13.3.1.1). */
const RING_AGAIN_MS = 60_000;

/** A call that has come in, and what is decided about it. */
export class IncomingLeg {
  readonly leg: Leg;
  readonly #session: IncomingSession;
  readonly #tell: (event: PhoneEvent) => void;
  #question: PinQuestion | undefined;
  #ringing: NodeJS.Timeout | undefined;

  constructor(leg: Leg, session: IncomingSession, tell: (event: PhoneEvent) => void) {
    this.leg = leg;
    this.#session = session;
    this.#tell = tell;
    leg.once('ended', () => this.#close());
  }

  async decide(decision: CallDecision): Promise<void> {
    this.#close();
    if (decision.kind === 'ring') return this.#ring();
    if (decision.kind === 'reject') return this.#reject(decision);
    if (!(await this.#take())) return;
    if (decision.kind === 'askPin') this.#ask(decision);
    else this.#tell({ type: 'answered', legId: this.leg.legId, at: Date.now(), codec: this.leg.codec });
  }

  #ring(): void {
    this.#session.ring();
    this.#ringing = setInterval(() => this.#session.ring(), RING_AGAIN_MS);
  }

  async #reject({ status, why, prompt }: Extract<CallDecision, { kind: 'reject' }>): Promise<void> {
    if (this.leg.isEstablished) return this.leg.endAfter(prompt, { by: 'server', why });
    this.leg.explain({ by: 'server', why });
    this.#session.reject(status);
  }

  /** Whether the call stands. */
  async #take(): Promise<boolean> {
    if (this.leg.isEstablished) return true;
    if (!(await this.#session.answer())) return false;
    return this.leg.untilEstablished();
  }

  #ask({ prompt, length }: Extract<CallDecision, { kind: 'askPin' }>): void {
    const { legId } = this.leg;
    this.#question = new PinQuestion(this.leg, {
      ...{ prompt, length },
      entered: (digits) => this.#tell({ type: 'pinEntered', legId, digits }),
    });
  }

  #close(): void {
    clearInterval(this.#ringing);
    this.#question?.close();
  }
}
