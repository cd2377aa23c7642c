/** Who may be a host, decided from what an OpenID provider says of somebody: pure functions. */
import { createHash } from 'node:crypto';
import type { Config } from '../config/schema.ts';
import type { SignedInHost } from './ports.ts';

type Oidc = Config['auth']['oidc'];
export type Claims = Readonly<Record<string, unknown>>;

/** Why somebody is not let in, for the person and for the log. */
export type Refusal = 'noEmail' | 'emailNotVerified' | 'notAllowed' | 'claimMissing';
export type Verdict = { host: SignedInHost } | { refused: Refusal };

/** `claims` are those of the ID token and of userinfo, already checked. */
export function decideHost(claims: Claims, subject: { iss: string; sub: string }, oidc: Oidc): Verdict {
  const said = typeof claims['email'] === 'string' ? claims['email'].trim().toLowerCase() : '';
  const isVerified = !oidc.requireVerifiedEmail || /^true$/.test(String(claims['email_verified']));
  const email = isVerified ? said : '';
  const isAdmin = includes(oidc.adminEmails, email) || hasClaim(claims, oidc.adminClaim);
  if (!includes(oidc.adminEmails, email)) {
    if (!isAllowed(email, oidc)) return { refused: refusalOf(said, isVerified) };
    if (oidc.requiredClaim.name !== '' && !hasClaim(claims, oidc.requiredClaim))
      return { refused: 'claimMissing' };
  }
  const identity = identityOf(subject);
  const displayName = nameOf(claims, said);
  return { host: { identity, displayName, email: said || null, isAdmin, way: 'oidc' } };
}

function refusalOf(said: string, isVerified: boolean): Refusal {
  if (said === '') return 'noEmail';
  return isVerified ? 'notAllowed' : 'emailNotVerified';
}

/** Where only a claim is asked for, the address does not matter. */
function isAllowed(email: string, { allowedDomains, allowedEmails, requiredClaim }: Oidc): boolean {
  if (allowedDomains.includes('*')) return true;
  if (allowedDomains.length === 0 && allowedEmails.length === 0) return requiredClaim.name !== '';
  const domain = /^[^@\s]+@([^@\s]+)$/.exec(email)?.[1];
  return includes(allowedEmails, email) || includes(allowedDomains, domain ?? '');
}

const includes = (list: readonly string[], text: string): boolean =>
  text !== '' && list.some((item) => item.trim().toLowerCase() === text);

function hasClaim(claims: Claims, { name, value }: { name: string; value: string }): boolean {
  if (name === '') return false;
  const found = claimAt(claims, name);
  return (Array.isArray(found) ? found : [found]).some(
    (item) => ['string', 'number', 'boolean'].includes(typeof item) && String(item) === value,
  );
}

/** Names of claims may have dots in them; else a dot leads into an object. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((node, key) => {
    const isObject = typeof node === 'object' && node !== null && Object.hasOwn(node, key);
    return isObject ? (node as Claims)[key] : undefined;
  }, claims);
}

/** The same each time, and tells the others in a room nothing about the account. */
const identityOf = ({ iss, sub }: { iss: string; sub: string }): string =>
  `host-${createHash('sha256')
    .update(JSON.stringify([iss, sub]))
    .digest('base64url')
    .slice(0, 22)}`;

function nameOf(claims: Claims, email: string): string {
  const candidates = [claims['name'], claims['preferred_username'], email.split('@')[0]];
  const name = candidates.filter((item) => typeof item === 'string').find((item) => item.trim() !== '');
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  const clean = (name ?? 'Host').replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return clean.trim().slice(0, 64).toWellFormed() || 'Host';
}
