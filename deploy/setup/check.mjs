// `npm run check`: types, lint and format. All of them run, so that one round shows everything.
import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parleyEnvironment } from './environment.mjs';
import { listFiles } from './hash.mjs';
import { getNode24 } from './node24.mjs';
import { inRoot, root } from './paths.mjs';
import { runAttached } from './run.mjs';
import { runSteps } from './runSteps.mjs';
import { packagesOnly } from './steps/index.mjs';

/** @param {string} path */
const tool = (path) => inRoot('node_modules', path);

/** @returns {[string, string[]][]} name and command */
function checks() {
  const projects = [root, inRoot('client-sdk'), inRoot('deploy'), inRoot('test')]
    .flatMap((folder) => (folder === root ? [join(root, 'tsconfig.json')] : listFiles(folder)))
    .filter((file) => basename(file) === 'tsconfig.json' && existsSync(file));
  const types = projects.map(
    (file) =>
      /** @type {[string, string[]]} */ ([
        `types (${relative(root, file)})`,
        [tool('typescript/bin/tsc'), '--noEmit', '-p', file],
      ]),
  );
  return [
    ...types,
    ['lint', [tool('eslint/bin/eslint.js'), '--max-warnings', '0', '.']],
    ['format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ];
}

await runSteps(packagesOnly);
const node = getNode24();
const env = parleyEnvironment();
/** @type {string[]} */
const failed = [];
for (const [name, command] of checks()) {
  const code = await runAttached([node, ...command], { env, cwd: root });
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
  if (code !== 0) failed.push(name);
}
console.log(failed.length === 0 ? 'Everything holds.' : `Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
