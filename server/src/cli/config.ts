import { listSettings, loadConfig, type Setting } from '../config/loadConfig.ts';
import type { CliIo } from './io.ts';

const SECRET = /secret|password|credential|(^|\.)key$/i;

/** Every setting with its present value; secrets are hidden. */
export function printConfig(_args: string[], io: CliIo): number {
  const config: unknown = loadConfig(io.env);
  for (const setting of listSettings()) {
    const value = valueAt(config, setting.path);
    const isDefault = JSON.stringify(value) === JSON.stringify(setting.schema.default);
    io.out(
      `${setting.path} = ${shown(setting, value)}${isDefault ? '' : `   (default: ${shown(setting, setting.schema.default)})`}\n` +
        `    ${setting.variable}\n    ${setting.schema.description ?? ''}\n\n`,
    );
  }
  return 0;
}

function shown({ path }: Setting, value: unknown): string {
  if (SECRET.test(path)) return value === '' ? '""' : '(hidden)';
  return JSON.stringify(value, (key, item: unknown) => (SECRET.test(key) ? '(hidden)' : item));
}

function valueAt(config: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], config);
}
