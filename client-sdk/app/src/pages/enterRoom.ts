import {
  getSignedInHost,
  joinAsGuest,
  joinAsSignedIn,
  ParleyError,
  Room,
  type LobbyVisit,
  type RoomNotice,
} from '@parley/client-sdk';
import { dropGuestPass, findGuestPass, keepGuestPass, type GuestPass } from '../lib/guestPass.ts';
import { saysMore } from '../lib/noticeTexts.ts';
import { NoticeFirst } from './NoticeFirst.ts';

/** How one comes in. */
export interface Entry {
  displayName: string;
  /** Make the meeting when there is none. */
  create: boolean;
  /** Empty when none was typed. */
  password: string;
  /** Of a link with a token; null for guests. */
  token: string | null;
  nameOfToken: string;
  /** Code of an invitation link; empty when there is none. */
  invite: string;
  /** What they were told of recording and streaming; null when they need not be told. */
  told: RoomNotice | null;
  onKnocking: (visit: LobbyVisit) => void;
}

/** Rejects as `Room.connect` and `joinAsGuest` do, and with NoticeFirst. */
export async function enterRoom(roomName: string, entry: Entry): Promise<Room> {
  const { displayName, onKnocking, token } = entry;
  const options = { onKnocking, ...passwordOf(entry) };
  if (token !== null) {
    const name = displayName === entry.nameOfToken ? {} : { displayName };
    return Room.connect(location.origin, token, { ...name, ...options });
  }
  const own = await ownToken(roomName, entry);
  if (own !== null) {
    tell(own.notice, entry);
    return Room.connect(own.url, own.token, options);
  }
  const pass = findGuestPass(roomName, entry.invite);
  if (pass === null) return enterAnew(roomName, entry);
  try {
    return await Room.connect(pass.url, pass.token, { displayName, ...options });
  } catch (error) {
    if (!isOutdated(error, entry)) throw error;
    dropGuestPass(roomName);
    return enterAnew(roomName, entry);
  }
}

/** Hosts who signed in come as themselves; by an invitation only where that gives them no less than what they are. */
async function ownToken(roomName: string, { displayName, create, invite }: Entry) {
  const host = await getSignedInHost(location.origin).catch(() => null);
  if (host === null) return null;
  try {
    const own = await joinAsSignedIn(location.origin, roomName, { displayName, create });
    return invite === '' || own.role === 'owner' ? own : null;
  } catch (error) {
    // The session has just ended, or only the invitation knows the room.
    if (error instanceof ParleyError && (error.code === 'TOKEN_MISSING' || invite !== '')) return null;
    throw error;
  }
}

async function enterAnew(roomName: string, entry: Entry): Promise<Room> {
  const { displayName, create, onKnocking, invite } = entry;
  const { url, token, notice } = await joinAsGuest(location.origin, roomName, {
    ...{ displayName, create },
    ...passwordOf(entry),
    ...(invite !== '' && { invite }),
  });
  const pass: GuestPass = { url, token, invite };
  keepGuestPass(roomName, pass);
  tell(notice, entry);
  return Room.connect(pass.url, pass.token, { onKnocking });
}

/** Rooms with a password say only now what goes on in them. */
function tell(notice: RoomNotice, { told }: Entry): void {
  if (told !== null && saysMore(notice, told)) throw new NoticeFirst(notice);
}

const passwordOf = ({ password }: Entry) => (password === '' ? {} : { password });

/** The server does not know the token any more; or the room is gone, and whoever makes another is somebody new in it. */
function isOutdated(error: unknown, { create }: Entry): boolean {
  if (!(error instanceof ParleyError)) return false;
  return error.code.startsWith('TOKEN_') || (create && error.code === 'ACCESS_REFUSED');
}
