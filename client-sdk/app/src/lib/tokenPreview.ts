/** Reads what a token says about its bearer, to show it. It is the server that verifies it. */

export interface TokenPreview {
  displayName: string;
  room: string;
  /** What its bearer may turn on in the meeting. */
  mayPublish: { microphone: boolean; camera: boolean };
}

/** Empty fields where the token does not say, or cannot be read. */
export function previewToken(token: string): TokenPreview {
  const claims = claimsOf(token);
  const video = claims['video'];
  const grant = isRecord(video) ? video : {};
  const { name } = claims;
  const mayPublish = (source: string): boolean =>
    claims['role'] !== 'viewer' &&
    grant['canPublish'] !== false &&
    (!Array.isArray(grant['canPublishSources']) || grant['canPublishSources'].includes(source));
  return {
    displayName: typeof name === 'string' ? name : '',
    room: typeof grant['room'] === 'string' ? grant['room'] : '',
    mayPublish: { microphone: mayPublish('microphone'), camera: mayPublish('camera') },
  };
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
