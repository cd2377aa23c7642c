import { useRoom } from '@parley/client-sdk/react';
import { useNow } from '../../hooks/useNow.ts';

/** The time by the clock of the server, renewed while `running`: the one here may be wrong. */
export function useServerNow(running: boolean, every?: number): number {
  const room = useRoom();
  return room.serverTime(useNow(running, every));
}
