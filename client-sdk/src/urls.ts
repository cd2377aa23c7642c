/** The WebSocket address of a server that is named by any of its URLs. */
export function toWebSocketUrl(url: string): string {
  const parsed = new URL(url);
  parsed.protocol = parsed.protocol.replace('http', 'ws');
  if (!parsed.pathname.endsWith('/ws')) parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}/ws`;
  parsed.search = parsed.hash = '';
  return parsed.href;
}

/** The web address that belongs to a WebSocket address that `toWebSocketUrl` gave, without a slash at its end. */
export const toServerUrl = (webSocketUrl: string): string =>
  webSocketUrl.replace(/^ws/, 'http').replace(/\/ws$/, '');
