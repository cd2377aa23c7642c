import { SCREEN_SHARE_SUPPORTED, type MediaControls } from './useMediaControls.ts';
import type { Panels } from './usePanels.ts';

/** What the bar of a meeting and its parts are given. */
export interface BarProps {
  controls: MediaControls;
  panels: Panels;
  roomName: string;
  startedAt: number | null;
  participantCount: number;
  /** How many wait in the lobby. */
  waiting: number;
  /** How many messages were not read. */
  unread: number;
  isHost: boolean;
  onCopyLink: () => void;
  onLeave: () => void;
}

/** What the switch of the screen share does, or why it does nothing. */
export function screenWords({ screenOn, mayUse }: MediaControls): string {
  if (!SCREEN_SHARE_SUPPORTED) return 'This browser cannot share a screen';
  if (!mayUse('screen')) return 'You may not share your screen in this meeting';
  return screenOn ? 'Stop sharing your screen' : 'Share your screen';
}
