import { Check, Copy } from 'lucide-react';
import { useCopy } from '../hooks/useCopy.ts';
import { Button } from './Button.tsx';
import styles from './InviteLink.module.css';

interface Props {
  label: string;
  url: string;
  testId: string;
}

/** A link, and a button that copies it. */
export function CopyRow({ label, url, testId }: Props) {
  const { copied, copy } = useCopy();
  return (
    <div className={styles.invite}>
      <span className={styles.label}>{label}</span>
      <div className={styles.row}>
        <span className={styles.url} data-testid={testId} data-url={url}>
          {url.replace(/^https?:\/\//, '')}
        </span>
        <Button look="quiet" className={styles.copy} onClick={() => void copy(url)}>
          {copied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />}
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
    </div>
  );
}
