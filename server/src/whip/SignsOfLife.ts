import type { Traffic } from '../media/EndpointTransports.ts';

/** So many looks one after the other that find checks of ICE consent show that the client makes them. */
const CONSENTS = 3;

/**
 * Whether somebody is there who only receives. Who is sent media reports on it (RTCP). Who is sent nothing may ask for ICE
 * consent (RFC 7675), which not all do: of those who do not, it cannot be known before something is sent to them.
 */
export class SignsOfLife {
  #former: Traffic | undefined;
  #sending = false;
  #consents = 0;
  #asksConsent = false;
  #count = 0;

  /** Takes a look, and gives a number that rises with every look that found them there. */
  countWith(traffic: Traffic): number {
    const former = this.#former ?? traffic;
    this.#former = traffic;
    if (this.#isThere(former, traffic)) this.#count += 1;
    return this.#count;
  }

  #isThere(former: Traffic, now: Traffic): boolean {
    const sending = now.sentMedia > former.sentMedia;
    // NOTE: reports are sent for a moment longer than media; they are no answers.
    const isQuiet = !sending && !this.#sending;
    this.#sending = sending;
    // The worker does not count the checks of ICE that arrive; what it sends where it sends nothing else are its answers.
    const answered = isQuiet && now.sent > former.sent;
    if (isQuiet) this.#noteConsent(answered);
    if (now.received > former.received) return true;
    return isQuiet && (answered || !this.#asksConsent);
  }

  #noteConsent(answered: boolean): void {
    this.#consents = answered ? this.#consents + 1 : 0;
    if (this.#consents >= CONSENTS) this.#asksConsent = true;
  }
}
