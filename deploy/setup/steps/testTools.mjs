// What only the tests need: a browser, ffmpeg, and on Linux the tools that make a bad network.
import { existsSync } from 'node:fs';
import { SetupError } from '../SetupError.mjs';
import { inCache } from '../paths.mjs';
import { capture, findProgram } from '../run.mjs';
import {
  aptInstall,
  canInstall,
  detectSystem,
  hasProgram,
  installCommand,
  isRoot,
  packagesFor,
} from '../system.mjs';
import { FFMPEG } from './ffmpeg.mjs';

/** @typedef {import('../worker/buildTools.mjs').Tool} Tool */

const MINIMUM_CHROMIUM = 120;
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROMIUM_MACOS = [
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The browser's major version in what `chromium --version` prints.
 *
 * @param {string | undefined} text
 */
export const chromiumMajor = (text) => Number(/(\d+)\.\d+\.\d+/.exec(text ?? '')?.[1] ?? 0);

/** @returns {string | undefined} */
export function findChromium() {
  const named = process.env['CHROMIUM_BIN'];
  if (named) return named;
  const installed = CHROMIUM_NAMES.map(findProgram);
  const bundled = CHROMIUM_MACOS.map((path) => `/Applications/${path}`).filter((path) => existsSync(path));
  return [...installed, ...bundled].find(
    (path) => path && chromiumMajor(capture(path, ['--version'])) >= MINIMUM_CHROMIUM,
  );
}

/** @type {Tool[]} */
const NEEDED = [
  {
    name: `Chromium ${MINIMUM_CHROMIUM} or newer`,
    isThere: () => findChromium() !== undefined,
    packages: { ...everywhere('chromium'), brew: ['--cask chromium'] },
  },
  FFMPEG,
  { name: 'openssl', isThere: () => hasProgram('openssl'), packages: everywhere('openssl') },
];

/** Used in network namespaces, which only root may make. @type {Tool[]} */
const NEEDED_AS_ROOT = [
  { name: 'ip', isThere: () => hasProgram('ip'), packages: { ...everywhere('iproute2'), dnf: ['iproute'] } },
  { name: 'iptables', isThere: () => hasProgram('iptables'), packages: everywhere('iptables') },
];

/** @param {string} name */
function everywhere(name) {
  return { apt: [name], dnf: [name], pacman: [name], apk: [name], zypper: [name], brew: [name] };
}

function missing() {
  const asRoot = process.platform === 'linux' && isRoot();
  return [...NEEDED, ...(asRoot ? NEEDED_AS_ROOT : [])].filter((tool) => !tool.isThere());
}

/** @type {import('../runSteps.mjs').Step} */
export const testToolsStep = {
  name: 'Test tools',
  isDone: () => missing().length === 0,
  run: async (progress) => {
    const log = inCache('log', 'test-tools.log');
    const system = detectSystem();
    if (canInstall(system)) {
      const packages = packagesFor(
        system,
        missing().map((tool) => tool.packages),
      );
      await aptInstall(packages, { log, onDetail: (detail) => progress.detail(detail) });
    }
    const rest = missing();
    if (rest.length === 0) return;
    const names = rest.map(({ name }) => name).join(', ');
    const command = installCommand(
      system,
      packagesFor(
        system,
        rest.map(({ packages }) => packages),
      ),
    );
    throw new SetupError(`the tests need what this machine does not have: ${names}`, {
      advice: [
        command ? `Install it: ${command}` : `Install by hand: ${names}`,
        'Another browser can be named in CHROMIUM_BIN.',
      ],
    });
  },
};
