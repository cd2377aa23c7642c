import type { AnyNotification, Knock } from '@parley/protocol';
import type { ParleyError } from '@parley/protocol/errors';
import { Emitter } from './Emitter.ts';

/** What a host wrote to somebody who waits. */
export interface LobbyMessage {
  text: string;
  /** Display name of the host. */
  from: string;
  at: Date;
}

interface LobbyVisitEvents {
  /** The room says something else to those who wait, or a host came or went. */
  updated: [Knock];
  message: [LobbyMessage];
}

/** One’s stay in the lobby, until a host lets one in. */
export class LobbyVisit extends Emitter<LobbyVisitEvents> {
  readonly #leave: () => Promise<void>;
  readonly #messages: LobbyMessage[] = [];
  #knock: Knock;
  #admit: () => void = () => undefined;
  #refuse: (error: ParleyError) => void = () => undefined;
  /** Resolves when one may come in; rejects when one may not, or the session is lost. @internal */
  readonly admitted: Promise<void>;

  /** @internal */
  constructor(knock: Knock, leave: () => Promise<void>) {
    super();
    this.#knock = knock;
    this.#leave = leave;
    this.admitted = new Promise((resolve, reject) => {
      this.#admit = resolve;
      this.#refuse = reject;
    });
    // Whoever does not wait any more need not hear of it.
    this.admitted.catch(() => undefined);
  }

  /** Title of the room. */
  get title(): string {
    return this.#knock.title;
  }
  /** What the room says to those who wait; may be empty. */
  get text(): string {
    return this.#knock.text;
  }
  /** Whether somebody is there who can let one in. */
  get hostPresent(): boolean {
    return this.#knock.hostPresent;
  }
  get since(): Date {
    return new Date(this.#knock.since);
  }
  /** What hosts wrote, oldest first. */
  get messages(): readonly LobbyMessage[] {
    return this.#messages;
  }

  /** Stops waiting, for good. */
  leave(): Promise<void> {
    return this.#leave();
  }

  /** @internal */
  handle({ method, params }: AnyNotification): void {
    if (method === 'knock.updated') {
      this.#knock = params.knock;
      this.emit('updated', params.knock);
    } else if (method === 'knock.message') {
      const message = { ...params, at: new Date() };
      this.#messages.push(message);
      this.emit('message', message);
    } else if (method === 'knock.admitted') this.#admit();
  }

  /** @internal */
  fail(error: ParleyError): void {
    this.#refuse(error);
  }
}
