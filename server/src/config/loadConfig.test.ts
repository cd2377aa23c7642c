import { expect, test } from 'vitest';
import { loadConfig, unknownVariables } from './loadConfig.ts';

test('a variable that is no setting is named, with the one that may be meant', () => {
  const env = { PARLEY_HTTP_PROT: '1', PARLEY_HTTP_PORT: '2', PARLEY_CONFIG: 'x', PATH: '/bin' };
  expect(unknownVariables(env)).toEqual([{ variable: 'PARLEY_HTTP_PROT', meant: 'PARLEY_HTTP_PORT' }]);
});

test('a wrong value is named with its variable', () => {
  expect(() => loadConfig({ PARLEY_HTTP_PORT: 'high', PARLEY_DATA_DIR: '/nonexistent' })).toThrow(
    /http\.port \(PARLEY_HTTP_PORT\)/,
  );
});
