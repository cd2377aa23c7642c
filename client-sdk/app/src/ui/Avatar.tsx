import { Phone } from 'lucide-react';
import type { CSSProperties } from 'react';
import { hueOf, initialsOf } from '@parley/client-sdk';
import styles from './Avatar.module.css';

/** Callers without a name are called by their number, of which not all may be seen. */
const NUMBER = /^\+?[\d\s•]{3,}$/;

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
      {NUMBER.test(displayName) ? <Phone size={size * 0.42} strokeWidth={1.6} /> : initialsOf(displayName)}
    </span>
  );
}
