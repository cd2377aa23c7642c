import { setLogEventListeners } from 'mediasoup';
import type { Logger } from '../observability/logger.ts';
import { TokenBucket } from './TokenBucket.ts';

/** A worker warns of each odd packet, and anybody can send odd packets: the log must not be theirs to fill. */
const LINES_PER_SECOND = 10;
const LINES_AT_ONCE = 50;

/** The log of mediasoup. */
export interface WorkerLog {
  /** Workers are ended from now on: what they leave unsaid, such as a broken pipe, is no fault. */
  expectEnd(): void;
}

/** Hands the log of mediasoup and its workers, of which there is one in a process, to ours. */
export function routeWorkerLog(logger: Logger): WorkerLog {
  let ending = false;
  const lines = new TokenBucket({ rate: LINES_PER_SECOND, burst: LINES_AT_ONCE, now: performance.now() });
  let suppressed = 0;
  const write = (level: 'warn' | 'error', fields: object, message: string): void => {
    if (!lines.take(1, performance.now())) {
      suppressed += 1;
      return;
    }
    logger[ending ? 'debug' : level](suppressed > 0 ? { ...fields, suppressed } : fields, message);
    suppressed = 0;
  };
  setLogEventListeners({
    onwarn: (namespace, message) => write('warn', { namespace }, message),
    onerror: (namespace, message, error) => write('error', { namespace, err: error }, message),
  });
  return {
    expectEnd: () => {
      ending = true;
    },
  };
}
