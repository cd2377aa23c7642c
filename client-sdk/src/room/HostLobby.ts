import type { Knocker } from '@parley/protocol';
import type { Request } from './Request.ts';

/** The people who wait in the lobby, for those who may let them in. */
export class HostLobby {
  readonly #request: Request;
  #people: readonly Knocker[] = [];

  /** @internal */
  constructor(request: Request) {
    this.#request = request;
  }

  /** Longest first; empty for those who may not admit. */
  get people(): readonly Knocker[] {
    return this.#people;
  }

  /** Rejects with KNOCK_NOT_FOUND when they no longer wait. */
  async admit(knockId: string): Promise<void> {
    await this.#request('lobby.admit', { knockId });
  }

  async admitAll(): Promise<void> {
    await this.#request('lobby.admitAll', {});
  }

  /** With `ban`, they cannot come back. */
  async deny(knockId: string, options: { ban?: boolean } = {}): Promise<void> {
    await this.#request('lobby.deny', { knockId, ...options });
  }

  /** Writes to one who waits, or to all. */
  async message(text: string, knockId?: string): Promise<void> {
    await this.#request('lobby.message', { text, ...(knockId !== undefined && { knockId }) });
  }

  /** @internal */
  setPeople(people: readonly Knocker[]): void {
    this.#people = people;
  }
}
