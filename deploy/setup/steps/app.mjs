// The web app, built by Vite when its sources changed.
import { existsSync } from 'node:fs';
import { SetupError } from '../SetupError.mjs';
import { hashPaths } from '../hash.mjs';
import { withLock } from '../lock.mjs';
import { getNode24 } from '../node24.mjs';
import { checkoutName, inCache, inRoot, root } from '../paths.mjs';
import { describeOutcome, runLogged } from '../run.mjs';
import { readStamp, writeStamp } from '../stamp.mjs';

const app = inRoot('client-sdk/app');
const stamp = inRoot('client-sdk/app/dist/.parley-build');
const vite = inRoot('node_modules/vite/bin/vite.js');

/** Whatever ends up in the app: its own sources, the SDK's, the protocol's, and the versions of everything else. */
const appState = () =>
  hashPaths([inRoot('client-sdk'), inRoot('server/protocol'), inRoot('package-lock.json')], root);

/** @type {import('../runSteps.mjs').Step} */
export const appStep = {
  name: 'Web app',
  isDone: () => !existsSync(inRoot('client-sdk/app/vite.config.ts')) || readStamp(stamp) === appState(),
  run: async (progress) => {
    const name = checkoutName('app');
    const log = inCache('log', `${name}.log`);
    return withLock(inCache('lock', `${name}.lock`), {}, async () => {
      if (appStep.isDone()) return 'done by another set-up';
      progress.detail('vite build');
      const state = appState();
      const outcome = await runLogged([getNode24(), vite, 'build'], { log, cwd: app });
      if (outcome.code === 0) return writeStamp(stamp, state);
      throw new SetupError('Vite could not build the web app', {
        attempts: [{ way: 'vite build in client-sdk/app', outcome: describeOutcome(outcome) }],
        advice: ['The log has the compiler’s message; it is most likely a mistake in client-sdk/.'],
        log,
      });
    });
  },
};
