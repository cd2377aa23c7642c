// The worker that mediasoup publishes with each release, for the common machines.
import { release } from 'node:os';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';

const RELEASES = 'https://github.com/versatica/mediasoup/releases/download';
// Enough for a slow network to answer, short enough not to keep anyone waiting where the host is out of reach.
const ANSWER_TIMEOUT_MS = 6_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;
const TAR_BLOCK = 512;

/**
 * The file name in a release; on Linux it holds the kernel's major version.
 *
 * @param {{ version: string, platform?: string, arch?: string, kernel?: string }} machine
 */
export function prebuiltName({
  version,
  platform = process.platform,
  arch = process.arch,
  kernel = release(),
}) {
  const suffix = platform === 'linux' ? `-kernel${kernel.split('.')[0]}` : '';
  return `mediasoup-worker-${version}-${platform}-${arch}${suffix}.tgz`;
}

/** @param {{ version: string, platform?: string, arch?: string, kernel?: string }} machine */
export const prebuiltUrl = (machine) => `${RELEASES}/${machine.version}/${prebuiltName(machine)}`;

/**
 * The first file of that name in an unpacked tar archive (POSIX ustar, section "ustar Interchange Format").
 *
 * @param {Buffer} tar
 * @param {RegExp} wanted matched against the file's name
 * @returns {Buffer | undefined}
 */
export function readFromTar(tar, wanted) {
  for (let at = 0; at + TAR_BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + TAR_BLOCK);
    const name = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    if (!name) return undefined;
    const size = Number.parseInt(header.toString('ascii', 124, 136).replace(/\0.*$/s, '').trim() || '0', 8);
    const start = at + TAR_BLOCK;
    if (wanted.test(name) && size > 0) return tar.subarray(start, start + size);
    at = start + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  return undefined;
}

/**
 * @param {string} url
 * @returns {Promise<Buffer>}
 */
async function download(url) {
  const giveUp = new AbortController();
  const answer = setTimeout(
    () => giveUp.abort(new Error(`no answer in ${ANSWER_TIMEOUT_MS / 1000} s`)),
    ANSWER_TIMEOUT_MS,
  );
  const whole = setTimeout(() => giveUp.abort(new Error('the download took too long')), DOWNLOAD_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: giveUp.signal });
    clearTimeout(answer);
    if (!response.ok) throw new Error(`answered ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(answer);
    clearTimeout(whole);
  }
}

/**
 * Downloads the worker to `target`; says why when it could not.
 *
 * @param {{ version: string, target: string }} options
 * @returns {Promise<string | undefined>} nothing when it worked
 */
export async function fetchPrebuilt({ version, target }) {
  const url = prebuiltUrl({ version });
  try {
    const worker = readFromTar(gunzipSync(await download(url)), /(^|\/)mediasoup-worker(\.exe)?$/);
    if (!worker) return `${url}: there is no worker in the archive`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, worker, { mode: 0o755 });
    return undefined;
  } catch (error) {
    const { message, cause } = /** @type {Error} */ (error);
    const reason = cause instanceof Error ? cause.message : message;
    return `${url}: ${reason}`;
  }
}
