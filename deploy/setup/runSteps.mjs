// Set-up is a list of steps; each knows whether it is done, and does itself otherwise.
import { Progress } from './progress.mjs';
import { failureText } from './SetupError.mjs';
import { stopChildren } from './run.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean} isDone fast, without any change: it is asked on every start
 * @property {(progress: Progress) => Promise<string | void>} run ends with a few words on the outcome, or throws a SetupError
 */

/**
 * Does what is not done yet, in order. On a failure it says what to do and ends the process.
 *
 * @param {Step[]} steps
 * @param {{ quiet?: boolean }} [options] quiet: only failures, and a terminal's passing line
 */
export async function runSteps(steps, { quiet = false } = {}) {
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    stopChildren();
    process.stderr.write('\nSet-up was interrupted. The same command goes on from here.\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  for (const step of steps) {
    if (!step.isDone()) await runStep(step, quiet);
  }
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
}

/**
 * @param {Step} step
 * @param {boolean} quiet
 */
async function runStep(step, quiet) {
  const progress = new Progress(step.name, { quiet });
  try {
    progress.done((await step.run(progress)) ?? undefined);
  } catch (error) {
    progress.failed();
    process.stderr.write(`\n${failureText(step.name, error)}\n`);
    process.exit(1);
  }
}
