import { useEffect } from 'react';

/** Keeps the screen on while mounted. Browsers drop the lock with the tab's visibility; it is asked for again. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const acquire = async () => {
      if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return;
      try {
        lock = await navigator.wakeLock.request('screen');
        if (ended) await lock.release();
      } catch {
        // Refused, as on a low battery: the meeting goes on without it.
      }
    };
    const handleVisibility = () => void acquire();
    void acquire();
    document.addEventListener('visibilitychange', handleVisibility);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', handleVisibility);
      void lock?.release().catch(() => undefined);
    };
  }, []);
}
