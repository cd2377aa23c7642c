import type { Participant } from '@parley/client-sdk';
import { useRoom } from '@parley/client-sdk/react';
import { useEffect, useRef, useState } from 'react';
import styles from './FloatingReactions.module.css';

interface Shown {
  key: number;
  emoji: string;
  name: string;
  /** Where it rises, percent of the width. */
  left: number;
}

const LIFETIME_MS = 4000;
const MOST = 12;

/** Emojis that rise over the stage for a moment. */
export function FloatingReactions() {
  const room = useRoom();
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const count = useRef(0);
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const handleReaction = (emoji: string, { displayName }: Participant) => {
      const key = (count.current += 1);
      // Beside one another, whoever comes next to the last.
      const left = 12 + ((key * 37) % 76);
      setShown((old) => [...old, { key, emoji, name: displayName, left }].slice(-MOST));
      const timer = setTimeout(() => {
        timers.delete(timer);
        setShown((old) => old.filter((one) => one.key !== key));
      }, LIFETIME_MS);
      timers.add(timer);
    };
    room.on('reaction', handleReaction);
    return () => {
      room.off('reaction', handleReaction);
      timers.forEach(clearTimeout);
    };
  }, [room]);
  return (
    <div className={styles.sky} aria-live="polite">
      {shown.map(({ key, emoji, name, left }) => (
        <span key={key} className={styles.reaction} style={{ left: `${left}%` }} data-testid="reaction">
          <span className={styles.emoji}>{emoji}</span>
          <span className={styles.name}>{name}</span>
        </span>
      ))}
    </div>
  );
}
