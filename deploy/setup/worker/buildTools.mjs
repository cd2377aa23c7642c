// What the build of the worker needs from the system, and what the packages are called.
import { SetupError } from '../SetupError.mjs';
import { capture } from '../run.mjs';
import { aptInstall, canInstall, detectSystem, hasProgram, installCommand, packagesFor } from '../system.mjs';

/** @typedef {{ name: string, isThere: () => boolean, packages: Partial<Record<import('../system.mjs').Manager, string[]>> }} Tool */

/** @param {string} module */
const hasLibrary = (module) => () => capture('pkg-config', ['--exists', module]) !== undefined;

/** A header without a pkg-config name in some distributions: the compiler is asked. */
const hasFlatbuffers = () =>
  hasProgram('flatc') &&
  capture('/bin/sh', [
    '-c',
    'echo "#include <flatbuffers/flatbuffers.h>" | c++ $(pkg-config --cflags flatbuffers 2>/dev/null) -E -x c++ - >/dev/null',
  ]) !== undefined;

/** @type {Tool[]} in an order in which each can be looked for with those before it */
export const BUILD_TOOLS = [
  {
    name: 'a C++20 compiler',
    isThere: () => hasProgram('c++') && hasProgram('cc'),
    packages: {
      apt: ['build-essential'],
      dnf: ['gcc-c++'],
      pacman: ['gcc'],
      apk: ['g++'],
      zypper: ['gcc-c++'],
    },
  },
  { name: 'cmake', isThere: () => hasProgram('cmake'), packages: everywhere('cmake') },
  {
    name: 'ninja',
    isThere: () => hasProgram('ninja'),
    packages: { ...everywhere('ninja'), apt: ['ninja-build'], dnf: ['ninja-build'], apk: ['samurai'] },
  },
  {
    name: 'pkg-config',
    isThere: () => hasProgram('pkg-config'),
    packages: {
      ...everywhere('pkgconf'),
      apt: ['pkg-config'],
      dnf: ['pkgconf-pkg-config'],
      zypper: ['pkg-config'],
    },
  },
  library('libuv', 'libuv', {
    apt: 'libuv1-dev',
    dnf: 'libuv-devel',
    apk: 'libuv-dev',
    zypper: 'libuv-devel',
  }),
  library('OpenSSL 3', 'openssl >= 3.0', {
    apt: 'libssl-dev',
    dnf: 'openssl-devel',
    pacman: 'openssl',
    apk: 'openssl-dev',
    zypper: 'libopenssl-devel',
    brew: 'openssl@3',
  }),
  library('Abseil', 'absl_flat_hash_map', {
    apt: 'libabsl-dev',
    dnf: 'abseil-cpp-devel',
    pacman: 'abseil-cpp',
    apk: 'abseil-cpp-dev',
    zypper: 'abseil-cpp-devel',
    brew: 'abseil',
  }),
  library('libsrtp 2.4', 'libsrtp2 >= 2.4', {
    apt: 'libsrtp2-dev',
    dnf: 'libsrtp-devel',
    pacman: 'libsrtp',
    apk: 'libsrtp-dev',
    zypper: 'libsrtp2-devel',
    brew: 'srtp',
  }),
  {
    name: 'FlatBuffers',
    isThere: hasFlatbuffers,
    packages: {
      ...everywhere('flatbuffers'),
      apt: ['flatbuffers-compiler', 'libflatbuffers-dev'],
      dnf: ['flatbuffers-devel', 'flatbuffers-compiler'],
      apk: ['flatbuffers-dev'],
      zypper: ['flatbuffers-devel'],
    },
  },
];

/** @param {string} name */
function everywhere(name) {
  return { apt: [name], dnf: [name], pacman: [name], apk: [name], zypper: [name], brew: [name] };
}

/**
 * @param {string} name
 * @param {string} module its pkg-config name
 * @param {Partial<Record<import('../system.mjs').Manager, string>>} packages
 * @returns {Tool}
 */
function library(name, module, packages) {
  const lists = Object.fromEntries(
    Object.entries({ brew: module, pacman: module, ...packages }).map(([manager, one]) => [manager, [one]]),
  );
  return { name, isThere: hasLibrary(module), packages: lists };
}

/**
 * Sees to it that everything for the build is there: installs it where that can be done, says what is missing elsewhere.
 *
 * @param {{ log: string, onDetail: (detail: string) => void }} options
 */
export async function ensureBuildTools({ log, onDetail }) {
  const missing = () => BUILD_TOOLS.filter((tool) => !tool.isThere());
  const system = detectSystem();
  const before = missing();
  if (before.length === 0) return;
  if (canInstall(system))
    await aptInstall(
      packagesFor(
        system,
        before.map(({ packages }) => packages),
      ),
      { log, onDetail },
    );
  const after = missing();
  if (after.length === 0) return;
  const names = after.map(({ name }) => name).join(', ');
  const command = installCommand(
    system,
    packagesFor(
      system,
      after.map(({ packages }) => packages),
    ),
  );
  throw new SetupError(`missing for the build: ${names}`, {
    advice: [command ? `Install them: ${command}` : `Install by hand: ${names}`],
    log,
  });
}
