// Makes the package as it is published, in dist: ESM and declarations, with the wire contract inside, so that an
// application needs nothing else of this repository. `npm pack ./client-sdk/dist` packs it.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const here = import.meta.dirname;
const dist = join(here, 'dist');
const protocol = join(here, '../server/protocol');
const tsc = join(here, '../node_modules/typescript/bin/tsc');
/** @param {string[]} args */
const compile = (...args) => execFileSync(process.execPath, [tsc, ...args], { stdio: 'inherit' });

/** @param {string} file */
const readJson = (file) => /** @type {Record<string, any>} */ (JSON.parse(readFileSync(file, 'utf8')));

rmSync(dist, { recursive: true, force: true });
compile('-p', join(here, 'tsconfig.build.json'));
compile('-p', join(protocol, 'tsconfig.build.json'), '--outDir', join(dist, 'protocol'));

// The contract is a package of its own in the repository; in the published one it is a folder.
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|d\.ts)$/.test(name)) continue;
  const file = join(dist, name);
  const up = relative(dirname(file), join(dist, 'protocol')).replaceAll('\\', '/');
  const text = readFileSync(file, 'utf8');
  const inside = text
    .replace(
      /(['"])@parley\/protocol(?:\/(\w+))?\1/g,
      (_all, quote, part = 'index') => `${quote}${up}/${part}.js${quote}`,
    )
    // The compiler names the extension anew in JavaScript only.
    .replace(/((?:from|import\()\s*['"]\.[^'"]*)\.tsx?(['"])/g, '$1.js$2');
  if (inside !== text) writeFileSync(file, inside);
}

const source = readJson(join(here, 'package.json'));
const { name, version, description, license, type, peerDependencies, peerDependenciesMeta } = source;
const entry = (/** @type {string} */ path) => ({ types: `./${path}.d.ts`, default: `./${path}.js` });
const published = {
  name,
  version,
  description,
  license,
  type,
  sideEffects: false,
  exports: { '.': entry('src/index'), './react': entry('react/index') },
  dependencies: {
    'mediasoup-client': source['dependencies']['mediasoup-client'],
    typebox: readJson(join(protocol, 'package.json'))['dependencies'].typebox,
  },
  peerDependencies,
  peerDependenciesMeta,
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
cpSync(join(here, '../LICENSE'), join(dist, 'LICENSE'));
cpSync(join(here, 'README.md'), join(dist, 'README.md'));
