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
  ['/other', { page: 'notFound' }],
])('%s is %j', (pathname, route) => {
  expect(routeOf(pathname)).toEqual(route);
});

test.each([
  [null, {}],
  ['text', {}],
  [{ create: 'yes', token: 7 }, {}],
  [{ token: '' }, {}],
  [
    { create: true, token: 'abc', other: 1 },
    { create: true, token: 'abc' },
  ],
])('of the history state %j remains %j', (state, read) => {
  expect(readRouteState(state)).toEqual(read);
});
