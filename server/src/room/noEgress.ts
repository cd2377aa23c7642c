import { ParleyError } from '@parley/protocol';
import type { Egress } from './ports.ts';

/** Where nothing can be recorded. */
export const NO_EGRESS: Egress = {
  live: {
    stateOf: () => null,
    begin: () => {
      throw new ParleyError('RECORDING_OFF');
    },
    control: () => undefined,
  },
  stateOf: () => ({ recordings: [] }),
  current: () => [],
  waiting: () => [],
  begin: () => {
    throw new ParleyError('RECORDING_OFF');
  },
  control: () => {
    throw new ParleyError('RECORDING_NOT_RUNNING');
  },
  peopleCame: () => undefined,
  meetingEnded: () => undefined,
  placeOf: () => undefined,
  recorderRemoved: () => undefined,
};
