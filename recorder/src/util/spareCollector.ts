import { setFlagsFromString } from 'node:v8';

/**
 * Spares the garbage collector: pictures come as 70 MB of buffers each second, for which V8 by itself would look through
 * everything six times a second, a fifth of a core. With this it counts them as it does the rest. What an engine does
 * not know of it leaves alone. Source: V8, `external-memory-accounted-in-global-limit`.
 */
export function spareCollector(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
