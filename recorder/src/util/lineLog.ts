import type { Log } from '../room/Log.ts';

function write(level: string, about: object, message: string): void {
  process.stderr.write(`${JSON.stringify({ level, ...about, msg: message })}\n`);
}

/** Notes on standard error, a line each, which the server takes into its log. */
export const lineLog: Log = {
  debug: () => undefined,
  info: (about, message) => write('info', about, message),
  warn: (about, message) => write('warn', about, message),
};
