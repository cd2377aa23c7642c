import type { SipRequest } from '../message/SipMessage.ts';
import { makeReply, type Reply } from '../agent/replies.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import type { Flow } from '../transport/Flow.ts';
import type { Core } from '../agent/Core.ts';
import { newTag } from '../agent/stamp.ts';

/** A request that belongs to no call: REGISTER, OPTIONS. It is answered once. */
export class IncomingRequest {
  readonly #core: Core;
  readonly #transaction: ServerTransaction;

  constructor(core: Core, transaction: ServerTransaction) {
    this.#core = core;
    this.#transaction = transaction;
  }

  get request(): SipRequest {
    return this.#transaction.request;
  }

  /** The way it came by, and by which its sender can be reached. */
  get flow(): Flow {
    return this.#transaction.flow;
  }

  reply(status: number, reply: Reply = {}): void {
    const parts = { core: this.#core, status, tag: newTag(), reply };
    this.#transaction.respond(makeReply(this.#transaction, parts));
  }
}
