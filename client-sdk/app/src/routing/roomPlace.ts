/** Addresses of the pages from which one room is run: `/rooms/:room/:section/:item`. */
import { ROOM_NAME } from '../lib/meetingLinks.ts';

export const ROOM_SECTIONS = [
  'overview',
  'settings',
  'invites',
  'bans',
  'phones',
  'schedule',
  'meetings',
  'recordings',
  'activity',
] as const;
export type RoomSection = (typeof ROOM_SECTIONS)[number];

export interface RoomPlace {
  room: string;
  section: RoomSection;
  /** One thing of the section, such as a meeting; null is the list of them. */
  item: string | null;
}

const WITH_ITEMS: readonly RoomSection[] = ['meetings', 'recordings'];

/** null for every other path. */
export function roomPlaceOf(pathname: string): RoomPlace | null {
  const [, ...encoded] = /^\/rooms\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?\/?$/.exec(pathname) ?? [];
  const [room, name = 'overview', item = null] = encoded.map(decode);
  const section = ROOM_SECTIONS.find((known) => known === name);
  if (room === undefined || !ROOM_NAME.test(room) || section === undefined) return null;
  if (item === '' || (item !== null && !WITH_ITEMS.includes(section))) return null;
  return { room, section, item };
}

export function pathOfPlace({
  room,
  section = 'overview',
  item = null,
}: Partial<RoomPlace> & { room: string }): string {
  const parts = [room, ...(section === 'overview' ? [] : [section]), ...(item === null ? [] : [item])];
  return `/rooms/${parts.map(encodeURIComponent).join('/')}`;
}

/** Empty for what cannot be read. */
function decode(part: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
