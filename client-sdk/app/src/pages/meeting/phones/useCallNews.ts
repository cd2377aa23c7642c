import type { PhoneCall, Room } from '@parley/client-sdk';
import { useCallback, useEffect, useState } from 'react';
import { callNews, isOver } from '../../../lib/callTexts.ts';

/** So many calls that are over are still told of. */
const MOST_OVER = 10;

/** Tells of calls that did not work, and keeps those that are over until they are put aside. */
export function useCallNews(room: Room, notify: (text: string) => void, panelOpen: boolean) {
  const [over, setOver] = useState<readonly PhoneCall[]>([]);
  useEffect(() => {
    const handle = (call: PhoneCall) => {
      if (!isOver(call.state)) return;
      setOver((list) => [call, ...list.filter(({ callId }) => callId !== call.callId)].slice(0, MOST_OVER));
      const news = callNews(call);
      if (news !== undefined && !panelOpen && call.by === room.localParticipant.identity) notify(news);
    };
    room.on('callChanged', handle);
    return () => {
      room.off('callChanged', handle);
    };
  }, [room, notify, panelOpen]);
  const forget = useCallback(
    (callId: string) => setOver((list) => list.filter((call) => call.callId !== callId)),
    [],
  );
  return { over, forget };
}
