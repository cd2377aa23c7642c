/** Reads what people paste or type into "Join": a link, a path or the bare name of a meeting. */

/** The pattern of `RoomName` in the protocol, which is not bundled here because of its schema library. */
export const ROOM_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** What a link carries in its fragment, which browsers never send to a server or leave in its logs. */
export interface LinkInvitation {
  /** Signed by the server or by who has its key. */
  token?: string;
  /** Code of an invitation that a host made. */
  invite?: string;
}

export type MeetingInput =
  | ({ kind: 'room'; room: string } & LinkInvitation)
  /** A meeting, but of another Parley server: `url` opens it there. */
  | { kind: 'otherServer'; url: string }
  | { kind: 'invalid'; message: string };

const INVALID = {
  empty: 'Enter the link or the code of a meeting.',
  name: 'A code is letters, digits and - _ . only, such as quiet-otter-4kx92p.',
  link: 'That link does not lead to a meeting. Meeting links look like {origin}/r/quiet-otter-4kx92p.',
} as const;

/** `origin` is the one this page was loaded from, such as `https://meet.example.org`. */
export function parseMeetingInput(text: string, origin: string): MeetingInput {
  const input = text.trim();
  if (input === '') return { kind: 'invalid', message: INVALID.empty };
  if (ROOM_NAME.test(input) && !looksLikeHost(input, origin)) return { kind: 'room', room: input };
  if (!input.includes('/')) return { kind: 'invalid', message: INVALID.name };

  const url = toUrl(input, origin);
  const room = url === null ? null : roomOfPath(url.pathname);
  if (url === null || room === null) {
    return { kind: 'invalid', message: INVALID.link.replace('{origin}', origin) };
  }
  if (url.origin !== origin) return { kind: 'otherServer', url: url.href };
  return { kind: 'room', room, ...invitationOfHash(url.hash) };
}

/** Name of the room of a path such as `/r/demo`; null for every other path. */
export function roomOfPath(pathname: string): string | null {
  const encoded = /^\/r\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (encoded === undefined) return null;
  try {
    const room = decodeURIComponent(encoded);
    return ROOM_NAME.test(room) ? room : null;
  } catch {
    return null;
  }
}

/** Whether an address leads nowhere but to the machine that one sits at. */
export function isOwnMachine(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

export function pathOfRoom(room: string): string {
  return `/r/${encodeURIComponent(room)}`;
}

export function invitationOfHash(hash: string): LinkInvitation {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const [token, invite] = [parameters.get('token') ?? '', parameters.get('invite') ?? ''];
  return { ...(token !== '' && { token }), ...(invite !== '' && { invite }) };
}

function toUrl(input: string, origin: string): URL | null {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(input)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return null;
  try {
    if (scheme !== undefined) return new URL(input);
    if (input.startsWith('//')) return null;
    if (input.startsWith('/')) return new URL(input, origin);
    if (input.startsWith('r/')) return new URL(`/${input}`, origin);
    return new URL(`${new URL(origin).protocol}//${input}`);
  } catch {
    return null;
  }
}

function looksLikeHost(input: string, origin: string): boolean {
  return input === new URL(origin).host;
}
