import { Maximize, Minimize, Pause, Play, Volume1, Volume2, VolumeX } from 'lucide-react';
import { formatSpan } from '../../lib/moments.ts';
import { classes } from '../../ui/classes.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { LIVE_WITHIN, type PlayerPosition } from './LivePlayer.ts';
import styles from './watch.module.css';

interface TimelineProps {
  position: PlayerPosition;
  ended: boolean;
  /** Seconds behind what happens now. */
  onSeek: (behind: number) => void;
}

export interface ControlsProps extends TimelineProps {
  paused: boolean;
  muted: boolean;
  /** 0 to 1. */
  volume: number;
  fullscreen: { supported: boolean; active: boolean; toggle: () => void };
  onPlaying: () => void;
  onSound: () => void;
  onVolume: (volume: number) => void;
}

/** Play, sound, back in time, live again, full screen. */
export function WatchControls(props: ControlsProps) {
  const { paused, muted, volume, position, ended, fullscreen, onPlaying, onSound, onVolume, onSeek } = props;
  return (
    <div className={styles.controls}>
      <IconButton
        label={paused ? 'Play' : 'Pause'}
        icon={paused ? Play : Pause}
        look="quiet"
        shortcut="K"
        data-testid="play-pause"
        onClick={onPlaying}
      />
      <div className={styles.sound}>
        <IconButton
          label={muted ? 'Sound on' : 'Sound off'}
          icon={muted ? VolumeX : volume < 0.5 ? Volume1 : Volume2}
          look="quiet"
          shortcut="M"
          data-testid="sound"
          onClick={onSound}
        />
        <input
          type="range"
          className={styles.volume}
          aria-label="Volume"
          aria-valuetext={`${Math.round((muted ? 0 : volume) * 100)} %`}
          min={0}
          max={1}
          step={0.05}
          value={muted ? 0 : volume}
          onChange={({ currentTarget }) => onVolume(Number(currentTarget.value))}
        />
      </div>
      <Timeline position={position} ended={ended} onSeek={onSeek} />
      {fullscreen.supported && (
        <IconButton
          label={fullscreen.active ? 'Leave full screen' : 'Full screen'}
          icon={fullscreen.active ? Minimize : Maximize}
          look="quiet"
          shortcut="F"
          onClick={fullscreen.toggle}
        />
      )}
    </div>
  );
}

/** How far back one is, and a way to go there. */
function Timeline({ position, ended, onSeek }: TimelineProps) {
  const { behind, window } = position;
  const isLive = behind <= LIVE_WITHIN && !ended;
  return (
    <>
      <input
        type="range"
        className={styles.timeline}
        aria-label="Position"
        aria-valuetext={isLive ? 'Live' : `${formatSpan(behind * 1000)} behind`}
        data-testid="timeline"
        min={-Math.max(1, Math.round(window))}
        max={0}
        value={-Math.round(Math.min(isLive ? 0 : behind, window))}
        onChange={({ currentTarget }) => onSeek(-Number(currentTarget.value))}
      />
      {!ended && (
        <button
          type="button"
          className={classes(styles.live, isLive && styles.isLive)}
          data-testid="go-live"
          aria-label={isLive ? 'Live' : `${formatSpan(behind * 1000)} behind. Go to what happens now`}
          title={isLive ? `${behind.toFixed(1)} s behind the meeting` : 'To what happens now'}
          onClick={() => onSeek(0)}
        >
          <span className={styles.dot} aria-hidden />
          {isLive ? 'Live' : `−${formatSpan(behind * 1000)}`}
        </button>
      )}
    </>
  );
}
