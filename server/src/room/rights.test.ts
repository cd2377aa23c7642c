import { describe, expect, test } from 'vitest';
import type { JoinGrants } from '../auth/grants.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { defaultSettings } from './defaultSettings.ts';
import type { MemberRecord } from './Members.ts';
import { rightsOf } from './rights.ts';
import { grantsFor } from './testing/RoomsHarness.ts';

const MEMBER: MemberRecord = {
  ...{ role: null, displayName: null, admission: 'none', firstJoinedAt: null, lastSeqBefore: 0 },
  ...{ unmuting: 'asRoom', breakoutId: null, raisedHandAt: null },
};

describe('where the room asks who agrees to be recorded', () => {
  test.each<[JoinGrants['kind'], 'asked' | undefined]>([
    ['web', 'asked'],
    ['phone', 'asked'],
    // Programs, whom nobody could ask.
    ['recorder', undefined],
    ['ingress', undefined],
    ['player', undefined],
  ])('somebody of kind %s is %s', (kind, expected) => {
    const settings = { ...defaultSettings(loadConfig({}).rooms), recordingConsent: 'ask' as const };
    const rights = rightsOf({ ...grantsFor('bob'), kind }, { member: MEMBER, settings, isSuccessor: false });
    expect(rights.recordingConsent).toBe(expected);
  });
});
