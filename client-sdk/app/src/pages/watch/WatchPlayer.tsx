import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { useIdle } from '../../hooks/useIdle.ts';
import { useShortcuts } from '../../hooks/useShortcuts.ts';
import { LivePlayer, type PlayerPosition, type PlayerState } from './LivePlayer.ts';
import { WatchControls } from './WatchControls.tsx';
import { WatchCover } from './WatchCover.tsx';
import styles from './watch.module.css';

interface Props {
  source: string;
  ended: boolean;
}

const STEP_SECONDS = 10;

/** The picture with what one needs to watch. */
export function WatchPlayer({ source, ended }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { player, state, position } = useLivePlayer(video, source);
  const sound = useSound(video);
  const [paused, setPaused] = useState(false);
  const fullscreen = useFullscreen(frame);
  // What is on its way when the stream ends is seen; where nothing comes any more, the rest is fetched.
  const waitsForRest = ended && state.at === 'loading';
  useEffect(() => {
    if (waitsForRest) player.current?.finish();
    else if (!ended) player.current?.resume();
  }, [waitsForRest, ended, player]);
  const idle = useIdle(frame);

  const togglePlaying = () => {
    if (video.current?.paused === false) player.current?.pause();
    else void player.current?.play();
  };
  const seek = (behind: number) => player.current?.seekBehind(Math.max(0, behind));
  useShortcuts({
    k: togglePlaying,
    m: sound.toggle,
    f: fullscreen.toggle,
    j: () => seek(position.behind + STEP_SECONDS),
    l: () => seek(position.behind - STEP_SECONDS),
  });
  const about = { 'data-state': state.at, 'data-behind': position.behind.toFixed(2) };
  return (
    <div ref={frame} className={styles.player} data-testid="player" data-idle={idle && !paused} {...about}>
      <div className={styles.picture}>
        <video
          ref={video}
          className={styles.video}
          playsInline
          onPause={() => setPaused(true)}
          onPlay={() => setPaused(false)}
          onVolumeChange={sound.handleChange}
          onClick={togglePlaying}
        />
        <WatchCover
          state={state}
          isOver={ended && state.at !== 'playing' && !waitsForRest}
          silent={sound.isSilent}
          onPlay={togglePlaying}
          onSound={sound.toggle}
        />
      </div>
      {state.at !== 'unsupported' && state.at !== 'unloaded' && (
        <WatchControls
          {...{ paused, position, ended, fullscreen, muted: sound.muted, volume: sound.volume }}
          onPlaying={togglePlaying}
          onSound={sound.toggle}
          onVolume={sound.setVolume}
          onSeek={seek}
        />
      )}
    </div>
  );
}

function setSoundOf(element: HTMLVideoElement | null, muted: boolean, volume: number | undefined): void {
  if (!element) return;
  element.muted = muted;
  if (volume !== undefined) element.volume = volume;
}

function useSound(video: { current: HTMLVideoElement | null }) {
  const [sound, setSound] = useState({ muted: false, volume: 1 });
  /** Whoever switched the sound off wants no invitation to switch it on. */
  const [chosen, setChosen] = useState(false);
  const set = (muted: boolean, volume?: number) => {
    setChosen(true);
    setSoundOf(video.current, muted, volume);
  };
  return {
    ...sound,
    /** The browser wanted it so. */
    isSilent: sound.muted && !chosen,
    toggle: () => set(video.current?.muted !== true),
    setVolume: (volume: number) => set(volume === 0, volume),
    handleChange: ({ currentTarget: { muted, volume } }: SyntheticEvent<HTMLVideoElement>) =>
      setSound({ muted, volume }),
  };
}

function useLivePlayer(video: { current: HTMLVideoElement | null }, source: string) {
  const player = useRef<LivePlayer | null>(null);
  const [state, setState] = useState<PlayerState>({ at: 'loading' });
  const [position, setPosition] = useState<PlayerPosition>({ behind: 0, window: 0 });
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    const created = new LivePlayer(element, { source, onState: setState });
    player.current = created;
    const timer = setInterval(() => setPosition(created.position), 500);
    return () => {
      clearInterval(timer);
      created.close();
      player.current = null;
    };
  }, [video, source]);
  return { player, state, position };
}
