import { ParleyError } from '@parley/client-sdk';
import { describe, expect, it } from 'vitest';
import { RULE_FIELDS, TRUNK_FIELDS } from './phoneForms.ts';
import { refusedFields } from './refusedFields.ts';

const invalid = (details: Record<string, unknown>) => new ParleyError('INVALID_PARAMS', { details });
const NONE = { fields: {}, others: [] };

describe('a shape that the server refused', () => {
  const refused = (path: string) => refusedFields(invalid({ path, message: 'must match' }), TRUNK_FIELDS);

  it('is told at its field', () => {
    expect(refused('/outbound/prefixes/0')).toEqual({
      fields: { 'outbound/prefixes': 'This must match' },
      others: [],
    });
    expect(refused('/country')).toEqual({ fields: { country: 'This must match' }, others: [] });
  });
  it('is told at the form where it has none', () => {
    expect(refused('')).toEqual({ fields: {}, others: ['must match'] });
    expect(refused('/tls/minVersion')).toEqual({ fields: {}, others: ['tls.minVersion must match'] });
  });
  it('is told of all fields', () => {
    const problems = [
      { path: '/name', message: 'is too long' },
      { path: '', message: 'is not known: colour' },
    ];
    expect(refusedFields(invalid({ path: '/name', problems }), TRUNK_FIELDS)).toEqual({
      fields: { name: 'This is too long' },
      others: ['is not known: colour'],
    });
  });
});

describe('what the server refused for its meaning', () => {
  it('is told at each field', () => {
    const faults = [
      'inbound.allowedAddresses has 1.2.3, which is no address such as 203.0.113.5',
      'inbound.allowedAddresses lets everybody in',
      'inbound.numbers.0 must match',
      'outbound.auth.password is needed',
    ];
    expect(refusedFields(invalid({ faults }), TRUNK_FIELDS)).toEqual({
      fields: {
        'inbound/allowedAddresses':
          'This has 1.2.3, which is no address such as 203.0.113.5; lets everybody in',
        'inbound/numbers': 'This must match',
        'outbound/auth/password': 'This is needed',
      },
      others: [],
    });
    expect(
      refusedFields(invalid({ faults: ['target.url must be an http URL'] }), RULE_FIELDS).fields,
    ).toEqual({
      target: 'This must be an http URL',
    });
  });
  it('is told in full where it has no field', () => {
    const faults = ['inbound or outbound is needed', 'outbound.headers has Via', ' must have name', 'odd'];
    expect(refusedFields(invalid({ faults }), TRUNK_FIELDS)).toEqual({
      fields: {},
      others: ['inbound or outbound is needed', 'outbound.headers has Via', 'must have name', 'odd'],
    });
  });
});

it('finds nothing in other errors', () => {
  expect(refusedFields(new ParleyError('WRONG_STATE'), TRUNK_FIELDS)).toEqual(NONE);
  expect(refusedFields(invalid({}), TRUNK_FIELDS)).toEqual(NONE);
  expect(refusedFields(new TypeError('x'), TRUNK_FIELDS)).toEqual(NONE);
});
