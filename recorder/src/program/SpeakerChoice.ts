/** Somebody else must have the floor for so long before the picture follows, ms: a cough does not take it. */
export const TAKEOVER_MS = 1500;
/** Who is large stays so at least, ms. */
export const HOLD_MS = 2500;

/** Who is shown as speaking: the dominant speaker of the room, made calm. Times in ms of one monotonic clock. */
export class SpeakerChoice {
  #speaker: string | null = null;
  #since = -Infinity;
  #candidate: string | null = null;
  #candidateSince = 0;

  get speaker(): string | null {
    return this.#speaker;
  }

  /**
   * @param dominant who has the floor at `now`
   * @param isHere whether somebody is in the room; nobody else is chosen, and who left is given up at once
   */
  update(now: number, dominant: string | null, isHere: (participantId: string) => boolean): string | null {
    if (this.#speaker !== null && !isHere(this.#speaker)) this.#speaker = null;
    const wanted = dominant !== null && isHere(dominant) ? dominant : null;
    if (wanted !== this.#candidate) {
      this.#candidate = wanted;
      this.#candidateSince = now;
    }
    if (wanted === null || wanted === this.#speaker) return this.#speaker;
    const calm = now - this.#candidateSince >= TAKEOVER_MS && now - this.#since >= HOLD_MS;
    if (this.#speaker === null || calm) {
      this.#speaker = wanted;
      this.#since = now;
    }
    return this.#speaker;
  }
}
