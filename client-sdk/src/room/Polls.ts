import type { PollInfo } from '@parley/protocol';
import type { Request } from './Request.ts';

/** Questions to everybody. */
export class Polls {
  readonly #request: Request;
  #list: readonly PollInfo[] = [];

  /** @internal */
  constructor(request: Request) {
    this.#request = request;
  }

  /** Oldest first. */
  get list(): readonly PollInfo[] {
    return this.#list;
  }

  async create(poll: {
    question: string;
    options: string[];
    multiple?: boolean;
    anonymous?: boolean;
  }): Promise<PollInfo> {
    return (await this.#request('poll.create', poll)).poll;
  }

  /** The numbers of the options, counted from 0. Voting again replaces the former vote. */
  async vote(pollId: string, options: number[]): Promise<void> {
    await this.#request('poll.vote', { pollId, options });
  }

  async close(pollId: string): Promise<void> {
    await this.#request('poll.close', { pollId });
  }

  async showResults(pollId: string, shown: boolean): Promise<void> {
    await this.#request('poll.showResults', { pollId, shown });
  }

  async delete(pollId: string): Promise<void> {
    await this.#request('poll.delete', { pollId });
  }

  /** @internal */
  setList(list: readonly PollInfo[]): void {
    this.#list = list;
  }
}
