import type { OpusCodec } from './OpusCodec.ts';
import { loadScriptOpus } from './scriptOpus.ts';
import { loadSystemOpus } from './systemOpus.ts';

/** The libopus of the system where there is one, which is quicker and conceals better; the one that is always there otherwise. */
export async function loadOpus(): Promise<OpusCodec> {
  try {
    return await loadSystemOpus();
  } catch {
    return loadScriptOpus();
  }
}
