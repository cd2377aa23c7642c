// Is this file a worker that runs on this machine?
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { getNode24 } from '../node24.mjs';
import { inRoot } from '../paths.mjs';

// What the worker answers when its parent does not say which mediasoup it is (worker/src/main.cpp).
const NO_VERSION_CODE = 41;

/**
 * The quick look, some 10 ms: it loads with all its libraries and asks for its parent.
 *
 * @param {string} binary
 * @returns {string | undefined} what is wrong
 */
export function findFault(binary) {
  if (!existsSync(binary)) return 'there is no such file';
  const { status, signal, error, stderr } = spawnSync(binary, [], {
    env: {},
    encoding: 'utf8',
    timeout: 5_000,
  });
  if (error) return error.message;
  if (status === NO_VERSION_CODE) return undefined;
  const said = stderr?.trim().split('\n')[0];
  return `it does not run here (${signal ?? `exit code ${status}`}${said ? `, ${said}` : ''})`;
}

/**
 * The thorough look, before a new binary is accepted: mediasoup itself starts it and asks it for a router, a port and a transport.
 *
 * @param {string} binary
 * @returns {string | undefined} what is wrong
 */
export function findDeepFault(binary) {
  const fault = findFault(binary);
  if (fault) return fault;
  const { status, signal, stderr } = spawnSync(
    getNode24(),
    [inRoot('deploy/setup/worker/tryWorker.mjs'), binary],
    {
      cwd: inRoot('server'),
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  if (status === 0) return undefined;
  return `mediasoup cannot work with it (${stderr?.trim().split('\n').at(-1) || signal || status})`;
}
