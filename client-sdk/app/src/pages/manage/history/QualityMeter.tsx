import { qualityGrade } from '../../../lib/quality.ts';
import { classes } from '../../../ui/classes.ts';
import styles from './history.module.css';

/** A coloured bar and a word; the word says all that the colour does. `quality` is 0 to 10, null when nothing was sent. */
export function QualityMeter({ quality }: { quality: number | null }) {
  if (quality === null) return <span className={styles.noQuality}>Sent nothing</span>;
  const { grade, words } = qualityGrade(quality);
  return (
    <span className={styles.quality} title={`${quality.toFixed(1)} of 10`}>
      <span className={styles.meter} aria-hidden="true">
        <span className={classes(styles.level, styles[grade])} style={{ width: `${quality * 10}%` }} />
      </span>
      {words}
    </span>
  );
}
