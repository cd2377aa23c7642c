import { timingSafeEqual } from 'node:crypto';
import { newSecret } from '../util/ids.ts';

/**
 * The secret that a resume must show. It changes with each resume; since the answer that carries the new one may be
 * lost on the way, the former holds until the client has shown that it has the new one.
 */
export class ResumeKeys {
  #current = newSecret();
  #former: string | undefined;

  get current(): string {
    return this.#current;
  }

  accepts(key: string): boolean {
    return same(key, this.#current) || (this.#former !== undefined && same(key, this.#former));
  }

  /** A new key; the one that was shown is still taken until `confirm`, or until the new one is shown. */
  rotate(shown: string): string {
    this.#former = shown;
    this.#current = newSecret();
    return this.#current;
  }

  /** The client has the current key. */
  confirm(): void {
    this.#former = undefined;
  }
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
