import { ArrowLeft } from 'lucide-react';
import type { ComponentProps } from 'react';
import { AppLink } from './AppLink.tsx';
import styles from './BackLink.module.css';

/** The way up from a page, above its heading. */
export function BackLink({ children, ...rest }: Omit<ComponentProps<typeof AppLink>, 'className'>) {
  return (
    <AppLink {...rest} className={styles.back}>
      <ArrowLeft size={16} aria-hidden /> {children}
    </AppLink>
  );
}
