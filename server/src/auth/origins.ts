export interface OriginRules {
  /** `http.allowedOrigins`; empty allows all. */
  allowedOrigins: readonly string[];
  /** `http.publicUrl`, or empty. */
  publicUrl: string;
}

/**
 * Whether a page of this origin may use the server (RFC 6454). `origin` is the header Origin, undefined where there is
 * none, as from programs that are not browsers; `host` is the host and port the request was sent to.
 */
export function isOriginAllowed(origin: string | undefined, host: string, rules: OriginRules): boolean {
  if (rules.allowedOrigins.length === 0 || origin === undefined) return true;
  const url = parse(origin);
  // `null` is what sandboxed frames and local files say; it could be anybody.
  if (!url || url.origin === 'null') return false;
  if (rules.publicUrl !== '' && parse(rules.publicUrl)?.origin === url.origin) return true;
  if (url.host === parse(`${url.protocol}//${host}`)?.host) return true;
  return rules.allowedOrigins.some((allowed) => parse(allowed)?.origin === url.origin);
}

function parse(text: string): URL | undefined {
  return URL.parse(text) ?? undefined;
}
