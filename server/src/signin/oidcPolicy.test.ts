import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import type { Config } from '../config/schema.ts';
import { decideHost, type Claims } from './oidcPolicy.ts';

const SUBJECT = { iss: 'https://issuer.test', sub: '1' };
const DEFAULTS = loadConfig({ PARLEY_DATA_DIR: '/nonexistent' }).auth.oidc;
const decide = (claims: Claims, oidc: Partial<Config['auth']['oidc']>): string => {
  const verdict = decideHost({ email_verified: true, ...claims }, SUBJECT, { ...DEFAULTS, ...oidc });
  if ('refused' in verdict) return verdict.refused;
  return verdict.host.isAdmin ? 'admin' : 'host';
};

const STAFF = { allowedDomains: ['Example.org'] };
const GROUP = { requiredClaim: { name: 'realm_access.roles', value: 'host' } };
const roles = (...list: string[]): Claims => ({ realm_access: { roles: list } });

test.each([
  [{ email: 'Ann@EXAMPLE.org' }, STAFF, 'host'],
  [{ email: 'ann@sub.example.org' }, STAFF, 'notAllowed'],
  [{ email: 'ann@example.org.evil.test' }, STAFF, 'notAllowed'],
  [{ email: 'ann@evil.test@example.org' }, STAFF, 'notAllowed'],
  [{ email: 'example.org' }, STAFF, 'notAllowed'],
  [{ email: ['ann@example.org'] }, STAFF, 'noEmail'],
  [{}, STAFF, 'noEmail'],
  [{ email: 'ann@example.org', email_verified: false }, STAFF, 'emailNotVerified'],
  [{ email: 'ann@example.org', email_verified: undefined }, STAFF, 'emailNotVerified'],
  [{ email: 'ann@example.org', email_verified: 'true' }, STAFF, 'host'],
  [{ email: 'ann@example.org', email_verified: false }, { ...STAFF, requireVerifiedEmail: false }, 'host'],
  [{ email: 'bob@gmail.test' }, { ...STAFF, allowedEmails: ['Bob@gmail.test'] }, 'host'],
  [{}, { allowedDomains: ['*'] }, 'host'],
  [{ email: 'ann@example.org' }, { ...STAFF, ...GROUP }, 'claimMissing'],
  [{ email: 'ann@example.org', ...roles('other', 'host') }, { ...STAFF, ...GROUP }, 'host'],
  [roles('host'), GROUP, 'host'],
  [roles('hosts'), GROUP, 'claimMissing'],
  [{ 'realm_access.roles': 'host' }, GROUP, 'host'],
  [{ email: 'root@example.org' }, { adminEmails: ['root@example.org'] }, 'admin'],
  [
    { email: 'root@example.org', email_verified: false },
    { adminEmails: ['root@example.org'] },
    'emailNotVerified',
  ],
  [
    { email: 'ann@example.org', admin: true },
    { ...STAFF, adminClaim: { name: 'admin', value: 'true' } },
    'admin',
  ],
  [
    { email: 'eve@evil.test', admin: true },
    { ...STAFF, adminClaim: { name: 'admin', value: 'true' } },
    'notAllowed',
  ],
  [
    { email: 'ann@example.org' },
    { ...STAFF, adminClaim: { name: 'constructor.name', value: 'Object' } },
    'host',
  ],
])('%j by %j is %s', (claims, oidc, verdict) => {
  expect(decide(claims, oidc)).toBe(verdict);
});

describe('settings that let in whom nobody meant', () => {
  const env = (more: Record<string, string>) => ({
    ...{ PARLEY_DATA_DIR: '/nonexistent', PARLEY_AUTH_OIDC_CLIENT_ID: 'parley' },
    ...more,
  });
  const issuer = { PARLEY_AUTH_OIDC_ISSUER: 'https://issuer.test' };

  test('are refused with words', () => {
    expect(() => loadConfig(env(issuer))).toThrow('say who may be a host');
    const everybody = { PARLEY_AUTH_OIDC_ALLOWED_DOMAINS: '*' };
    expect(loadConfig(env({ ...issuer, ...everybody })).auth.oidc.allowedDomains).toEqual(['*']);
    const bad: [Record<string, string>, string][] = [
      [{ PARLEY_AUTH_OIDC_ISSUER: 'http://issuer.test' }, 'must be an https URL'],
      [{ PARLEY_AUTH_OIDC_CLIENT_ID: '' }, 'PARLEY_AUTH_OIDC_CLIENT_ID): is needed'],
      [{ PARLEY_AUTH_OIDC_SCOPES: 'email' }, 'must have openid'],
    ];
    for (const [wrong, words] of bad)
      expect(() => loadConfig(env({ ...issuer, ...everybody, ...wrong })), words).toThrow(words);
  });
});
