import { expect, test } from 'vitest';
import { mergePreferences } from './preferences.ts';

test.each([[null], ['text'], [7], [[]], [{}], [{ cameraOn: 'no', displayName: 3 }]])(
  'from %j come the defaults',
  (stored) => {
    expect(mergePreferences(stored)).toEqual({
      displayName: '',
      microphoneOn: true,
      cameraOn: true,
      microphoneId: '',
      cameraId: '',
      speakerId: '',
      mirrorSelf: true,
    });
  },
);

test('what was stored is kept, unknown fields are dropped', () => {
  const merged = mergePreferences({ displayName: 'Ann', cameraOn: false, cameraId: 'c1', other: 1 });
  expect(merged).toMatchObject({ displayName: 'Ann', cameraOn: false, cameraId: 'c1', microphoneOn: true });
  expect(merged).not.toHaveProperty('other');
});
