import { randomBytes } from 'node:crypto';
import { ParleyError } from '@parley/protocol';

/** The strong entity tag of an ICE session (RFC 9110 section 8.8.3): another one after each restart. */
export class EntityTag {
  #current = makeTag();

  get current(): string {
    return this.#current;
  }

  renew(): string {
    this.#current = makeTag();
    return this.#current;
  }

  /**
   * Whether a request about the present ICE session may go on: `any` where it is about whichever there is. Throws
   * PRECONDITION_REQUIRED, PRECONDITION_FAILED (RFC 9725 section 4.3.1).
   */
  match(ifMatch: string | undefined): 'same' | 'any' {
    if (ifMatch === undefined) throw new ParleyError('PRECONDITION_REQUIRED');
    const wanted = ifMatch.split(',').map((tag) => tag.trim());
    // Some clients put quotes around the asterisk, as around every other tag.
    if (wanted.some((tag) => tag === '*' || tag === '"*"')) return 'any';
    if (!wanted.includes(this.#current)) throw new ParleyError('PRECONDITION_FAILED');
    return 'same';
  }
}

const makeTag = (): string => `"${randomBytes(9).toString('base64url')}"`;
