import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import type { Counters } from './counters.ts';
import type { Outlet } from './Outlet.ts';

/** What all parts of one mixer share. */
export interface MixerTools {
  readonly opus: OpusCodec;
  readonly counters: Counters;
  /** What those hear who hear nothing: comfort noise. */
  readonly hush: Outlet;
}
