import type { Participant } from '@parley/client-sdk';
import { useState } from 'react';
import { noteSpeaker } from '../../lib/speakerOrder.ts';
import { personKey, tilesOf, type TileModel } from './tiles.ts';

export interface StageState {
  tiles: TileModel[];
  /** The tile in the large place, pinned or a shared screen; null for a grid. */
  stage: string | null;
  pinned: string | null;
  togglePin: (key: string) => void;
  page: number;
  setPage: (page: number) => void;
  recent: readonly string[];
}

/** What the stage shows: which tiles, which one is large, which page, and who spoke last. */
export function useStage(
  participants: readonly Participant[],
  dominant: Participant | null,
  spotlight: readonly string[],
): StageState {
  const tiles = tilesOf(participants);
  const [pinned, setPinned] = useState<string | null>(null);
  // A screen that was put back into the grid stays there until another one is shared.
  const [unpinnedScreen, setUnpinnedScreen] = useState<string | null>(null);
  const [page, setPage] = useState(0);
  const [recent, setRecent] = useState<readonly string[]>([]);

  const dominantKey = dominant === null ? null : personKey(dominant);
  if (dominantKey !== null && recent[0] !== dominantKey) setRecent(noteSpeaker(recent, dominantKey));

  const present = (key: string | null) => tiles.some((tile) => tile.key === key);
  const newestScreen = tiles.findLast((tile) => tile.source === 'screen' && !tile.participant.isLocal);
  const ownScreen = tiles.find((tile) => tile.source === 'screen');
  // What a host shows to all comes before what is shared; what one pins oneself before both.
  const shown = spotlight.map((participantId) => personKey({ participantId })).find(present);
  const screen = shown ?? newestScreen?.key ?? ownScreen?.key ?? null;
  const stage = pinned !== null && present(pinned) ? pinned : screen === unpinnedScreen ? null : screen;

  const togglePin = (key: string) => {
    if (key !== stage) {
      setPinned(key);
      setUnpinnedScreen(null);
    } else {
      setPinned(null);
      if (key === screen) setUnpinnedScreen(screen);
    }
  };
  return { tiles, stage, pinned: pinned === stage ? pinned : null, togglePin, page, setPage, recent };
}
