import { useEffect, useState } from 'react';
import { formatDuration } from '../../lib/duration.ts';

/** The time that is left, to the second. `endsAt`: milliseconds since the epoch. */
export function Countdown({ endsAt }: { endsAt: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <time style={{ fontVariantNumeric: 'tabular-nums' }}>{formatDuration(Math.max(0, endsAt - now))}</time>
  );
}
