// Which system this is, and how its packages are called and installed.
import { readFileSync } from 'node:fs';
import { SetupError } from './SetupError.mjs';
import { describeOutcome, findProgram, runLogged } from './run.mjs';

/** @typedef {'apt' | 'dnf' | 'pacman' | 'apk' | 'zypper' | 'brew'} Manager */
/** @typedef {{ id: string, version: string, manager: Manager | undefined }} System */

/**
 * @param {string} text the contents of os-release
 * @returns {{ id: string, version: string, like: string[] }}
 */
export function parseOsRelease(text) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(.*)$/.exec(line.trim());
    if (match?.[1]) fields[match[1]] = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
  }
  const id = fields['ID'] ?? 'linux';
  return { id, version: fields['VERSION_ID'] ?? '', like: [id, ...(fields['ID_LIKE'] ?? '').split(' ')] };
}

/** @type {[Manager, string[]][]} */
const FAMILIES = [
  ['apt', ['debian', 'ubuntu']],
  ['dnf', ['fedora', 'rhel', 'centos']],
  ['pacman', ['arch']],
  ['apk', ['alpine']],
  ['zypper', ['suse', 'opensuse']],
];

/**
 * @param {NodeJS.Platform} platform
 * @param {string} [osRelease] contents of os-release; read from the machine when left out
 * @returns {System}
 */
export function detectSystem(platform = process.platform, osRelease) {
  if (platform === 'darwin') return { id: 'macos', version: '', manager: 'brew' };
  if (platform !== 'linux') return { id: platform, version: '', manager: undefined };
  const { id, version, like } = parseOsRelease(osRelease ?? readOsRelease());
  const family = FAMILIES.find(([, names]) => names.some((name) => like.includes(name)));
  return { id, version, manager: family?.[0] };
}

function readOsRelease() {
  for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // The other place, then.
    }
  }
  return '';
}

/** @type {Record<Manager, string>} */
const INSTALL = {
  apt: 'apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  pacman: 'pacman -S --needed',
  apk: 'apk add',
  zypper: 'zypper install -y',
  brew: 'brew install',
};

/**
 * @param {System} system
 * @param {Partial<Record<Manager, string[]>>[]} tools package names of each missing thing, by manager
 * @returns {string[]}
 */
export function packagesFor({ manager }, tools) {
  return manager ? [...new Set(tools.flatMap((tool) => tool[manager] ?? []))] : [];
}

/**
 * The command a person can copy.
 *
 * @param {System} system
 * @param {string[]} packages
 * @param {boolean} asRoot whether the person already is root
 */
export function installCommand({ manager }, packages, asRoot = isRoot()) {
  if (!manager || packages.length === 0) return undefined;
  const sudo = asRoot || manager === 'brew' ? '' : 'sudo ';
  return `${sudo}${INSTALL[manager]} ${packages.join(' ')}`;
}

export const isRoot = () => process.getuid?.() === 0;

/** @param {System} system */
export const canInstall = (system) => system.manager === 'apt' && isRoot() && hasProgram('apt-get');

/** @param {string} program */
export const hasProgram = (program) => findProgram(program) !== undefined;

/**
 * Installs packages by apt. The package lists are fetched only when the first try shows that they are missing or old.
 *
 * @param {string[]} packages
 * @param {{ log: string, onDetail?: (detail: string) => void }} options
 */
export async function aptInstall(packages, { log, onDetail }) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt (unattended upgrades, say) may hold the lock for a while.
  const apt = ['apt-get', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=2'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  const onLine = (/** @type {string} */ line) => {
    if (/^(Get:|Unpacking|Setting up)/.test(line)) onDetail?.(line.slice(0, 60));
  };
  onDetail?.(`installing ${packages.join(' ')}`);
  if ((await runLogged(install, { log, env, onLine })).code === 0) return;
  onDetail?.('reading package lists');
  await runLogged([...apt, 'update'], { log, env, onLine });
  const outcome = await runLogged(install, { log, env, onLine });
  if (outcome.code === 0) return;
  throw new SetupError(`apt could not install ${packages.join(' ')}`, {
    attempts: [{ way: install.join(' '), outcome: describeOutcome(outcome) }],
    advice: [`See that this works: apt-get update && ${INSTALL.apt} ${packages.join(' ')}`],
    log,
  });
}
