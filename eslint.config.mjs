// The house rules, held by machine. `npm run check` runs them; test/lint.test.ts shows that they bite.
import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { house } from './deploy/lint/houseRules.mjs';
import { importZones, packageRules } from './deploy/lint/layers.mjs';
import * as syntax from './deploy/lint/syntax.mjs';

const code = ['**/*.{ts,tsx,mjs}'];
const typed = ['**/*.{ts,tsx}'];
const tests = ['**/*.test.{ts,tsx}', 'test/**', '**/testing/**'];
const serverTests = ['server/src/**/*.test.ts', 'server/src/**/testing/**'];

const readsEnvironment = [
  'server/src/config/**',
  'server/src/{index,cli}.ts',
  'server/src/cli/**',
  'recorder/**',
  'deploy/**',
  'test/**',
];

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', 'data', 'coverage', 'test-results', 'test/tmp'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: code,
    extends: [js.configs.recommended],
    plugins: { 'import-x': importX, house, '@typescript-eslint': tseslint.plugin },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.mjs', '.js'],
          conditionNames: ['types', 'import', 'default'],
        }),
      ],
    },
    rules: {
      'max-lines': ['error', 400],
      'house/max-params': ['error', 3],
      'house/max-lines-per-function': ['error', 60],
      'house/explain-disable': 'error',
      'house/no-cycles': 'error',
      'import-x/no-relative-packages': 'error',
      'import-x/no-restricted-paths': ['error', { zones: importZones() }],
      'no-restricted-syntax': ['error', ...syntax.everywhere],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only the configuration reads the environment.' },
      ],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: typed,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'house/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-return': 'off',
      'house/no-unsafe-return': 'error',
      // `async` also turns what is thrown into a rejection, as an interface may promise.
      '@typescript-eslint/require-await': 'off',
      // Options are written `notify(): void`, methods use #private state: unbound, they fail at the first call.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-namespace': 'error',
      '@typescript-eslint/parameter-properties': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
    },
  },
  // tsc checks names, also those of deploy/setup.
  { files: ['**/*.mjs'], rules: { 'no-undef': 'off' } },
  packageRules.map(({ files, patterns }) => ({
    files,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  })),
  // A test may put a part on top of the real store, which the part itself does not know.
  { files: serverTests, rules: { 'import-x/no-restricted-paths': 'off' } },
  { files: tests, rules: { 'no-restricted-syntax': ['error', ...syntax.inTests] } },
  { files: readsEnvironment, rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['client-sdk/{app,react}/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
);
