import { expect, test } from 'vitest';
import { readRouteState, routeOf } from './route.ts';

test.each([
  ['/', { page: 'landing' }],
  ['/index.html', { page: 'landing' }],
  ['/r/demo', { page: 'room', room: 'demo' }],
  ['/r/demo/', { page: 'room', room: 'demo' }],
  ['/auth/admin', { page: 'adminLink' }],
  ['/r/', { page: 'notFound' }],
  ['/r/a b', { page: 'notFound' }],
  ['/rooms', { page: 'rooms' }],
  ['/rooms/', { page: 'rooms' }],
  ['/rooms/demo', { page: 'manage', place: { room: 'demo', section: 'overview', item: null } }],
  ['/rooms/demo/invites', { page: 'manage', place: { room: 'demo', section: 'invites', item: null } }],
  [
    '/rooms/demo/meetings/MT_1',
    { page: 'manage', place: { room: 'demo', section: 'meetings', item: 'MT_1' } },
  ],
  [
    '/rooms/demo/recordings/RC_1',
    { page: 'manage', place: { room: 'demo', section: 'recordings', item: 'RC_1' } },
  ],
  ['/phones', { page: 'phones', section: 'trunks' }],
  ['/phones/calls/', { page: 'phones', section: 'calls' }],
  ['/phones/nonsense', { page: 'notFound' }],
  ['/rooms/demo/phones', { page: 'manage', place: { room: 'demo', section: 'phones', item: null } }],
  ['/rooms/demo/nonsense', { page: 'notFound' }],
  ['/rooms/demo/bans/x', { page: 'notFound' }],
  ['/rooms/a%2Fb', { page: 'notFound' }],
  ['/rooms/demo/meetings/%E0%A4%A', { page: 'notFound' }],
  ['/live/LV_abc-1', { page: 'watch', liveId: 'LV_abc-1' }],
  ['/live/', { page: 'notFound' }],
  ['/other', { page: 'notFound' }],
])('%s is %j', (pathname, route) => {
  expect(routeOf(pathname)).toEqual(route);
});

test.each([
  [null, {}],
  ['text', {}],
  [{ create: 'yes', token: 7 }, {}],
  [{ token: '' }, {}],
  [{ call: '' }, { call: '' }],
  [{ call: 7 }, {}],
  [
    { create: true, token: 'abc', other: 1 },
    { create: true, token: 'abc' },
  ],
])('of the history state %j remains %j', (state, read) => {
  expect(readRouteState(state)).toEqual(read);
});
