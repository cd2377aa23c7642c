import { LoaderCircle } from 'lucide-react';
import styles from './Wait.module.css';

/** Something is on its way. Shown after a moment only, so that what is quick does not flicker. */
export function Wait({ text = 'Loading…' }: { text?: string }) {
  return (
    <p className={styles.wait} role="status">
      <LoaderCircle className={styles.wheel} size={18} aria-hidden />
      {text}
    </p>
  );
}
