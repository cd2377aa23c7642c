/** Reads what a token says about its bearer, to show it. It is the server that verifies it. */

export interface TokenPreview {
  displayName: string;
  room: string;
}

/** Empty fields where the token does not say, or cannot be read. */
export function previewToken(token: string): TokenPreview {
  const claims = claimsOf(token);
  const video = claims['video'];
  const room = isRecord(video) ? video['room'] : undefined;
  const name = claims['name'];
  return { displayName: typeof name === 'string' ? name : '', room: typeof room === 'string' ? room : '' };
}

function claimsOf(token: string): Record<string, unknown> {
  const payload = token.split('.')[1];
  if (payload === undefined) return {};
  try {
    const binary = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
