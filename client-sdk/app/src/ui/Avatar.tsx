import type { CSSProperties } from 'react';
import { hueOf, initialsOf } from '../lib/initials.ts';
import styles from './Avatar.module.css';

interface Props {
  displayName: string;
  identity: string;
  /** Diameter in CSS pixels. */
  size: number;
}

export function Avatar({ displayName, identity, size }: Props) {
  const style: CSSProperties & Record<'--hue', number> = {
    '--hue': hueOf(identity),
    width: size,
    height: size,
    fontSize: size * 0.38,
  };
  return (
    <span className={styles.avatar} style={style} aria-hidden="true">
      {initialsOf(displayName)}
    </span>
  );
}
