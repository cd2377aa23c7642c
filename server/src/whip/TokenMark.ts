import { createHash, timingSafeEqual } from 'node:crypto';

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Remembers a token without keeping it. */
export class TokenMark {
  readonly #hash: Buffer;

  constructor(token: string) {
    this.#hash = hashOf(token);
  }

  /** Takes the same time whatever differs. */
  isOf(token: string): boolean {
    return timingSafeEqual(this.#hash, hashOf(token));
  }
}
