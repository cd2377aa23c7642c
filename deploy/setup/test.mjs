// `npm test`: sets up what is missing for the tests, runs them, and ends with `N passed, N failed, N skipped`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parleyEnvironment } from './environment.mjs';
import { getNode24 } from './node24.mjs';
import { inRoot, root } from './paths.mjs';
import { runAttached } from './run.mjs';
import { runSteps } from './runSteps.mjs';
import { toTest } from './steps/index.mjs';
import { findChromium } from './steps/testTools.mjs';
import { countResults, exitCodeFor, summaryLine } from './testSummary.mjs';

/**
 * @param {string} file
 * @returns {import('./testSummary.mjs').Report | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

await runSteps(toTest);
const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
const report = join(folder, 'report.json');
const vitest = [
  getNode24(),
  inRoot('node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  inRoot('test/vitest.config.ts'),
];
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const given = process.argv.slice(2);
// What only measures is left to `npm run bench`.
const projects = given.some((arg) => arg.startsWith('--project'))
  ? []
  : ['--project=unit', '--project=whole'];
const env = { ...parleyEnvironment(), CHROMIUM_BIN: findChromium() };
const code = await runAttached([...vitest, ...projects, ...reporters, ...given], { env, cwd: root });
const counts = countResults(readReport(report));
rmSync(folder, { recursive: true, force: true });
console.log(summaryLine(counts));
process.exitCode = exitCodeFor(counts, code);
