import { useEffect, useState } from 'react';

/** The time, renewed `every` so many ms while `running`. */
export function useNow(running: boolean, every = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, every);
    return () => clearInterval(timer);
  }, [running, every]);
  return now;
}
