import { ERRORS, type ErrorCode } from '@parley/client-sdk';
import { expect, test } from 'vitest';
import { endTextOf } from './endTexts.ts';
import {
  deviceErrorText,
  joinErrorText,
  mayMeanToCreate,
  mayNeedPassword,
  type DeviceKind,
  type DeviceProblem,
} from './errorTexts.ts';

const DEVICES: DeviceKind[] = ['microphone', 'camera', 'both', 'screen'];
const PROBLEMS: DeviceProblem[] = [
  'notFound',
  'permissionDenied',
  'inUse',
  'insecureContext',
  'unsupported',
  'other',
];

test.each(DEVICES.flatMap((device) => PROBLEMS.map((problem) => [device, problem] as const)))(
  '%s, %s: names the device and ends in a way on',
  (device, problem) => {
    const { title, text } = deviceErrorText(device, problem);
    expect(title).not.toMatch(/[.!]$/);
    expect(text).toMatch(/\.$/);
    expect(`${title} ${text}`).toMatch(
      new RegExp(`${device === 'both' ? 'camera or microphone' : device}|share|Sharing`),
    );
    expect(text).toMatch(/try again|again|Open|Join|join/i);
  },
);

test('an insecure page is told to use https', () => {
  for (const device of DEVICES) expect(deviceErrorText(device, 'insecureContext').text).toContain('https');
});

const CODES = Object.keys(ERRORS) as ErrorCode[];
test.each([...CODES, 'NETWORK' as const, 'UNSUPPORTED' as const])('%s is told in sentences', (code) => {
  const { title, text } = joinErrorText(code);
  expect(title).toMatch(/^[A-Z].*[^.]$/);
  expect(text).toMatch(/^[A-Z].*\.$/);
  expect(`${title} ${text}`).not.toMatch(/_|undefined/);
});

test('a room that does not exist can be created', () => {
  expect(joinErrorText('ROOM_NOT_FOUND').text).toContain('create it');
});

test.each(['ACCESS_REFUSED', 'ROOM_NOT_FOUND'] as const)(
  'whom an invitation brought is offered no new meeting on %s',
  (problem) => {
    expect(mayMeanToCreate(problem, 'none')).toBe(true);
    for (const invitation of ['code', 'token'] as const) {
      expect(mayMeanToCreate(problem, invitation)).toBe(false);
      const { title, text } = joinErrorText(problem, invitation);
      expect(title).toMatch(/^This invitation .*[^.]$/);
      expect(text).toMatch(/[Aa]sk who invited you/);
      expect(text).not.toMatch(/create/);
    }
  },
);

test('a password is asked for only where it could help', () => {
  const asked = (['none', 'code', 'token'] as const).map((way) => mayNeedPassword('ACCESS_REFUSED', way));
  expect(asked).toEqual([true, false, true]);
  expect(mayNeedPassword('ROOM_FULL', 'none')).toBe(false);
});

test.each([
  ['left', 'Rejoin'],
  ['removed', null],
  ['duplicateIdentity', 'Use this device instead'],
  ['roomClosed', null],
  ['serverShutdown', 'Rejoin'],
  ['tokenExpired', null],
  ['connectionLost', 'Rejoin'],
])('after %s the way back in is %j', (reason, rejoin) => {
  expect(endTextOf(reason)).toMatchObject({ reason, rejoin });
});

test.each(['reconnectFailed', 'toString', ''])('%j is told as a lost connection', (reason) => {
  expect(endTextOf(reason).reason).toBe('connectionLost');
});
