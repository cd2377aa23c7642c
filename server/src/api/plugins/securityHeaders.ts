import type { Config } from '../../config/schema.ts';
import type { App } from '../appType.ts';

/** What pages of this server may load (https://www.w3.org/TR/CSP3/): only from here, and what they make themselves. */
function contentSecurityPolicy(http: Config['http']): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    // Styles are set by script in the web app and in the page of the API.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob: data:",
    "font-src 'self' data:",
    // Not all browsers take 'self' to mean the WebSocket of the same host.
    "connect-src 'self' ws: wss: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${["'self'", ...http.allowedOrigins].join(' ')}`,
  ].join('; ');
}

const PERMISSIONS = [
  'camera=(self)',
  'microphone=(self)',
  'display-capture=(self)',
  'autoplay=(self)',
  'fullscreen=(self)',
  'picture-in-picture=(self)',
  'screen-wake-lock=(self)',
  'speaker-selection=(self)',
  'geolocation=()',
  'payment=()',
  'usb=()',
].join(', ');

export function registerSecurityHeaders(app: App, http: Config['http']): void {
  const headers = {
    'content-security-policy': contentSecurityPolicy(http),
    'permissions-policy': PERMISSIONS,
    'x-content-type-options': 'nosniff',
    // The path of a meeting link is an invitation; it is not told to other sites.
    'referrer-policy': 'same-origin',
  };
  app.addHook('onRequest', async (_request, reply) => {
    await Promise.resolve();
    reply.headers(headers);
  });
}
