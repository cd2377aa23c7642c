// `npm run bench [-- SUBJECT ...]`: runs the tests that measure, and prints their figures once more at the end. Which tests
// belong to a subject say their tags (test/vitest.config.ts); those that take long are in files of their own, *.bench.ts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parleyEnvironment } from './environment.mjs';
import { getNode24 } from './node24.mjs';
import { inRoot, root } from './paths.mjs';
import { runAttached } from './run.mjs';
import { runSteps } from './runSteps.mjs';
import { toTest } from './steps/index.mjs';
import { findChromium } from './steps/testTools.mjs';

/** What each measures with; what is set already holds. @type {Record<string, NodeJS.ProcessEnv>} */
const SUBJECTS = {
  meeting: {},
  recording: {},
  kills: { BENCH_KILLS: '20' },
  sip: {},
  'lip-sync': { BENCH_MINUTES: '30' },
  screenshots: { PARLEY_PICTURES: inRoot('server/docs/images') },
};
/** Half an hour is only waited for by who asks for it, and pictures are made anew when pages look different. */
const USUAL = ['meeting', 'recording', 'kills', 'sip'];

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const named = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const unknown = named.find((subject) => !(subject in SUBJECTS));
if (unknown !== undefined) {
  console.error(`Nothing is measured of "${unknown}". There are: ${Object.keys(SUBJECTS).join(', ')}.`);
  process.exit(2);
}
const subjects = named.length > 0 ? named : USUAL;

await runSteps(toTest);
const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const figures = join(folder, 'figures.txt');
writeFileSync(figures, '');
const vitest = [getNode24(), inRoot('node_modules/vitest/vitest.mjs'), 'run'];
const which = ['--project', 'whole', '--project', 'bench', `--tags-filter=${subjects.join(' or ')}`];
const config = ['--config', inRoot('test/vitest.config.ts'), '--reporter=verbose', '--hideSkippedTests'];
const env = {
  ...Object.assign({}, ...subjects.map((subject) => SUBJECTS[subject])),
  ...parleyEnvironment(),
  CHROMIUM_BIN: findChromium(),
  BENCH_FIGURES: figures,
};
process.exitCode = await runAttached([...vitest, ...config, ...which, ...options], { env, cwd: root });
console.log(`\nFigures of ${subjects.join(', ')}, on ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}:`);
console.log(readFileSync(figures, 'utf8').trimEnd() || 'none');
rmSync(folder, { recursive: true, force: true });
