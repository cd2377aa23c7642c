import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './IconButton.tsx';
import styles from './SidePanel.module.css';

interface Props {
  title: string;
  count?: number;
  testId: string;
  onClose: () => void;
  children: ReactNode;
}

/** Beside the stage, or a sheet over it on a phone. */
export function SidePanel({ title, count, testId, onClose, children }: Props) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <>
      <div className={styles.backdrop} onClick={onClose} aria-hidden="true" />
      <aside ref={panel} className={styles.panel} aria-label={title} tabIndex={-1} data-testid={testId}>
        <header className={styles.header}>
          <h2 className={styles.title}>
            {title} {count !== undefined && <span className={styles.count}>{count}</span>}
          </h2>
          <IconButton label={`Close ${title.toLowerCase()}`} icon={X} look="quiet" onClick={onClose} />
        </header>
        {children}
      </aside>
    </>
  );
}
