import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '..');
const exclude = ['**/node_modules/**', '**/dist/**'];
/** These stand beside the code, but go by the clock of another program. */
const sipp = 'server/src/sip/stack/sipp/**/*.test.ts';

/** `expect.poll` waits as long as `waitFor` does: the machine may be busy. */
const expect = { poll: { timeout: 15_000 } };

/** What `npm run bench -- NAME` runs: tests that print figures (see support/figures.ts). */
const tags = [
  {
    name: 'meeting',
    description: 'How quick meetings are, and how quickly they are well again after a fault.',
  },
  { name: 'recording', description: 'What recording and streaming cost, and how far behind viewers are.' },
  { name: 'kills', description: 'What is lost of recordings when things are killed.' },
  {
    name: 'sip',
    description:
      'How many phones one core mixes, beside Janus, how long their sound takes, and what a flood of messages does.',
  },
  { name: 'lip-sync', description: 'Whether sound and picture still fit after half an hour. Takes as long.' },
  { name: 'screenshots', description: 'No figures: makes the pictures of the documents anew.' },
];

/** Unit tests stand beside what they test and run side by side; the larger ones have the machine to themselves. */
export default defineConfig({
  root,
  test: {
    tags,
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['{server,client-sdk,recorder,deploy}/**/*.test.{ts,tsx,mjs}', 'test/*.test.ts'],
          exclude: [...exclude, sipp],
          // Only what hangs is to be noticed: some of them work hard, and the machine may be busy.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          expect,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        test: {
          name: 'whole',
          include: ['test/{e2e,faults,recording,sip,whip}/**/*.test.ts', sipp],
          exclude,
          globalSetup: ['test/support/buildPages.ts'],
          fileParallelism: false,
          // Only what hangs is to be noticed: many of them wait for real programs, on a machine that may be busy.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: {
          // Too long for each day: only `npm run bench` runs them.
          name: 'bench',
          include: ['test/**/*.bench.ts'],
          exclude,
          globalSetup: ['test/support/buildPages.ts'],
          fileParallelism: false,
          testTimeout: 7_200_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
