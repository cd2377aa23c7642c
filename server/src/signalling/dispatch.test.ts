import { METHODS, ParleyError, type MethodName } from '@parley/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertValid } from './dispatch.ts';

const detailsOf = (method: MethodName, params: unknown): unknown => {
  try {
    assertValid(method, params);
    return 'accepted';
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'INVALID_PARAMS') return error.details;
    throw error;
  }
};
const attributes = (value: unknown): unknown => detailsOf('participant.updateSelf', { attributes: value });

describe('validation', () => {
  it.each<[string, MethodName, unknown, unknown]>([
    [
      'a wrong type',
      'media.setMuted',
      { publicationId: 1, muted: true },
      { path: '/publicationId', reason: 'must be string' },
    ],
    [
      'a missing parameter',
      'session.ping',
      {},
      { path: '', reason: 'must have required properties lastSeq' },
    ],
    [
      'an unknown parameter',
      'room.join',
      { admin: true },
      { path: '/admin', reason: 'is not a known parameter' },
    ],
    [
      'an unknown value',
      'media.publish',
      {
        transportId: 'a',
        source: 'smell',
        kind: 'audio',
        rtpParameters: { codecs: [{ mimeType: 'a/b', payloadType: 1, clockRate: 1 }] },
      },
      { path: '/source', reason: 'must be equal to one of the allowed values' },
    ],
    [
      'what the chosen alternative lacks',
      'media.createTransport',
      { direction: 'recv' },
      { path: '', reason: 'must have required properties rtpCapabilities' },
    ],
    [
      'a choice that there is not',
      'media.createTransport',
      { direction: 'up' },
      { path: '/direction', reason: 'must be equal to constant' },
    ],
    [
      'something deep inside',
      'media.createTransport',
      {
        direction: 'recv',
        rtpCapabilities: { codecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: '48000' }] },
      },
      { path: '/rtpCapabilities/codecs/0/clockRate', reason: 'must be integer' },
    ],
  ])('names %s', (_name, method, params, details) => {
    expect(detailsOf(method, params)).toEqual(details);
  });

  it('looks at every attribute, whatever its key', () => {
    expect(attributes({ team: 'red', 'ü 1': '', constructor: 'x' })).toBe('accepted');
    expect(attributes({ 'two\nlines': { not: 'text' } })).toMatchObject({
      reason: 'is not a known parameter',
    });
    expect(attributes({ ['k'.repeat(65)]: 'v' })).toMatchObject({ reason: 'is not a known parameter' });
    expect(attributes({ team: 1 })).toEqual({ path: '/attributes/team', reason: 'must be string' });
  });

  it('takes any parameters or names a place, and repeats no value', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('direction', 'token', 'changes'), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(METHODS) as MethodName[])), anything, (method, params) => {
        const details = detailsOf(method, params);
        if (details !== 'accepted')
          expect(details).toEqual({
            path: expect.any(String) as string,
            reason: expect.any(String) as string,
          });
      }),
    );
    const secret = 'do not repeat this';
    for (const params of [{ token: secret }, { protocolVersion: secret, token: 1 }, { client: secret }])
      expect(JSON.stringify(detailsOf('session.hello', params))).not.toContain(secret);
    expect(JSON.stringify(detailsOf('room.join', { ['x'.repeat(60_000)]: 1 })).length).toBeLessThan(300);
  });
});
