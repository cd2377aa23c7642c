import type { Participant } from '@parley/client-sdk';
import { useCalls } from '@parley/client-sdk/react';

/** The number of the phone that somebody speaks by; undefined where one may not see all of it, or where there is none. */
export function useNumberOf({ participantId }: Participant): string | undefined {
  return useCalls().findByParticipant(participantId)?.number;
}
