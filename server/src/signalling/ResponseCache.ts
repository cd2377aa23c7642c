/** Answers that are kept, and requests that may be unanswered, at once. A client keeps to it as well. */
export const MAX_KEPT_RESPONSES = 256;

/** What is to be done with a request of this number. */
export type RequestFate =
  | { kind: 'execute' }
  /** It is under way, or was answered on this very connection: nothing is to be said twice. */
  | { kind: 'ignore' }
  | { kind: 'repeat'; text: string }
  | { kind: 'refuse' };

/** On which connection an answer was sent, and the number of the last notification before it. */
interface Sending {
  connection: object;
  seq: number;
}

/**
 * Has each request carried out once. Numbers count up, so a number that is not new is a request sent again after a
 * resume: it gets the answer it got, or waits for it.
 */
export class ResponseCache {
  readonly #running = new Set<number>();
  /** In the order in which they were answered, since what a cut loses are the latest answers. */
  readonly #answers = new Map<number, { text: string; sent: Sending | undefined }>();
  #lastId = 0;

  /** More requests are under way than a client may have. */
  get crowded(): boolean {
    return this.#running.size > MAX_KEPT_RESPONSES;
  }

  begin(id: number, connection: object): RequestFate {
    if (id > this.#lastId) {
      this.#lastId = id;
      this.#running.add(id);
      return { kind: 'execute' };
    }
    if (this.#running.has(id)) return { kind: 'ignore' };
    const answer = this.#answers.get(id);
    if (!answer) return { kind: 'refuse' };
    return answer.sent?.connection === connection
      ? { kind: 'ignore' }
      : { kind: 'repeat', text: answer.text };
  }

  /** Keeps an answer; `sent` is undefined when there was no connection to send it on. */
  finish(id: number, text: string, sent: Sending | undefined): void {
    this.#running.delete(id);
    this.#answers.delete(id);
    this.#answers.set(id, { text, sent });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_KEPT_RESPONSES) break;
      this.#answers.delete(oldest);
    }
  }

  /** The client has this notification, and with it every answer that went before it on the same connection. */
  acknowledge(seq: number, connection: object): void {
    for (const [id, { sent }] of this.#answers)
      if (sent?.connection === connection && sent.seq < seq) this.#answers.delete(id);
  }
}
