import { useRef, useState, type SyntheticEvent } from 'react';
import { findMoment, type Playlist } from '../../../lib/playlist.ts';

/** Plays the parts of a film one after the other, and finds moments in them. */
export function useFilm(film: Playlist) {
  const player = useRef<HTMLVideoElement>(null);
  /** Where in a part to begin once it is there, seconds. */
  const begin = useRef<number | null>(null);
  const [index, setIndex] = useState(0);
  const [atMs, setAtMs] = useState(0);
  const playFrom = (seconds: number) => {
    if (!player.current) return;
    player.current.currentTime = seconds;
    // Refused by the browser: the picture stands there, and a press plays it.
    player.current.play().catch(() => undefined);
  };
  const go = (next: number, seconds: number) => {
    if (next === index) return playFrom(seconds);
    begin.current = seconds;
    setIndex(next);
  };
  const seek = (moment: number) => {
    const found = findMoment(film, moment);
    setAtMs(moment);
    go(found.index, found.insideMs / 1000);
  };
  const handlers = {
    onLoadedMetadata: () => {
      if (begin.current !== null) playFrom(begin.current);
      begin.current = null;
    },
    onEnded: () => {
      if (index + 1 < film.parts.length) go(index + 1, 0);
    },
    onTimeUpdate: ({ currentTarget }: SyntheticEvent<HTMLVideoElement>) =>
      setAtMs((film.parts[index]?.startMs ?? 0) + currentTarget.currentTime * 1000),
  };
  return { player, index, atMs, seek, handlers };
}
