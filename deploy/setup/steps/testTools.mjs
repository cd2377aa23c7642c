// What only the tests need: a browser, ffmpeg, GStreamer, telephones and a switchboard, and on Linux the tools that make a bad network.
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

const RTMP_MODULES = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/share/nginx/modules'];

/** The file of the module that makes nginx take streams. @returns {string | undefined} */
export const findRtmpModule = () =>
  RTMP_MODULES.map((folder) => `${folder}/ngx_rtmp_module.so`).find((path) => existsSync(path));

/** @type {Tool[]} */
const NEEDED = [
  {
    name: `Chromium ${MINIMUM_CHROMIUM} or newer`,
    isThere: () => findChromium() !== undefined,
    packages: { ...everywhere('chromium'), brew: ['--cask chromium'] },
  },
  FFMPEG,
  {
    name: 'nginx with its RTMP module',
    isThere: () => hasProgram('nginx') && findRtmpModule() !== undefined,
    packages: {
      apt: ['nginx-light', 'libnginx-mod-rtmp'],
      apk: ['nginx', 'nginx-mod-rtmp'],
      pacman: ['nginx'],
    },
  },
  {
    name: 'GStreamer with webrtcbin, and its Python bindings',
    isThere: hasGStreamer,
    packages: {
      apt: [
        'gstreamer1.0-plugins-base',
        'gstreamer1.0-plugins-good',
        'gstreamer1.0-plugins-bad',
        'gstreamer1.0-nice',
        'gir1.2-gst-plugins-bad-1.0',
        'python3-gst-1.0',
      ],
      dnf: [
        'gstreamer1-plugins-good',
        'gstreamer1-plugins-bad-free',
        'gstreamer1-plugin-openh264',
        'libnice-gstreamer1',
        'python3-gstreamer1',
      ],
      pacman: ['gst-plugins-good', 'gst-plugins-bad', 'libnice', 'gst-python'],
      brew: ['gstreamer', 'libnice-gstreamer', 'pygobject3'],
    },
  },
  // Measured beside our own mixer.
  { name: 'Janus', isThere: () => hasProgram('janus'), packages: { apt: ['janus'] } },
  {
    name: 'sipp',
    isThere: () => hasProgram('sipp'),
    packages: { apt: ['sip-tester'], dnf: ['sipp'], brew: ['sipp'] },
  },
  {
    name: 'baresip',
    isThere: () => hasProgram('baresip'),
    packages: { apt: ['baresip-core'], dnf: ['baresip'], brew: ['baresip'] },
  },
  {
    name: 'kamailio',
    isThere: () => hasProgram('kamailio'),
    packages: { apt: ['kamailio'], dnf: ['kamailio'], zypper: ['kamailio'] },
  },
  { name: 'openssl', isThere: () => hasProgram('openssl'), packages: everywhere('openssl') },
];

/** Used in network namespaces, which only root may make. @type {Tool[]} */
const NEEDED_AS_ROOT = [
  { name: 'ip', isThere: () => hasProgram('ip'), packages: { ...everywhere('iproute2'), dnf: ['iproute'] } },
  { name: 'iptables', isThere: () => hasProgram('iptables'), packages: everywhere('iptables') },
];

const GSTREAMER_CHECK = `
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstWebRTC
Gst.init(None)
elements = ("webrtcbin", "nicesrc", "dtlsenc", "srtpenc", "vp8enc", "openh264enc", "opusenc", "rtpvp8pay")
raise SystemExit(0 if all(Gst.ElementFactory.find(name) for name in elements) else 1)
`;

/** With the Python of the system, as in test/support/GstPublisher.ts: its bindings belong to that. */
function hasGStreamer() {
  const python =
    process.env['GST_PYTHON'] ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');
  return capture(python, ['-c', GSTREAMER_CHECK]) !== undefined;
}

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
