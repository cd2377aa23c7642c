import { NoAgreement } from '../sdp/OfferAnswer.ts';
import type { SoundNegotiation } from './types.ts';

/** Offers that are not answered yet: while there is one nobody may make another (RFC 3264, section 4; RFC 3311, section 5). */
export class OfferState {
  readonly sound: SoundNegotiation;
  /** One of ours. */
  ours = false;
  /** One of theirs. */
  theirs = false;
  #isHeld = false;
  #lastAnswer: string | undefined;

  constructor(sound: SoundNegotiation) {
    this.sound = sound;
  }

  offer(): string {
    const offer = this.sound.offer();
    this.ours = true;
    this.#lastAnswer = undefined;
    return offer;
  }

  /** The answer to one of theirs; undefined where there is no agreement. */
  answer(offer: string): string | undefined {
    return orUndefined(() => this.sound.answer(offer));
  }

  /** Whether theirs can be agreed to. The same answer again, as the 2xx has it after a 183, says nothing new. */
  accept(answer: string): boolean {
    this.ours = false;
    if (answer === this.#lastAnswer) return true;
    const accepted = orUndefined(() => (this.sound.accept(answer), true)) === true;
    if (accepted) this.#lastAnswer = answer;
    return accepted;
  }

  /** Whether the peer has answered what was offered last. */
  get isAnswered(): boolean {
    return this.#lastAnswer !== undefined;
  }

  /** The peer does not want to hear us, although we would speak. undefined where that is as before. */
  heldNow(): boolean | undefined {
    const { wanted, agreed } = this.sound;
    const speaks = (direction: string): boolean => /send/.test(direction);
    if (!agreed || !speaks(wanted)) return undefined;
    const isHeld = !speaks(agreed.direction);
    if (isHeld === this.#isHeld) return undefined;
    this.#isHeld = isHeld;
    return isHeld;
  }
}

function orUndefined<T>(negotiate: () => T): T | undefined {
  try {
    return negotiate();
  } catch (error) {
    if (error instanceof NoAgreement) return undefined;
    throw error;
  }
}
