// The name under which a worker is kept: whatever makes one binary unfit for another use is in it.
import { readFileSync } from 'node:fs';
import { hashPaths } from '../hash.mjs';
import { inCache, inRoot } from '../paths.mjs';
import { detectSystem } from '../system.mjs';

/**
 * A build uses the system's shared libraries, so another release of the system needs another build.
 *
 * @param {{ version: string, revision: string, platform: string, arch: string, system: { id: string, version: string } }} inputs
 */
export function workerKey({ version, revision, platform, arch, system }) {
  return [`mediasoup-${version}`, platform, arch, `${system.id}${system.version}`, revision].join('-');
}

/** @returns {string} the version of the installed mediasoup */
export function mediasoupVersion() {
  return JSON.parse(readFileSync(inRoot('node_modules/mediasoup/package.json'), 'utf8')).version;
}

/** What identifies the way we build: the build file, the shims and with them the correction of mediasoup's source. */
export const buildRevision = () => hashPaths([inRoot('deploy/native')], inRoot()).slice(0, 8);

export function currentWorkerKey() {
  const { platform, arch } = process;
  return workerKey({
    version: mediasoupVersion(),
    revision: buildRevision(),
    platform,
    arch,
    system: detectSystem(),
  });
}

/** @param {string} [key] */
export function workerPaths(key = currentWorkerKey()) {
  const name = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';
  return {
    key,
    binary: inCache('worker', key, name),
    origin: inCache('worker', key, 'origin.txt'),
    build: inCache('build', key),
    log: inCache('log', `${key}.log`),
    lock: inCache('lock', `${key}.lock`),
  };
}
