/** What the doctor looks at. Nothing is changed. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { accessSync, constants, existsSync, statSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { lanAddresses } from '../api/addresses.ts';
import { loadSecrets } from '../auth/secrets.ts';
import type { Config } from '../config/schema.ts';

export interface Finding {
  state: 'ok' | 'warn' | 'fail';
  /** What was looked at. */
  about: string;
  /** What was found and, unless all is well, what to do. */
  message: string;
}

export function checkSettings(unknown: readonly { variable: string; meant: string }[]): Finding[] {
  return unknown.map(({ variable, meant }) => ({
    state: 'warn',
    about: 'settings',
    message: `There is no setting ${variable}. Is ${meant} meant?`,
  }));
}

const MIN_NODE = [22, 18];
const MIN_FREE_BYTES = 1024 ** 3;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_NODE;
  const isNew = major > minMajor || (major === minMajor && minor >= minMinor);
  return isNew
    ? { state: 'ok', about: 'Node', message: version }
    : {
        state: 'fail',
        about: 'Node',
        message: `${version} is too old to run the server. Start it with \`npm start\`, which brings a newer one.`,
      };
}

/** The worker ends at once when nobody speaks to it; that it ends by itself shows that it can run here. */
export function checkWorker(path: string | undefined): Finding {
  const about = 'media worker';
  if (!path || !existsSync(path)) {
    const where = path ? `There is none at ${path}.` : 'None is known.';
    return { state: 'fail', about, message: `${where} Run \`npm start\`, which obtains it.` };
  }
  const { error, status, stderr } = spawnSync(path, { timeout: 5000, encoding: 'utf8' });
  if (!error && status !== null && status < 126) return { state: 'ok', about, message: path };
  const reason = error?.message ?? stderr.trim();
  return {
    state: 'fail',
    about,
    message: `${path} does not run here${reason ? `: ${reason}` : ''}. Delete it and run \`npm start\`, which obtains another.`,
  };
}

export function checkFfmpeg(env: NodeJS.ProcessEnv): Finding {
  const named = env['FFMPEG_BIN'];
  const options = { env, timeout: 5000, encoding: 'utf8' } as const;
  const { stdout, error } = spawnSync(named ?? 'ffmpeg', ['-version'], options);
  const [, version] = /^ffmpeg version (\S+)/.exec(stdout ?? '') ?? [];
  const about = 'ffmpeg';
  if (!error && version) return { state: 'ok', about, message: version };
  const message = named
    ? `FFMPEG_BIN names ${named}, which does not run as ffmpeg. Meetings work without it; recording will not. Correct it, or unset it.`
    : 'Not found. Meetings work without it; recording will not. Install it, such as by `apt install ffmpeg`.';
  return { state: 'warn', about, message };
}

export async function checkPorts(config: Config): Promise<Finding[]> {
  const { http, media } = config;
  const workers = media.workers || availableParallelism();
  const mediaPorts =
    media.port === 0 ? [] : Array.from({ length: workers }, (_item, index) => media.port + index);
  const findings = [await checkWebPort('http.port', http.port, http.host)];
  if (http.tlsCert === '' && http.lanHttpsPort !== 0) {
    findings.push(await checkWebPort('http.lanHttpsPort', http.lanHttpsPort, http.host));
  }
  const host = media.listenIp || '0.0.0.0';
  const taken: string[] = [];
  for (const port of mediaPorts) {
    if (!(await canListen(port, host))) taken.push(`TCP ${port}`);
    if (!(await canBind(port, host))) taken.push(`UDP ${port}`);
  }
  const range = `${media.port} to ${media.port + workers - 1}, UDP and TCP`;
  const about = 'media ports';
  if (media.port === 0) findings.push({ state: 'ok', about, message: 'chosen at start (media.port is 0)' });
  else if (taken.length === 0) findings.push({ state: 'ok', about, message: `${range}: free` });
  else if (await isParley(config))
    findings.push({ state: 'ok', about, message: `${range}: used by the Parley that runs` });
  else {
    const message = `${taken.join(', ')} taken. Stop what uses them, or set media.port (PARLEY_MEDIA_PORT).`;
    findings.push({ state: 'fail', about, message });
  }
  return findings;

  async function checkWebPort(setting: string, port: number, address: string): Promise<Finding> {
    if (port === 0) return { state: 'ok', about: setting, message: 'chosen at start (0)' };
    if (await canListen(port, address)) return { state: 'ok', about: setting, message: `${port}: free` };
    if (await isParley(config)) {
      return { state: 'ok', about: setting, message: `${port}: used by the Parley that runs` };
    }
    const message = `${port} is taken or not allowed. Stop what uses it, or set ${setting} to another port.`;
    return { state: 'fail', about: setting, message };
  }
}

