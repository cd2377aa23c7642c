import type { Config } from './schema.ts';

/** What is wrong with the settings of signing in, taken together; one line each. */
export function oidcProblems({ oidc }: Config['auth']): string[] {
  if (oidc.issuer === '') return [];
  const problems: string[] = [];
  const url = URL.parse(oidc.issuer);
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback(url.hostname)))
    problems.push(line('issuer', 'must be an https URL; http is taken for this machine only'));
  if (oidc.clientId === '') problems.push(line('clientId', 'is needed with an issuer'));
  if (!oidc.scopes.includes('openid')) problems.push(line('scopes', 'must have openid among them'));
  const isOpen = [oidc.allowedDomains, oidc.allowedEmails, oidc.adminEmails].every(
    ({ length }) => length === 0,
  );
  if (isOpen && oidc.requiredClaim.name === '')
    problems.push(
      line(
        'allowedDomains',
        'say who may be a host: allowedDomains, allowedEmails, adminEmails or requiredClaim. ["*"] lets in whomever the provider signs in',
      ),
    );
  return problems;
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

const line = (setting: string, message: string): string =>
  `  auth.oidc.${setting} (PARLEY_AUTH_OIDC_${setting.replace(/[A-Z]/g, '_$&').toUpperCase()}): ${message}`;
