// `npm run parley -- COMMAND`: the command line. Its output is the command's alone, so set-up is quiet.
import { parleyEnvironment } from './environment.mjs';
import { getNode24 } from './node24.mjs';
import { inRoot } from './paths.mjs';
import { runAttached } from './run.mjs';
import { runSteps } from './runSteps.mjs';
import { packagesOnly } from './steps/index.mjs';

await runSteps(packagesOnly, { quiet: true });
const command = [getNode24(), inRoot('server/src/cli.ts'), ...process.argv.slice(2)];
process.exitCode = await runAttached(command, { env: parleyEnvironment() });
