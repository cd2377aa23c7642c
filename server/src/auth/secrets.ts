/** The API key and secret that sign tokens: configured, or generated on first start and kept in the data folder. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../config/schema.ts';
import { PrivateFileError, readPrivateFile, writePrivateFile } from './privateFile.ts';

/** Shortest secret that is accepted: HS256 wants a key as long as its hash (RFC 7518 section 3.2). */
export const MIN_SECRET_LENGTH = 32;

const SecretsFile = Type.Object({
  apiKey: Type.String({ minLength: 1, maxLength: 128 }),
  apiSecret: Type.String({ minLength: MIN_SECRET_LENGTH, maxLength: 1024 }),
});
export type ApiKeys = Readonly<Static<typeof SecretsFile>>;

/** The secrets cannot be used; the message says why and what to do. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
}

export const secretsPath = (dataDir: string): string => join(dataDir, 'secrets.json');

/**
 * Values of the configuration win, each on its own. What is missing comes from `secrets.json`, which is made when there
 * is none and never overwritten. Throws SecretsError or PrivateFileError.
 */
export function loadSecrets(config: Pick<Config, 'dataDir' | 'auth'>): ApiKeys {
  const { apiKey, apiSecret } = config.auth;
  if (apiSecret !== '' && apiSecret.length < MIN_SECRET_LENGTH) {
    throw new SecretsError(
      `auth.apiSecret (PARLEY_AUTH_API_SECRET) has ${apiSecret.length} characters; at least ${MIN_SECRET_LENGTH} are ` +
        'needed. Leave it empty to have a good one generated.',
    );
  }
  if (apiKey !== '' && apiSecret !== '') return { apiKey, apiSecret };
  const kept = keptSecrets(secretsPath(config.dataDir));
  return { apiKey: apiKey || kept.apiKey, apiSecret: apiSecret || kept.apiSecret };
}

/**
 * The secrets of a server that was started before. None are made: tokens signed with new ones open nothing on the server
 * that was meant. Throws SecretsError or PrivateFileError.
 */
export function loadExistingSecrets(config: Pick<Config, 'dataDir' | 'auth'>): ApiKeys {
  const { apiKey, apiSecret } = config.auth;
  const folder = resolve(config.dataDir);
  if ((apiKey === '' || apiSecret === '') && readPrivateFile(secretsPath(folder)) === undefined) {
    throw new SecretsError(
      `There are no secrets in the data folder ${folder}. Set PARLEY_DATA_DIR to the folder that the server uses, ` +
        'start the server there once so that it makes them, or set PARLEY_AUTH_API_KEY and PARLEY_AUTH_API_SECRET.',
    );
  }
  return loadSecrets(config);
}

function keptSecrets(path: string): ApiKeys {
  const found = readSecrets(path);
  if (found) return found;
  const made: ApiKeys = {
    apiKey: `PK${randomBytes(9).toString('hex')}`,
    apiSecret: randomBytes(32).toString('base64url'),
  };
  if (writePrivateFile(path, `${JSON.stringify(made, null, 2)}\n`, { exclusive: true })) return made;
  const others = readSecrets(path);
  if (others) return others;
  throw new PrivateFileError(`${path} appeared and disappeared while it was being made. Please start again.`);
}

function readSecrets(path: string): ApiKeys | undefined {
  const text = readPrivateFile(path);
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (Value.Check(SecretsFile, value)) return value;
  throw new SecretsError(
    `${path} is damaged: it must hold "apiKey" and "apiSecret" (at least ${MIN_SECRET_LENGTH} characters) as JSON. ` +
      'It was left untouched. Restore it from a backup; or move it away to have new secrets made, ' +
      'after which all tokens given out before are void.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
