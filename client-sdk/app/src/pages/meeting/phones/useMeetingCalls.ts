import type { PhoneCall, Room } from '@parley/client-sdk';
import type { Panels } from '../usePanels.ts';
import { useCallNews } from './useCallNews.ts';
import { useFirstCall, type FirstCall } from './useFirstCall.ts';

interface Wish {
  /** A number to call at once. */
  dial: string | undefined;
  panels: Pick<Panels, 'panel' | 'toggle'>;
  notify: (text: string) => void;
}

export interface MeetingCalls {
  /** Calls that are over and were not put aside. */
  over: readonly PhoneCall[];
  forget: (callId: string) => void;
  firstCall: FirstCall;
}

/** What is to be known of phones in a meeting, whether or not their panel is open. */
export function useMeetingCalls(room: Room, { dial, panels, notify }: Wish): MeetingCalls {
  const news = useCallNews(room, notify, panels.panel === 'phones');
  const firstCall = useFirstCall(room, { dial, panels, notify });
  return { ...news, firstCall };
}
