/** Requests a client may have under way or unanswered at once. */
const MAX_KEPT = 256;

/** What is to be done with a request of this number. */
export type RequestFate =
  { kind: 'execute' } | { kind: 'wait' } | { kind: 'repeat'; text: string } | { kind: 'refuse' };

/**
 * Has each request carried out once. Numbers count up, so a number that is not new is a request sent again after a
 * resume: it gets the answer it got, or waits for it.
 */
export class ResponseCache {
  readonly #answers = new Map<number, string | undefined>();
  #lastId = 0;

  begin(id: number): RequestFate {
    if (id > this.#lastId) {
      this.#lastId = id;
      this.#answers.set(id, undefined);
      for (const old of this.#answers.keys()) {
        if (this.#answers.size <= MAX_KEPT) break;
        this.#answers.delete(old);
      }
      return { kind: 'execute' };
    }
    if (!this.#answers.has(id)) return { kind: 'refuse' };
    const text = this.#answers.get(id);
    return text === undefined ? { kind: 'wait' } : { kind: 'repeat', text };
  }

  finish(id: number, text: string): void {
    if (this.#answers.has(id)) this.#answers.set(id, text);
  }
}
