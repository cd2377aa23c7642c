import { LoaderCircle } from 'lucide-react';
import styles from './Wait.module.css';

interface Props {
  text?: string;
  /** How much is done, from 0 to 1, where that is known. */
  progress?: number | null;
}

/** Something is on its way. Shown after a moment only, so that what is quick does not flicker. */
export function Wait({ text = 'Loading…', progress = null }: Props) {
  return (
    <div className={styles.wait}>
      <p className={styles.words} role="status">
        <LoaderCircle className={styles.wheel} size={18} aria-hidden />
        {text}
      </p>
      {progress !== null && <progress className={styles.progress} value={progress} aria-label={text} />}
    </div>
  );
}
