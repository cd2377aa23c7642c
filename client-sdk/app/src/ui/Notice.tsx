import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorText } from '../lib/errorTexts.ts';
import { classes } from './classes.ts';
import styles from './Notice.module.css';

interface Props {
  text: ErrorText;
  tone?: 'warning' | 'danger';
  testId?: string;
  /** What stands behind the words for programs and tests, such as an error code. */
  code?: string;
  /** Buttons that lead on. */
  children?: ReactNode;
}

/** Something went wrong, in words, with a way on. */
export function Notice({ text, tone = 'danger', testId = 'error-panel', code, children }: Props) {
  return (
    <div role="alert" data-testid={testId} data-code={code} className={classes(styles.notice, styles[tone])}>
      <TriangleAlert className={styles.icon} size={20} aria-hidden />
      <div className={styles.body}>
        <p className={styles.title}>{text.title}</p>
        <p className={styles.text}>{text.text}</p>
        {children !== undefined && <div className={styles.actions}>{children}</div>}
      </div>
    </div>
  );
}
