import { useSyncExternalStore } from 'react';
import { pathOfRoom, ROOM_NAME, invitationOfHash } from '../lib/meetingLinks.ts';
import { previewToken } from '../lib/tokenPreview.ts';
import { readRouteState, routeOf, type Route, type RouteState } from './route.ts';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => location.pathname));
}

export function navigate(path: string, state: RouteState = {}): void {
  history.pushState(state, '', path);
  scrollTo(0, 0);
  for (const listener of listeners) listener();
}

export function goToRoom(room: string, state: RouteState = {}): void {
  navigate(pathOfRoom(room), state);
}

export function currentRouteState(): RouteState {
  return readRouteState(history.state);
}

/** The call was made: what is kept for this tab is that it goes on. */
export function forgetDial(): void {
  if (currentRouteState().call) history.replaceState({ ...currentRouteState(), call: '' }, '');
}

/**
 * Moves `#token=...` or `#invite=...` out of the address bar into the history state, before anybody can copy or see it.
 * A token says which room it is for; an address of another room is put right. Answers whether there was one.
 */
export function takeInvitationFromAddress(): boolean {
  const { token, invite } = invitationOfHash(location.hash);
  if (token === undefined && invite === undefined) return false;
  const room = token === undefined ? '' : previewToken(token).room;
  const path = ROOM_NAME.test(room) ? pathOfRoom(room) : location.pathname;
  const invitation = { ...(token !== undefined && { token }), ...(invite !== undefined && { invite }) };
  history.replaceState({ ...currentRouteState(), ...invitation }, '', path);
  return true;
}
