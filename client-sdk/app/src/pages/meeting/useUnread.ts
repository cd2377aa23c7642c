import type { ChatMessage } from '@parley/client-sdk';
import { useRoom } from '@parley/client-sdk/react';
import { useCallback, useEffect, useState } from 'react';

/** How many messages of others came that were not shown yet. */
export function useUnread(chatOpen: boolean): { unread: number; markRead: () => void } {
  const room = useRoom();
  const [unread, setUnread] = useState(0);
  const markRead = useCallback(() => setUnread(0), []);
  useEffect(() => {
    const handleChat = (message: ChatMessage | undefined) => {
      if (!message || chatOpen || message.from.identity === room.localParticipant.identity) return;
      setUnread((count) => count + 1);
    };
    room.on('chatChanged', handleChat);
    return () => void room.off('chatChanged', handleChat);
  }, [room, chatOpen]);
  return { unread, markRead };
}
