import type { CallRecord, TrunkInfo } from '@parley/client-sdk';
import { expect, it, test } from 'vitest';
import {
  endWords,
  matchWords,
  mosGrade,
  qualityWords,
  targetWords,
  trunkMarks,
  trunkTrouble,
} from './trunkTexts.ts';

type Told = Parameters<typeof trunkMarks>[0];
const REGISTRATION = {
  registrar: 'sip.example.org',
  username: 'parley',
  auth: { username: 'parley' },
  expiresSeconds: 600,
} as const satisfies NonNullable<TrunkInfo['registration']>;
const trunk = (state: Partial<TrunkInfo['state']> = {}, change: Partial<Told> = {}): Told => ({
  ...{ enabled: true, outbound: null, registration: null, optionsSeconds: 60 },
  state: { trunkId: 'a', registration: 'off', reachable: 'unknown', why: null, calls: 0, ...state },
  ...change,
});

it('tells registration and reachability apart', () => {
  const registered = trunk({ registration: 'registered', reachable: 'up' }, { registration: REGISTRATION });
  expect(trunkMarks(registered).map(({ words }) => words)).toEqual(['Registered', 'Answers']);
  expect(trunkTrouble(registered)).toBeNull();
  const lost = trunk(
    { registration: 'retrying', reachable: 'down', why: 'No answer within 32 s.' },
    { registration: REGISTRATION },
  );
  expect(trunkMarks(lost).map(({ tone }) => tone)).toEqual(['poor', 'poor']);
  expect(trunkTrouble(lost)).toBe('No answer within 32 s.');
});

it('says that nothing is known, and why', () => {
  expect(trunkMarks(trunk())[0]?.words).toBe('Waits for calls');
  expect(trunkMarks(trunk({}, { enabled: false }))[0]?.words).toBe('Switched off');
  expect(trunkTrouble(trunk({ reachable: 'down', why: 'x' }, { enabled: false }))).toBeNull();
});

test.each([
  [{ kind: 'room', room: 'demo' }, 'into the room demo'],
  [{ kind: 'pin' }, 'is asked for a PIN'],
  [{ kind: 'user', identity: 'ann' }, 'rings the apps of ann'],
  [{ kind: 'webhook', url: 'https://a' }, 'goes where https://a says'],
  [{ kind: 'reject', status: 603 }, 'is refused with 603'],
] as const)('%j reads "%s"', (target, words) => {
  expect(targetWords(target)).toBe(words);
});

it('says which calls a rule is for', () => {
  expect(matchWords({ numbers: [], callers: [], trunkIds: [] })).toBe('Any call');
  expect(matchWords({ numbers: ['+4930*'], callers: ['101'], trunkIds: ['a', 'b'] })).toBe(
    'Calls to +4930* from 101 on a, b',
  );
});

it('grades how calls sounded', () => {
  expect([4.4, 3.96, 3.5, 2].map((mos) => mosGrade(mos).grade)).toEqual(['good', 'good', 'fair', 'poor']);
  expect(mosGrade(1).share).toBe(0);
  expect(mosGrade(4.5).share).toBe(1);
});

const QUALITY = {
  codec: 'PCMU',
  packetsLost: 1,
  packetsReceived: 199,
  jitterMs: 11.6,
  concealedMs: 0,
  mos: 4,
};

it('says what was heard of a call', () => {
  expect(qualityWords(QUALITY)).toBe('PCMU · 0.5 % lost · 12 ms jitter');
  expect(qualityWords({ ...QUALITY, packetsLost: 0, packetsReceived: 0 })).toBe('PCMU');
  expect(qualityWords({ ...QUALITY, codec: null })).toBe('');
});

it('says how a call ended, or why there was none', () => {
  const call = (change: Partial<CallRecord>): CallRecord => ({
    ...{ callId: 'CL', direction: 'in', trunkId: null, extension: null, from: '', to: '', room: null },
    ...{ meetingId: null, participantId: null, identity: null, state: 'ended', startedAt: 0 },
    ...{ answeredAt: null, endedAt: 1, endedBy: null, status: null, why: null, quality: QUALITY },
    ...change,
  });
  expect(endWords(call({ answeredAt: 1, endedBy: 'caller', status: 200 }))).toBe('the caller hung up');
  expect(endWords(call({ why: 'Busy', status: 486 }))).toBe('Busy (486)');
  expect(endWords(call({}))).toBe('Not answered');
  expect(endWords(call({ state: 'answered' }))).toBe('Goes on');
});
