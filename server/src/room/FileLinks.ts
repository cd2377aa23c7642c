import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ParleyError } from '@parley/protocol';

/** How long a link to a file works, ms. */
const TTL_MS = 5 * 60_000;

/** Links to files, each for one participant and some minutes. Their key dies with the process, as all stays do. */
export class FileLinks {
  readonly #key = randomBytes(32);

  sign(fileId: string, participantId: string): { ticket: string; expiresAt: number } {
    const expiresAt = Date.now() + TTL_MS;
    return {
      ticket: `${participantId}.${expiresAt}.${this.#mac(fileId, participantId, expiresAt)}`,
      expiresAt,
    };
  }

  /** Gives the participantId. Throws TOKEN_INVALID, TOKEN_EXPIRED. */
  verify(fileId: string, ticket: string): string {
    const [participantId = '', expires = '', mac = ''] = ticket.split('.');
    const expected = Buffer.from(this.#mac(fileId, participantId, Number(expires)));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw badLink('TOKEN_INVALID');
    if (Date.now() >= Number(expires)) throw badLink('TOKEN_EXPIRED');
    return participantId;
  }

  #mac(fileId: string, participantId: string, expiresAt: number): string {
    const text = `${fileId}.${participantId}.${expiresAt}`;
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** Who opens a link reads this, not a program. */
export const badLink = (code: 'TOKEN_INVALID' | 'TOKEN_EXPIRED'): ParleyError =>
  new ParleyError(code, {
    message: 'This link to a file does not work any more. Open the file from the chat of the meeting.',
  });
