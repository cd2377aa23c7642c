import type { CSSProperties } from 'react';
import styles from './SpeakingBars.module.css';

/** Three bars as high as somebody is loud; dots while they are silent. `level` is 0 to 1. */
export function SpeakingBars({ level }: { level: number }) {
  const style: CSSProperties & Record<'--level', number> = { '--level': level };
  return (
    <span className={styles.bars} style={style} aria-hidden="true">
      <span />
      <span />
      <span />
    </span>
  );
}
