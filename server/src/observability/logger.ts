import { pino, type Logger as PinoLogger } from 'pino';
import type { Config } from '../config/schema.ts';

export type Logger = PinoLogger;

/** Names under which secrets travel; their values never reach the log, however deep they lie. */
const SECRET_KEYS = [
  'token',
  'resumeKey',
  'apiSecret',
  'secret',
  'password',
  'authorization',
  'cookie',
  'credential',
];

/** One JSON line for each event, to standard output. */
export function createLogger(level: Config['logLevel']): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*.*.*.${key}`]);
  return pino({
    level,
    redact: { paths, censor: '[redacted]' },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
