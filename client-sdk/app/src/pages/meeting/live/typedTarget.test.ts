import { expect, it, test } from 'vitest';
import { newTargetOf, targetProblem } from './typedTarget.ts';

test.each([
  ['', /Enter/],
  ['   ', /Enter/],
  ['https://example.org/live', /begin with rtmp/],
  ['rtmp://example.org', /missing/],
  ['rtmps://', /missing/],
  ['rtmp://example.org/a b', /missing/],
])('"%s" cannot be used', (url, words) => {
  expect(targetProblem({ url, key: '' })).toMatch(words);
});

test.each(['rtmp://example.org/live', ' RTMPS://a.b:443/app/key?x=1 '])('"%s" can', (url) => {
  expect(targetProblem({ url, key: '' })).toBeNull();
});

it('leaves out a key that is empty', () => {
  expect(newTargetOf({ url: ' rtmp://a/b ', key: ' ' })).toEqual({ url: 'rtmp://a/b' });
  expect(newTargetOf({ url: 'rtmp://a/b', key: ' k ' })).toEqual({ url: 'rtmp://a/b', key: 'k' });
});
