const ANY = 'http://parley.invalid';

/**
 * Where to go after signing in: a path on this server, or `/` for everything else. Browsers read `\` as `/` and drop tabs and
 * line breaks, so that `/\evil.example` and `/<tab>/evil.example` would lead elsewhere (https://url.spec.whatwg.org).
 */
export function safeReturnTo(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 512) return '/';
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (!/^\/(?![/\\])[^\\\u0000-\u001f\u007f]*$/.test(wanted)) return '/';
  const url = URL.parse(wanted, ANY);
  // A path such as `/.//evil.example` is `//evil.example` once it is resolved.
  if (url?.origin !== ANY || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
