import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '..');
const exclude = ['**/node_modules/**', '**/dist/**'];

/** Unit tests stand beside what they test and run side by side; the larger ones have the machine to themselves. */
export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['{server,client-sdk,recorder,deploy}/**/*.test.{ts,tsx,mjs}', 'test/*.test.ts'],
          exclude,
          // Only what hangs is to be noticed: some of them work hard, and the machine may be busy.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          name: 'whole',
          include: ['test/{e2e,faults}/**/*.test.ts'],
          exclude,
          globalSetup: ['test/support/buildPages.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
