/** Addresses of the app: `/`, `/r/:room`, `/rooms` and `/phones` and what is under those, `/live/:liveId`. What is not for the address bar travels in the history state. */
import { roomOfPath } from '../lib/meetingLinks.ts';
import { phoneSectionOf, type PhoneSection } from './phonePlace.ts';
import { roomPlaceOf, type RoomPlace } from './roomPlace.ts';

export type Route =
  | { page: 'landing' }
  | { page: 'room'; room: string }
  | { page: 'adminLink' }
  | { page: 'rooms' }
  | { page: 'manage'; place: RoomPlace }
  | { page: 'phones'; section: PhoneSection }
  | { page: 'watch'; liveId: string }
  | { page: 'notFound' };

export function routeOf(pathname: string): Route {
  if (pathname === '/' || pathname === '/index.html') return { page: 'landing' };
  if (pathname === '/auth/admin') return { page: 'adminLink' };
  if (/^\/rooms\/?$/.test(pathname)) return { page: 'rooms' };
  const section = phoneSectionOf(pathname);
  if (section !== null) return { page: 'phones', section };
  const [, liveId] = /^\/live\/([\w-]{1,64})\/?$/.exec(pathname) ?? [];
  if (liveId !== undefined) return { page: 'watch', liveId };
  const place = roomPlaceOf(pathname);
  if (place !== null) return { page: 'manage', place };
  const room = roomOfPath(pathname);
  return room === null ? { page: 'notFound' } : { page: 'room', room };
}

/** Kept by the browser for this tab and this entry of its history only; survives a reload. */
export interface RouteState {
  /** Came from "New meeting": the room may be created without asking. */
  create?: boolean;
  /** Token of an invitation, taken out of the address so that it is not shared with it. */
  token?: string;
  /** Code of an invitation, likewise. */
  invite?: string;
  /** The room is one of a call, and is joined at once: whom to call there; empty for a call that was answered. */
  call?: string;
}

export function readRouteState(state: unknown): RouteState {
  if (typeof state !== 'object' || state === null) return {};
  const record: Record<string, unknown> = { ...state };
  const { create, token, invite, call } = record;
  return {
    ...(create === true ? { create } : {}),
    ...(typeof token === 'string' && token !== '' ? { token } : {}),
    ...(typeof invite === 'string' && invite !== '' ? { invite } : {}),
    ...(typeof call === 'string' ? { call } : {}),
  };
}
