// Debian builds libsrtp on NSS, which is slow; the same source built on OpenSSL lets one worker carry some 40 % more packets.
// This fetches Debian's own source of the version it ships, checked by apt's signatures, without touching the machine's
// package lists: apt is pointed at a source list and a state folder of our own.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeOutcome, runLogged } from '../run.mjs';
import { hasProgram, isRoot } from '../system.mjs';

const SOURCE_PACKAGE = 'libsrtp2';

/**
 * The machine's own package sources, as sources of source packages.
 *
 * @param {{ name: string, text: string }[]} files contents of sources.list and of what lies in sources.list.d
 * @returns {string} in apt's deb822 format
 */
export function toSourceList(files) {
  const stanzas = files.flatMap(({ name, text }) =>
    name.endsWith('.sources') ? fromDeb822(text) : fromOneLine(text),
  );
  return [...new Set(stanzas)].join('\n\n') + '\n';
}

/** @param {string} text */
function fromDeb822(text) {
  return text
    .replace(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .filter((stanza) => /^Types:.*\bdeb\b/m.test(stanza) && !/^Enabled:\s*no/im.test(stanza))
    .filter((stanza) => isDistribution(/^URIs:(.*)$/m.exec(stanza)?.[1] ?? '', stanza))
    .map((stanza) =>
      stanza
        .replace(/^Types:.*$/m, 'Types: deb-src')
        .replace(/^Architectures:.*\n?/m, '')
        .trim(),
    );
}

/** @param {string} text */
function fromOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^deb(?:-src)?\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(
      line.replace(/#.*/, '').trim(),
    );
    if (!match || !isDistribution(match[2] ?? '', match[4] ?? '')) return [];
    const signedBy = /signed-by=(\S+)/.exec(match[1] ?? '')?.[1];
    const stanza = [`Types: deb-src`, `URIs: ${match[2]}`, `Suites: ${match[3]}`, `Components: ${match[4]}`];
    return [[...stanza, ...(signedBy ? [`Signed-By: ${signedBy}`] : [])].join('\n')];
  });
}

/**
 * Third parties' lists (a browser's, say) have no libsrtp: asking them costs time and may fail.
 *
 * @param {string} uris
 * @param {string} components
 */
function isDistribution(uris, components) {
  return /\/(debian|ubuntu)[^/]*\/?(\s|$)/.test(uris) && /\b(main|universe)\b/.test(components);
}

function readSourceFiles() {
  const names = ['/etc/apt/sources.list'];
  try {
    for (const name of readdirSync('/etc/apt/sources.list.d')) names.push(`/etc/apt/sources.list.d/${name}`);
  } catch {
    // An old or a slim system may have only the one file.
  }
  return names
    .filter((name) => /\.(list|sources)$/.test(name) && existsSync(name))
    .map((name) => ({ name, text: readFileSync(name, 'utf8') }));
}

/** @param {string} folder apt's private folder */
function aptOptions(folder) {
  const settings = {
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'parley.sources'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '15',
    'APT::Get::List-Cleanup': 'false',
    // Apt downloads as another user, who cannot write into a person's cache folder.
    ...(isRoot() ? { 'APT::Sandbox::User': 'root' } : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** @param {string} folder */
const findDsc = (folder) => readdirSync(folder).find((name) => name.endsWith('.dsc')) ?? 'the .dsc file';

/** @param {string} prefix */
const configure = (prefix) => [
  ...['cmake', '-G', 'Ninja', '-S', 'source', '-B', 'tree', '-DCMAKE_BUILD_TYPE=Release'],
  ...[
    '-DENABLE_OPENSSL=ON',
    '-DTEST_APPS=OFF',
    '-DBUILD_SHARED_LIBS=OFF',
    '-DCMAKE_POSITION_INDEPENDENT_CODE=ON',
  ],
  ...[`-DCMAKE_INSTALL_PREFIX=${prefix}`, '-DCMAKE_INSTALL_LIBDIR=lib'],
];

/** @param {string} prefix */
export const isSrtpBuilt = (prefix) => existsSync(join(prefix, 'lib', 'libsrtp2.a'));

/**
 * Builds libsrtp on OpenSSL and installs it into `prefix`.
 *
 * @param {{ folder: string, prefix: string, log: string, onDetail: (detail: string) => void }} options
 * @returns {Promise<string | undefined>} why it could not be done; nothing when it was
 */
export async function buildSrtp({ folder, prefix, log, onDetail }) {
  if (isSrtpBuilt(prefix)) return undefined;
  if (!hasProgram('apt-get') || !hasProgram('dpkg-source'))
    return 'there is no apt-get with dpkg-source here';
  const apt = join(folder, 'apt');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(apt, part), { recursive: true });
  writeFileSync(join(apt, 'parley.sources'), toSourceList(readSourceFiles()));
  const options = aptOptions(apt);
  const run = async (/** @type {string} */ detail, /** @type {string[]} */ command) => {
    onDetail(detail);
    const outcome = await runLogged(command, { log, cwd: folder });
    return outcome.code === 0 ? undefined : `${command[0]}: ${describeOutcome(outcome)}`;
  };
  const fault =
    (await run('listing the system’s source packages', ['apt-get', ...options, 'update'])) ??
    (await run('fetching libsrtp', ['apt-get', ...options, 'source', '--download-only', SOURCE_PACKAGE])) ??
    // NOTE: apt has already checked the files against its signed lists; dpkg-source would ask for the maintainer's key.
    (await run('unpacking libsrtp', ['dpkg-source', '--no-check', '-x', findDsc(folder), 'source'])) ??
    (await run('configuring libsrtp', configure(prefix))) ??
    (await run('building libsrtp', ['ninja', '-C', 'tree', 'install']));
  return fault ?? (isSrtpBuilt(prefix) ? undefined : 'the build left no library');
}
