/**
 * The token that a guest was given, kept while the tab is open: who reloads the page is the same person to the others, and need
 * not knock again. Private windows may refuse storage: then nothing is kept.
 */

const keyOf = (room: string): string => `parley.pass.${room}`;

export interface GuestPass {
  /** WebSocket address of the server. */
  url: string;
  token: string;
  /** Of the invitation that it was got by; empty when there was none. */
  invite: string;
}

/** The pass for this room, got by this invitation. */
export function findGuestPass(room: string, invite: string): GuestPass | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(room)) ?? 'null');
    return isPass(stored) && stored.invite === invite ? stored : null;
  } catch {
    return null;
  }
}

export function keepGuestPass(room: string, pass: GuestPass): void {
  try {
    sessionStorage.setItem(keyOf(room), JSON.stringify(pass));
  } catch {
    // Then one is somebody new after a reload.
  }
}

export function dropGuestPass(room: string): void {
  try {
    sessionStorage.removeItem(keyOf(room));
  } catch {
    // Nothing was kept either.
  }
}

function isPass(value: unknown): value is GuestPass {
  if (typeof value !== 'object' || value === null) return false;
  const { url, token, invite }: Partial<Record<string, unknown>> = { ...value };
  return typeof url === 'string' && typeof token === 'string' && typeof invite === 'string';
}