/** Whether a Parley answers at http.port, so that a taken port is no fault. */
export async function isParley({ http }: Config): Promise<boolean> {
  const scheme = http.tlsCert === '' ? 'http' : 'https';
  const host = http.host === '0.0.0.0' || http.host === '::' ? 'localhost' : http.host;
  try {
    const answer = await fetch(`${scheme}://${host}:${http.port}/healthz`, {
      signal: AbortSignal.timeout(2000),
    });
    return (await answer.text()) === '{"status":"ok"}';
  } catch {
    return false;
  }
}

export function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });
}

export function canBind(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => socket.close(() => done(false)));
    socket.bind(port, host, () => socket.close(() => done(true)));
  });
}

export const PRIVATE =
  /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]|::1$)/i;

export function checkAddresses(
  announced: readonly string[],
  found: readonly string[] = lanAddresses(),
): Finding {
  const about = 'addresses';
  const addresses = announced.length > 0 ? announced : found;
  const list = addresses.join(', ');
  const setting = 'media.announcedAddresses (PARLEY_MEDIA_ANNOUNCED_ADDRESSES)';
  if (addresses.length === 0) {
    return {
      state: 'warn',
      about,
      message: `No network: only this machine can take part. Else set ${setting}.`,
    };
  }
  if (addresses.every((address) => PRIVATE.test(address))) {
    return {
      state: 'warn',
      about,
      message: `${list}: reachable in your network only. For people outside set ${setting} to your public address.`,
    };
  }
  return { state: 'ok', about, message: list };
}

export function checkDataFolder(config: Pick<Config, 'dataDir' | 'auth'>): Finding[] {
  const about = 'data folder';
  const path = resolve(config.dataDir);
  if (!existsSync(path)) {
    const isPossible = canWrite(existingParent(path));
    return [
      isPossible
        ? { state: 'ok', about, message: `${path}: made at the first start` }
        : {
            state: 'fail',
            about,
            message: `${path} cannot be made. Set dataDir (PARLEY_DATA_DIR) to a folder that can.`,
          },
    ];
  }
  if (!statSync(path).isDirectory() || !canWrite(path)) {
    const message = `${path} cannot be written to by this user. Change its owner, or set dataDir (PARLEY_DATA_DIR).`;
    return [{ state: 'fail', about, message }];
  }
  return [checkFolderMode(path), checkSpace(path), checkSecrets(config, path)];
}

/** Folder of recordings, where it is not in the data folder. */
export function checkRecordingsFolder({ recorder }: Pick<Config, 'recorder'>): Finding[] {
  if (recorder.folder === '') return [];
  const about = 'recordings folder';
  const path = resolve(recorder.folder);
  const isThere = existsSync(path);
  const isFine = isThere ? statSync(path).isDirectory() && canWrite(path) : canWrite(existingParent(path));
  if (isFine) return [{ state: 'ok', about, message: isThere ? path : `${path}: made at the first start` }];
  const message = `${path} is no folder that this user may write to. Change its owner, or set recorder.folder (PARLEY_RECORDER_FOLDER).`;
  return [{ state: 'fail', about, message }];
}

function checkFolderMode(path: string): Finding {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0)
    return { state: 'ok', about: 'data folder', message: path };
  return {
    state: 'warn',
    about: 'data folder',
    message: `${path} is open to other users (mode ${mode.toString(8)}). Run \`chmod 700 ${path}\`.`,
  };
}

function checkSpace(path: string): Finding {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  const message = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free >= MIN_FREE_BYTES
    ? { state: 'ok', about: 'disk', message }
    : { state: 'warn', about: 'disk', message: `${message}; make room, before recordings fill it.` };
}

function checkSecrets(config: Pick<Config, 'dataDir' | 'auth'>, path: string): Finding {
  const about = 'secrets';
  if (!existsSync(resolve(path, 'secrets.json'))) {
    return { state: 'ok', about, message: 'configured, or made at the first start' };
  }
  try {
    loadSecrets(config);
    return { state: 'ok', about, message: 'readable by this user only' };
  } catch (error) {
    return { state: 'fail', about, message: (error as Error).message };
  }
}

function existingParent(path: string): string {
  return existsSync(path) ? path : existingParent(dirname(path));
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
