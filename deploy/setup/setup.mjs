// `npm run setup`: everything that `npm start` needs, without starting.
import { runSteps } from './runSteps.mjs';
import { toStart } from './steps/index.mjs';
import { workerBinary } from './steps/worker.mjs';

await runSteps(toStart);
process.stderr.write(`Ready. Media worker: ${workerBinary()}\n`);
