import { formatDuration } from '../../lib/duration.ts';
import { useServerNow } from './useServerNow.ts';

/** The time that is left, to the second. `endsAt`: milliseconds since the epoch. */
export function Countdown({ endsAt }: { endsAt: number }) {
  const now = useServerNow(true, 500);
  return (
    <time style={{ fontVariantNumeric: 'tabular-nums' }}>{formatDuration(Math.max(0, endsAt - now))}</time>
  );
}
