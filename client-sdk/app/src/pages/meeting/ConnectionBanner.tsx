import { useConnectionState } from '@parley/client-sdk/react';
import { LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import styles from './ConnectionBanner.module.css';

/** Longer than this, the words change: it is no longer a blink. */
const LONG_MS = 8_000;

/** Says that the connection is being brought back, and what that means meanwhile. */
export function ConnectionBanner() {
  const reconnecting = useConnectionState() === 'reconnecting';
  return reconnecting ? <Banner /> : null;
}

function Banner() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.banner} role="status" data-testid="reconnecting">
      <LoaderCircle size={18} className={styles.spinner} aria-hidden />
      {long
        ? 'Still reconnecting. Check your network; you stay in the meeting meanwhile.'
        : 'Connection lost. Reconnecting…'}
    </div>
  );
}
