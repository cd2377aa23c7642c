import { classes } from '../../../ui/classes.ts';
import styles from './FileName.module.css';

interface Props {
  name: string;
  className?: string | undefined;
}

/** A name of which the end is always seen: it says what kind of file it is. */
export function FileName({ name, className }: Props) {
  const cut = Math.max(0, name.length - END_LENGTH);
  return (
    <span className={classes(styles.name, className)} title={name}>
      <span className={styles.start}>{name.slice(0, cut)}</span>
      <span className={styles.end}>{name.slice(cut)}</span>
    </span>
  );
}

/** Characters of the end: an extension, and some before it. */
const END_LENGTH = 9;
