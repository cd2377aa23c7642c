import { existsSync, readFileSync } from 'node:fs';
import { METHODS, NOTIFICATIONS, ERRORS } from '@parley/protocol';
import { expect, test } from 'vitest';
import { listSettings } from '../config/loadConfig.ts';
import { generateDocs } from './generate.ts';
import { limitsOf, table, typeOf } from './markdown.ts';

const files = await generateDocs();

test.each(files.map(({ path, text }) => [path.replace(/^.*\//, ''), path, text]))(
  '%s is up to date; else run `npm run docs`',
  (_name, path, text) => {
    expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
  },
);

test('everything that is declared is described', () => {
  const [configuration = '', api = '', readme = ''] = files.map(({ text }) => text);
  for (const { path, variable } of listSettings()) {
    expect(configuration).toContain(`\`${variable}\``);
    expect(readme).toContain(`\`${path}\``);
  }
  for (const name of [...Object.keys(METHODS), ...Object.keys(NOTIFICATIONS)])
    expect(api).toContain(`### ${name}\n`);
  for (const code of Object.keys(ERRORS)) expect(api).toContain(`\`${code}\``);
  expect(api).toContain('### POST /api/v1/rooms/{name}/join');
});

test('types, limits and tables', () => {
  const nameless = () => undefined;
  expect(typeOf({ type: 'array', items: { enum: ['a', 'b'] } }, nameless)).toBe('("a" | "b")[]');
  expect(typeOf({ anyOf: [{ type: 'string' }, { type: 'null' }] }, nameless)).toBe('string | null');
  expect(typeOf({ properties: { a: { type: 'string' }, b: { const: 1 } }, required: ['a'] }, nameless)).toBe(
    '{ a: string; b?: 1 }',
  );
  expect(typeOf({ patternProperties: { '^.*$': { type: 'number' } } }, nameless)).toBe(
    'Record<string, number>',
  );
  expect(limitsOf({ minLength: 1, maxLength: 5 })).toBe('1 to 5 characters');
  expect(limitsOf({ minimum: 0 })).toBe('at least 0');
  expect(table(['a'], [['x|y\nz']])).toBe('| a |\n| --- |\n| x\\|y z |');
});
