import { CircleCheck, Play, VolumeX } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { Wait } from '../../ui/Wait.tsx';
import type { PlayerState } from './LivePlayer.ts';
import styles from './watch.module.css';

interface Props {
  state: PlayerState;
  isOver: boolean;
  /** Plays without sound, as the browser wanted it. */
  silent: boolean;
  onPlay: () => void;
  onSound: () => void;
}

/** What lies over the picture: that there is none yet, that it is over, or that something has to be pressed. */
export function WatchCover({ state, isOver, silent, onPlay, onSound }: Props) {
  if (isOver)
    return (
      <div className={styles.cover} data-testid="watch-over">
        <CircleCheck size={40} strokeWidth={1.6} aria-hidden />
        <p className={styles.coverTitle}>The stream is over</p>
        <p>Thank you for watching. You may close this page.</p>
      </div>
    );
  switch (state.at) {
    case 'loading':
      return (
        <div className={styles.cover}>
          <Wait text="The picture is coming…" />
        </div>
      );
    case 'blocked':
      return (
        <div className={styles.cover}>
          <Button look="primary" size="large" onClick={onPlay}>
            <Play size={20} aria-hidden /> Watch
          </Button>
        </div>
      );
    case 'unsupported':
      return (
        <div className={styles.cover}>
          <p className={styles.coverTitle}>This browser cannot play live streams</p>
          <p>Open this page in a current Firefox, Chrome, Edge or Safari.</p>
        </div>
      );
    case 'unloaded':
      return (
        <div className={styles.cover} data-testid="watch-unloaded">
          <p className={styles.coverTitle}>The player could not be loaded</p>
          <p>The network was gone for a moment, or the server was renewed. Load the page again.</p>
          <Button look="primary" onClick={() => location.reload()}>
            Load again
          </Button>
        </div>
      );
    case 'playing':
      return silent ? (
        <button type="button" className={styles.soundOn} data-testid="sound-on" onClick={onSound}>
          <VolumeX size={18} aria-hidden /> Turn the sound on
        </button>
      ) : null;
    case 'ended':
      return null;
  }
}
