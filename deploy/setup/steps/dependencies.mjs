// node_modules as package-lock.json has it. Install scripts stay off: they download from hosts that may be out of reach.
import { SetupError } from '../SetupError.mjs';
import { hashPaths } from '../hash.mjs';
import { withLock } from '../lock.mjs';
import { checkoutName, inCache, inRoot, root } from '../paths.mjs';
import { describeOutcome, outerPath, runLogged } from '../run.mjs';
import { readStamp, writeStamp } from '../stamp.mjs';

const stamp = inRoot('node_modules', '.parley-dependencies');
// The level is said, since `npm --silent` outside would otherwise silence what went wrong here.
const command = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=warn'];

/** Which packages are installed depends on the machine too: a checkout may be shared or moved. */
export const dependenciesState = () =>
  `${hashPaths([inRoot('package-lock.json')], root)} ${process.platform}-${process.arch}`;

/** @type {import('../runSteps.mjs').Step} */
export const dependenciesStep = {
  name: 'Dependencies',
  isDone: () => readStamp(stamp) === dependenciesState(),
  run: async (progress) => {
    const name = checkoutName('dependencies');
    const log = inCache('log', `${name}.log`);
    const onWait = (/** @type {{ pid: number }} */ { pid }) =>
      progress.detail(`waiting for another set-up, process ${pid}`);
    return withLock(inCache('lock', `${name}.lock`), { onWait }, async () => {
      if (dependenciesStep.isDone()) return 'done by another set-up';
      progress.detail('npm ci');
      const state = dependenciesState();
      const outcome = await runLogged(command, {
        log,
        cwd: root,
        env: { ...process.env, PATH: outerPath() },
      });
      if (outcome.code !== 0) throw explain(outcome, log);
      writeStamp(stamp, state);
      return undefined;
    });
  },
};

/**
 * @param {import('../run.mjs').Outcome} outcome
 * @param {string} log
 */
function explain(outcome, log) {
  const text = outcome.tail.join('\n');
  // npm's last line only names its own log; the reason stands in one with a code.
  const cause = outcome.tail.find((line) => /^npm (error|ERR!) (code|errno|network) /.test(line));
  const network = /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network/.test(text);
  const advice = network
    ? 'See that `npm ping` works: the packages come from the registry that npm is configured for.'
    : `See that this works in ${root}: ${command.join(' ')}`;
  return new SetupError('npm could not install the packages', {
    attempts: [{ way: command.join(' '), outcome: cause ?? describeOutcome(outcome) }],
    advice: [advice],
    log,
  });
}
