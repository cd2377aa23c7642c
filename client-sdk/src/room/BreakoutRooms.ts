import type { BreakoutState } from '@parley/protocol';
import type { Request } from './Request.ts';

/** The breakout rooms of a room. What one may do depends on one’s role; the rest rejects with PERMISSION_DENIED. */
export class BreakoutRooms {
  readonly #request: Request;
  #state: BreakoutState | null = null;
  #breakoutId: string | null = null;

  /** @internal */
  constructor(request: Request) {
    this.#request = request;
  }

  /** null where there are none, or none for those who are no hosts. */
  get state(): BreakoutState | null {
    return this.#state;
  }

  /** The one that one is in; null is the main room. */
  get breakoutId(): string | null {
    return this.#breakoutId;
  }

  /** Name of the one that one is in; empty in the main room. */
  get name(): string {
    return this.#state?.rooms.find(({ breakoutId }) => breakoutId === this.#breakoutId)?.name ?? '';
  }

  /** Makes breakout rooms beside those there are; gives their ids. */
  async create(names: string[]): Promise<string[]> {
    return (await this.#request('breakout.create', { names })).breakoutIds;
  }

  async rename(breakoutId: string, name: string): Promise<void> {
    await this.#request('breakout.rename', { breakoutId, name });
  }

  async delete(breakoutId: string): Promise<void> {
    await this.#request('breakout.delete', { breakoutId });
  }

  /** Says who belongs where, by identity, also of people who are yet to come; null is the main room. */
  async assign(assignments: { identity: string; breakoutId: string | null }[]): Promise<void> {
    await this.#request('breakout.assign', { assignments });
  }

  async assignRandomly(): Promise<void> {
    await this.#request('breakout.assignRandomly', {});
  }

  /** With `seconds`, everybody returns when they are over. With `choosing`, people may choose. */
  async open(options: { seconds?: number; choosing?: boolean } = {}): Promise<void> {
    await this.#request('breakout.open', options);
  }

  /** Seconds from now on; 0 is without end. */
  async setTime(seconds: number): Promise<void> {
    await this.#request('breakout.setTime', { seconds });
  }

  async close(): Promise<void> {
    await this.#request('breakout.close', {});
  }

  /** Goes there oneself; null is the main room. */
  async visit(breakoutId: string | null): Promise<void> {
    await this.#request('breakout.visit', { breakoutId });
  }

  /** Shows a text in every room. */
  async broadcast(text: string): Promise<void> {
    await this.#request('breakout.broadcast', { text });
  }

  async askForHelp(options: { withdraw?: boolean } = {}): Promise<void> {
    await this.#request('breakout.askForHelp', options);
  }

  /** @internal */
  setState(state: BreakoutState | null): void {
    this.#state = state;
  }

  /** @internal */
  setPlace(breakoutId: string | null): void {
    this.#breakoutId = breakoutId;
  }
}
