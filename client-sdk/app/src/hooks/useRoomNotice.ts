import { getRoomNotice, type RoomNotice } from '@parley/client-sdk';
import { useEffect, useState } from 'react';
import { findGuestPass } from '../lib/guestPass.ts';
import { NOTHING_TO_TELL } from '../lib/noticeTexts.ts';

const ASK_MS = 12_000;

/** What is to be known of a meeting before one comes in; asked again while the page is seen. Without a room nothing is asked. */
export function useRoomNotice(
  room: string | null,
  invitation: { token: string | null; invite: string },
): RoomNotice {
  const { token, invite } = invitation;
  const [notice, setNotice] = useState(NOTHING_TO_TELL);
  useEffect(() => {
    if (room === null) return undefined;
    let wanted = true;
    const ask = () => {
      if (document.hidden) return;
      const pass = token ?? findGuestPass(room, invite)?.token;
      // Of a server that does not answer nothing new is known.
      findNotice(room, pass).then(
        (found) => wanted && setNotice(found),
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, ASK_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      wanted = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [room, token, invite]);
  return notice;
}

/** A token that does not count any more is no reason to say nothing. */
async function findNotice(room: string, token: string | undefined): Promise<RoomNotice> {
  if (token === undefined) return getRoomNotice(location.origin, room);
  return getRoomNotice(location.origin, room, { token }).catch(() => getRoomNotice(location.origin, room));
}
