import type { RingingCall } from '@parley/client-sdk';
import { PhoneMissed, X } from 'lucide-react';
import { otherEnd } from '../../lib/callTexts.ts';
import { formatClock } from '../../lib/moments.ts';
import { classes } from '../../ui/classes.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import styles from './CallBell.module.css';
import { RingDialog } from './RingDialog.tsx';
import { useBell } from './useBell.ts';

interface Props {
  /** Kind of the page that is shown. */
  page: string;
}

/** Over every page: calls that ring for whoever is signed in, and those that they missed. */
export function CallBell({ page }: Props) {
  const { bell, stop, putAside } = useBell(page);
  const isMeeting = page === 'room';
  // What was missed waits while something rings: both have the same place.
  if (bell.ringing.length > 0) return <RingDialog calls={bell.ringing} leaves={isMeeting} onTaken={stop} />;
  if (bell.missed.length === 0) return null;
  return (
    <div className={classes(styles.bell, isMeeting && 'dark')}>
      {bell.missed.map((call) => (
        <Missed key={call.callId} call={call} onClose={() => putAside(call.callId)} />
      ))}
    </div>
  );
}

function Missed({ call, onClose }: { call: RingingCall; onClose: () => void }) {
  const { name, number } = otherEnd(call);
  return (
    <section className={styles.card} role="status" data-testid="missed-call">
      <span className={classes(styles.icon, styles.missed)}>
        <PhoneMissed size={22} aria-hidden />
      </span>
      <div className={styles.text}>
        <span className={styles.words}>Missed call, {formatClock(call.startedAt)}</span>
        <span className={styles.name}>{name}</span>
        {number !== '' && <span className={styles.words}>{number}</span>}
      </div>
      <IconButton label="Put aside" icon={X} look="quiet" onClick={onClose} />
    </section>
  );
}
