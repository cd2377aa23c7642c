import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

interface Props {
  icon: LucideIcon;
  title: string;
  /** What will stand here, and how it comes about. */
  text: string;
  children?: ReactNode;
}

/** A list with nothing in it yet. */
export function EmptyState({ icon: Icon, title, text, children }: Props) {
  return (
    <div className={styles.empty} data-testid="empty">
      <span className={styles.icon}>
        <Icon size={22} aria-hidden />
      </span>
      <p className={styles.title}>{title}</p>
      <p className={styles.text}>{text}</p>
      {children}
    </div>
  );
}
