/** That the house rules bite: each piece of code is judged as if it stood in the file that is named. */
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const full = new ESLint({ cwd: root });
/** Without what asks the type checker, which takes its time with each new text. */
const quick = new ESLint({
  cwd: root,
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { rules: { 'house/no-unsafe-assignment': 'off', 'house/no-unsafe-return': 'off' } },
  ],
});

/** The rules that the code breaks, each once. */
async function broken(path: string, code: string, eslint = quick): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, path) });
  const fatal = result?.messages.find((message) => message.fatal);
  if (fatal) throw new Error(fatal.message);
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId ?? 'directive'))];
}

const lines = (count: number) => 'void 0;\n'.repeat(count);
const UTIL = 'server/src/util/ids.ts';
const ROOM = 'server/src/room/Rooms.ts';
const TEST = 'server/src/room/Rooms.test.ts';
const SDK = 'client-sdk/src/Room.ts';
const APP = 'client-sdk/app/src/App.tsx';
const PATHS = 'import-x/no-restricted-paths';
const PACKAGES = '@typescript-eslint/no-restricted-imports';
const SYNTAX = 'no-restricted-syntax';

// The type checker reads the projects once; the first check waits for it.
const timeout = 60_000;

describe('imports point downward', { timeout }, () => {
  it.each([
    [UTIL, '../config/schema.ts'],
    ['server/src/config/schema.ts', '../auth/grants.ts'],
    ['server/src/config/schema.ts', '../observability/Metrics.ts'],
    ['server/src/observability/Metrics.ts', '../auth/grants.ts'],
    ['server/src/auth/grants.ts', '../media/layers.ts'],
    ['server/src/media/layers.ts', '../room/ports.ts'],
    [ROOM, '../signalling/ports.ts'],
    [ROOM, '../Server.ts'],
    ['server/src/signalling/Session.ts', '../api/tls.ts'],
    ['server/src/signalling/Session.ts', '../media/layers.ts'],
    ['server/src/signalling/handlers/media.ts', '../../store/SqliteStore.ts'],
    ['server/src/api/app.ts', '../signalling/ports.ts'],
    ['server/src/api/routes/rooms.ts', '../../media/layers.ts'],
    ['server/src/store/SqliteStore.ts', '../api/tls.ts'],
    ['server/src/cli/run.ts', '../Server.ts'],
    ['server/protocol/src/models.ts', '../../src/util/ids.ts'],
    [SDK, '../../server/src/util/ids.ts'],
    [SDK, '../react/hooks.ts'],
    ['client-sdk/react/hooks.ts', '../app/src/ui/classes.ts'],
    [APP, '../../../server/src/util/ids.ts'],
    ['recorder/src/findFfmpeg.ts', '../../server/src/util/ids.ts'],
    ['recorder/src/findFfmpeg.ts', '../../client-sdk/src/index.ts'],
    ['deploy/setup/run.mjs', '../../server/src/util/ids.ts'],
  ])('%s does not import %s', async (file, source) => {
    expect(await broken(file, `import '${source}';\n`)).toContain(PATHS);
  });

  it.each([
    [ROOM, '../media/layers.ts'],
    [ROOM, '@parley/protocol'],
    ['server/src/signalling/ports.ts', '../room/paging.ts'],
    ['server/src/Server.ts', './signalling/SignallingServer.ts'],
    ['server/src/cli/run.ts', '../api/tls.ts'],
    ['server/src/media/codecs.ts', 'mediasoup'],
    [SDK, '@parley/protocol/errors'],
    [SDK, 'mediasoup-client'],
    [APP, '@parley/client-sdk/react'],
    ['recorder/src/findFfmpeg.ts', '@parley/protocol'],
  ])('%s may import %s', async (file, source) => {
    expect(await broken(file, `import '${source}';\n`)).toEqual([]);
  });

  it.each([
    [ROOM, 'mediasoup'],
    [TEST, 'mediasoup/types'],
    [SDK, 'mediasoup'],
    ['client-sdk/react/hooks.ts', 'mediasoup-client'],
    [APP, 'mediasoup-client'],
    [APP, '@parley/protocol/errors'],
    [SDK, '@parley/server'],
    [UTIL, './TypedEmitter.js'],
  ])('%s does not import the package %s', async (file, source) => {
    expect(await broken(file, `import '${source}';\n`)).toContain(PACKAGES);
  });

  it.each([
    [APP, '../../src/Room.ts'],
    [ROOM, '../../protocol/src/errors.ts'],
  ])('%s does not reach into another package by %s', async (file, source) => {
    expect(await broken(file, `import '${source}';\n`)).toContain('import-x/no-relative-packages');
  });

  it('the SDK takes types only from the root of the protocol', async () => {
    expect(await broken(SDK, "export type { RoomInfo } from '@parley/protocol';\n")).toEqual([]);
    expect(await broken(SDK, "export { ROLES } from '@parley/protocol';\n")).toContain(PACKAGES);
  });

  it.each(["import './loadConfig.ts';", "export type { Config } from './loadConfig.ts';"])(
    'no circles: %s',
    async (code) => {
      expect(await broken('server/src/config/schema.ts', code)).toContain('house/no-cycles');
    },
  );
});

