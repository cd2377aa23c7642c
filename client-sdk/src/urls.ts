/** The WebSocket address of a server that is named by any of its URLs. */
export function toWebSocketUrl(url: string): string {
  const parsed = new URL(url);
  parsed.protocol = parsed.protocol.replace('http', 'ws');
  if (!parsed.pathname.endsWith('/ws')) parsed.pathname = `${parsed.pathname.replace(/\/$/, '')}/ws`;
  parsed.search = parsed.hash = '';
  return parsed.href;
}
