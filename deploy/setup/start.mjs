// `npm start`: sets up what is missing, then runs the server.
import { parleyEnvironment } from './environment.mjs';
import { getNode24 } from './node24.mjs';
import { inRoot } from './paths.mjs';
import { runAttached } from './run.mjs';
import { runSteps } from './runSteps.mjs';
import { toStart } from './steps/index.mjs';

await runSteps(toStart);
const command = [getNode24(), inRoot('server/src/index.ts'), ...process.argv.slice(2)];
process.exitCode = await runAttached(command, { env: parleyEnvironment() });