describe('types and promises', { timeout }, () => {
  it.each([
    ['@typescript-eslint/no-explicit-any', 'export const f = (a: any): void => void a;'],
    ['@typescript-eslint/no-unsafe-member-access', "export const f = (): unknown => JSON.parse('1').a;"],
    ['house/no-unsafe-assignment', "export const a: string = JSON.parse('1');"],
    ['house/no-unsafe-return', "export const f = (): string => JSON.parse('1');"],
    ['@typescript-eslint/no-unsafe-argument', "export const a = Number.parseInt(JSON.parse('1'));"],
    ['@typescript-eslint/no-unsafe-call', "JSON.parse('1')();"],
    ['@typescript-eslint/no-floating-promises', 'Promise.resolve();'],
    ['@typescript-eslint/no-misused-promises', '[1].forEach(async () => Promise.resolve());'],
    [
      '@typescript-eslint/consistent-type-imports',
      "import { Logger } from '../observability/logger.ts';\nexport type A = Logger;",
    ],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const a: string = 1;'],
    ['@typescript-eslint/no-non-null-assertion', 'export const f = (a?: string): string => a!;'],
    ['@typescript-eslint/parameter-properties', 'export class A { constructor(readonly a: string) {} }'],
    ['@typescript-eslint/no-namespace', 'export namespace A { export const b = 1; }'],
    [SYNTAX, 'export enum A { B }'],
    [SYNTAX, 'export const f = (a: string): number => a as unknown as number;'],
    ['no-restricted-properties', 'export const a = process.env;'],
    ['no-restricted-properties', 'export const { env } = process;'],
    [SYNTAX, "import { env } from 'node:process';\nexport const a = env;"],
  ])('%s: %s', async (rule, code) => {
    expect(await broken(ROOM, `${code}\n`, full)).toContain(rule);
  });

  it('the configuration may read the environment', async () => {
    expect(await broken('server/src/config/loadConfig.ts', 'export const a = process.env;\n')).toEqual([]);
  });
});

describe('size', { timeout }, () => {
  it('files of 400 lines', async () => {
    expect(await broken(ROOM, lines(400))).not.toContain('max-lines');
    expect(await broken(ROOM, lines(401))).toContain('max-lines');
  });

  it('functions of 60 lines, a describe excepted', async () => {
    const rule = 'house/max-lines-per-function';
    expect(await broken(ROOM, `export function f() {\n${lines(58)}}\n`)).not.toContain(rule);
    expect(await broken(ROOM, `export function f() {\n${lines(59)}}\n`)).toContain(rule);
    const suite = (name: string) =>
      `import { ${name} } from 'vitest';\n${name}('all', () => {\n${lines(70)}});\n`;
    expect(await broken(TEST, suite('describe'))).not.toContain(rule);
    expect(await broken(TEST, suite('it'))).toContain(rule);
  });

  it('three parameters, unless the caller decides', async () => {
    const f = '(a: number, b: number, c: number, d: number): number => a + b + c + d';
    expect(await broken(ROOM, `export const f = ${f};\n`)).toContain('house/max-params');
    expect(await broken(ROOM, `void Array.from([1], ${f});\n`)).not.toContain('house/max-params');
  });

  it('no rule is switched off for a whole file, or without a reason', async () => {
    const alert = 'no-debugger';
    const code = (comment: string) => `${comment}\ndebugger;\n`;
    const rule = 'house/explain-disable';
    expect(await broken(ROOM, code(`// eslint-disable-next-line ${alert}`))).toEqual([rule]);
    expect(await broken(ROOM, code(`/* eslint-disable ${alert} -- as I like */`))).toEqual([rule]);
    expect(await broken(ROOM, code(`// eslint-disable-next-line ${alert} -- shown here`))).toEqual([]);
    expect(await broken(ROOM, `// eslint-disable-next-line ${alert} -- nothing here\n`)).toEqual([
      'directive',
    ]);
  });
});

describe('tests', { timeout }, () => {
  it.each([
    "it.only('a', () => undefined);",
    "it.skip('a', () => undefined);",
    "it.todo('a');",
    "it.skip.each([1])('a', () => undefined);",
    "it('a', { skip: true }, () => undefined);",
    "it('a', (ctx) => ctx.skip());",
    'await new Promise((resolve) => setTimeout(resolve, 10));',
    'await new Promise<void>((resolve) => setTimeout(() => resolve(), 10));',
    "import { setTimeout as wait } from 'node:timers/promises';\nawait wait(1);",
    'export const f = (page: { waitForTimeout(ms: number): Promise<void> }) => page.waitForTimeout(1);',
  ])('are not written so: %s', async (code) => {
    expect(await broken(TEST, `import { it } from 'vitest';\nvoid it;\n${code}\n`)).toContain(SYNTAX);
  });

  it.each([
    "it.skipIf(process.platform === 'win32')('a', () => undefined);",
    "it('a', (ctx) => ctx.skip('no camera here'));",
    'await new Promise((_resolve, reject) => setTimeout(reject, 10));',
  ])('may be written so: %s', async (code) => {
    expect(await broken(TEST, `import { it } from 'vitest';\nvoid it;\n${code}\n`)).toEqual([]);
  });
});

describe('components', { timeout }, () => {
  it('keep the rules of hooks', async () => {
    const code =
      "import { useState } from 'react';\n" +
      'export function A({ on }: { on: boolean }) {\n' +
      '  if (on) return null;\n  const [a] = useState(0);\n  return <p>{a}</p>;\n}\n';
    expect(await broken(APP, code)).toContain('react-hooks/rules-of-hooks');
  });
});
