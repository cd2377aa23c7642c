/** The WebSocket address of a server that is named by any of its URLs. */
export function toWebSocketUrl(url: string): string {
  const parsed = new URL(url);
  parsed.protocol = parsed.protocol.replace('http', 'ws');
  if (!parsed.pathname.endsWith('/ws')) parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}/ws`;
  parsed.search = parsed.hash = '';
  return parsed.href;
}

/** The web address of a server that is named by its WebSocket address. */
export function toWebUrl(webSocketUrl: string): string {
  const parsed = new URL(webSocketUrl);
  parsed.protocol = parsed.protocol.replace('ws', 'http');
  parsed.pathname = parsed.pathname.replace(/\/ws$/, '/');
  return parsed.href;
}
