// `npm run bench`: runs the tests that measure, and prints their figures.
import { parleyEnvironment } from './environment.mjs';
import { getNode24 } from './node24.mjs';
import { inRoot, root } from './paths.mjs';
import { runAttached } from './run.mjs';
import { runSteps } from './runSteps.mjs';
import { toTest } from './steps/index.mjs';
import { findChromium } from './steps/testTools.mjs';

const MEASURING =
  'soon after joining|that is killed is replaced|that hangs is noticed|loses a fifth|takes the same time to refuse';

await runSteps(toTest);
const command = [
  getNode24(),
  inRoot('node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  inRoot('test/vitest.config.ts'),
  '--project',
  'whole',
  '-t',
  MEASURING,
];
const env = { ...parleyEnvironment(), CHROMIUM_BIN: findChromium() };
process.exitCode = await runAttached([...command, ...process.argv.slice(2)], { env, cwd: root });
