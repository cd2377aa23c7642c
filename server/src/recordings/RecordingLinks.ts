import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ParleyError, RoleSchema } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** Whom a link is for, and who gave it: both are looked at each time that it is used. */
const LinkClaims = Type.Object({
  /** Identity of whom it is for. */
  to: Type.String(),
  /** Who gave it, as they asked. */
  by: Type.Object({
    identity: Type.String(),
    displayName: Type.String(),
    role: RoleSchema,
    inviteId: Type.Optional(Type.String()),
    isIntegrator: Type.Boolean(),
    ownsThisOnly: Type.Boolean(),
  }),
  /** `number` of the only file that it opens; the whole recording without. */
  file: Type.Optional(Type.Integer()),
  /** Milliseconds since the epoch. */
  issuedAt: Type.Integer(),
  expiresAt: Type.Integer(),
});
export type LinkClaims = Static<typeof LinkClaims>;

/** Links to recordings, each for one person and some minutes. Their key dies with the process. */
export class RecordingLinks {
  readonly #key = randomBytes(32);

  sign(recordingId: string, claims: LinkClaims): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${payload}.${this.#mac(recordingId, payload)}`;
  }

  /** Throws TOKEN_INVALID, TOKEN_EXPIRED. */
  verify(recordingId: string, ticket: string): LinkClaims {
    const [payload = '', mac = ''] = ticket.split('.');
    const expected = Buffer.from(this.#mac(recordingId, payload));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw badLink('TOKEN_INVALID');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (!Value.Check(LinkClaims, claims)) throw badLink('TOKEN_INVALID');
    if (Date.now() >= claims.expiresAt) throw badLink('TOKEN_EXPIRED');
    return claims;
  }

  #mac(recordingId: string, payload: string): string {
    return createHmac('sha256', this.#key).update(`${recordingId}.${payload}`).digest('base64url');
  }
}

/** Who opens a link reads this, not a program. */
export const badLink = (code: 'TOKEN_INVALID' | 'TOKEN_EXPIRED'): ParleyError =>
  new ParleyError(code, {
    message: 'This link to a recording does not work any more. Ask whoever gave it to you for a new one.',
  });
