import type { PhoneEvent } from '@parley/protocol/phoneProcess';
import type { Call } from './Call.ts';

/** What the process tells of one leg. */
export type LegEvent = Extract<PhoneEvent, { legId: string }>;

/** Sees to one leg, from its beginning to its end. */
export interface Leg {
  readonly call: Call;
  handle(event: LegEvent): void;
}
