/** The only reader of process.env: file, then environment, then defaults become one checked Config. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { oidcProblems } from './oidcProblems.ts';
import { ConfigSchema, type Config } from './schema.ts';
import { sipProblems } from './sipProblems.ts';

/** What is wrong with the configuration, one line for each setting, in words for an operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Setting {
  /** Path such as `http.port`. */
  path: string;
  /** Environment variable such as `PARLEY_HTTP_PORT`. */
  variable: string;
  schema: TSchema & { type?: string; description?: string; default?: unknown };
}

const isObjectSchema = (schema: unknown): schema is { properties: Record<string, Setting['schema']> } =>
  typeof schema === 'object' && schema !== null && 'properties' in schema;

/** All settings, in the order of the schema. */
export function listSettings(schema: unknown = ConfigSchema, prefix = ''): Setting[] {
  if (!isObjectSchema(schema)) return [];
  return Object.entries(schema.properties).flatMap(([key, child]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    if (isObjectSchema(child)) return listSettings(child, path);
    const variable = `PARLEY_${path.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()}`;
    return [{ path, variable, schema: child }];
  });
}

/** Variables that are no settings of the server: where its settings are, and what set-up reads. */
const OTHER_VARIABLES = ['PARLEY_CONFIG', 'PARLEY_CACHE_DIR'];

/** Variables that look like settings and are none, each with the setting that may be meant. */
export function unknownVariables(
  env: NodeJS.ProcessEnv = process.env,
): { variable: string; meant: string }[] {
  const known = [...OTHER_VARIABLES, ...listSettings().map(({ variable }) => variable)];
  return Object.keys(env)
    .filter((variable) => variable.startsWith('PARLEY_') && !known.includes(variable))
    .map((variable) => {
      const [nearest = ''] = known.toSorted((a, b) => distance(variable, a) - distance(variable, b));
      return { variable, meant: nearest };
    });
}

/** How many letters have to be added, taken away or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * Reads `config.json` in the data folder (or the file that PARLEY_CONFIG names), then PARLEY_* variables, which win.
 * Lists are written as JSON or with commas. Throws ConfigError.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const dataDir = env['PARLEY_DATA_DIR'] ?? 'data';
  const raw = readFile(
    env['PARLEY_CONFIG'] ?? join(dataDir, 'config.json'),
    env['PARLEY_CONFIG'] !== undefined,
  );
  for (const { path, variable, schema } of listSettings()) {
    const text = env[variable];
    if (text !== undefined && text !== '') setPath(raw, path, parseValue(variable, text, schema));
  }
  const config = Value.Default(ConfigSchema, raw);
  if (Value.Check(ConfigSchema, config)) {
    const together = [...oidcProblems(config.auth), ...sipProblems(config.sip)];
    if (together.length === 0) return config;
    throw notValid(together);
  }
  const errors = Value.Errors(ConfigSchema, config);
  const telling = errors.filter(({ message }) => !SAYS_NOTHING.has(message));
  const problems = (telling.length > 0 ? telling : errors).map((error) => {
    const path = error.instancePath.slice(1).replaceAll('/', '.');
    const setting = listSettings().find((candidate) => candidate.path === path);
    return `  ${path || 'configuration'}${setting ? ` (${setting.variable})` : ''}: ${wordsOf(error.message)}`;
  });
  throw notValid(problems);
}

/** What stands beside each fault in something that may be null, too, or that has a member too many. */
const SAYS_NOTHING = new Set([
  ...['must be null', 'must match a schema in anyOf', 'must not have additional properties'],
]);
const wordsOf = (message: string): string => (message === 'schema is false' ? 'is no setting' : message);

const notValid = (problems: readonly string[]): ConfigError =>
  new ConfigError(`The configuration is not valid:\n${problems.join('\n')}\nThe README lists all settings.`);

function readFile(path: string, required: boolean): Record<string, unknown> {
  if (!existsSync(path)) {
    if (required) throw new ConfigError(`PARLEY_CONFIG names ${path}, which does not exist.`);
    return {};
  }
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
    throw new Error('it holds no JSON object');
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}

function parseValue(variable: string, text: string, schema: Setting['schema']): unknown {
  if (schema.type === 'array') {
    if (!text.trimStart().startsWith('['))
      return text
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new ConfigError(`${variable} is not a JSON list: ${(cause as Error).message}`, { cause });
    }
  }
  if (schema.type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

function setPath(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let node = target;
  for (const key of keys) node = (node[key] ??= {}) as Record<string, unknown>;
  node[last] = value;
}
