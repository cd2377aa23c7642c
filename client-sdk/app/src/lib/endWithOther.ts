/** How long one who has answered waits for whoever called, ms. */
export const WAIT_FOR_CALLER_MS = 5000;

const EVENTS = ['participantJoined', 'participantLeft', 'roomStateChanged'] as const;

/** What is looked at of a room. */
export interface Watched {
  readonly participants: readonly { isLocal: boolean; kind: string }[];
  readonly calls: { readonly list: readonly object[] };
  on(event: (typeof EVENTS)[number], listener: () => void): unknown;
  off(event: (typeof EVENTS)[number], listener: () => void): unknown;
}

interface Ends {
  /** The other was there and has gone, and nobody else is there. */
  onGone: () => void;
  /** One has answered, and nobody is there: who called hung up meanwhile. Left away where one calls oneself. */
  onNobody?: (() => void) | undefined;
}

/** Tells when a call between two is over for oneself, too. Gives what ends the watching. */
export function endWithOther(room: Watched, { onGone, onNobody }: Ends): () => void {
  let met = false;
  const isAlone = () => !room.participants.some(({ isLocal, kind }) => !isLocal && kind !== 'recorder');
  const look = () => {
    if (!isAlone()) met = true;
    else if (met && room.calls.list.length === 0) onGone();
  };
  const timer = setTimeout(() => {
    if (!met && room.calls.list.length === 0) onNobody?.();
  }, WAIT_FOR_CALLER_MS);
  for (const event of EVENTS) room.on(event, look);
  look();
  return () => {
    clearTimeout(timer);
    for (const event of EVENTS) room.off(event, look);
  };
}
