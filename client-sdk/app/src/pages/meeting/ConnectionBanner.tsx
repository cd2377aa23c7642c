import type { ReconnectReason } from '@parley/client-sdk';
import { useConnectionState, useRoom } from '@parley/client-sdk/react';
import { LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import styles from './ConnectionBanner.module.css';

/** Longer than this, the words change: it is no longer a blink. */
const LONG_MS = 8_000;

const WORDS = {
  network: ['Connection lost. Reconnecting…', 'Still reconnecting. Check your network.'],
  restart: [
    'The server is restarting. You will be back in a moment…',
    'The server is still restarting. You will be back as soon as it answers.',
  ],
} as const;

/** Says that the connection is being brought back, and why it has to be. */
export function ConnectionBanner() {
  const room = useRoom();
  const reconnecting = useConnectionState() === 'reconnecting';
  const [why, setWhy] = useState<ReconnectReason>();
  useEffect(() => {
    room.on('reconnecting', setWhy);
    return () => void room.off('reconnecting', setWhy);
  }, [room]);
  return reconnecting ? (
    <Banner words={WORDS[why?.reason === 'serverShutdown' ? 'restart' : 'network']} />
  ) : null;
}

function Banner({ words }: { words: readonly [string, string] }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.banner} role="status" data-testid="reconnecting">
      <LoaderCircle size={18} className={styles.spinner} aria-hidden />
      {words[long ? 1 : 0]}
    </div>
  );
}
