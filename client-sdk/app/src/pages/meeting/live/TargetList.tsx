import type { LiveTarget } from '@parley/client-sdk';
import { useLive } from '@parley/client-sdk/react';
import { Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { addBitrate, formatBitrate, sparkline, type Bitrates } from '../../../lib/bitrates.ts';
import { count } from '../../../lib/moments.ts';
import { targetWords } from '../../../lib/recordingTexts.ts';
import { classes } from '../../../ui/classes.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { IconButton } from '../../../ui/IconButton.tsx';
import { useAct } from '../useAct.ts';
import styles from './live.module.css';

/** The services that the stream is sent to, and how that goes. */
export function TargetList({ targets }: { targets: readonly LiveTarget[] }) {
  if (targets.length === 0) return <p className={styles.hint}>No streaming service.</p>;
  return (
    <ul className={styles.targets}>
      {targets.map((target) => (
        <TargetRow key={target.targetId} target={target} />
      ))}
    </ul>
  );
}

function TargetRow({ target }: { target: LiveTarget }) {
  const { targetId, label, state, bitrate, droppedFrames, message } = target;
  const live = useLive();
  const act = useAct();
  const [removing, setRemoving] = useState(false);
  return (
    <li className={styles.row} data-testid="live-target" data-state={state}>
      <div className={styles.rowHead}>
        <span className={styles.label} title={label}>
          {label}
        </span>
        <IconButton
          label={`Stop sending to ${label}`}
          icon={Trash2}
          look="quiet"
          data-testid="remove-target"
          onClick={() => setRemoving(true)}
        />
      </div>
      <div className={styles.rowState}>
        <span className={classes(styles.state, styles[state])} role="status">
          {state === 'connecting' && message !== '' ? 'Not reached yet; trying again…' : targetWords(state)}
        </span>
        {state === 'live' && <Throughput bitrate={bitrate} />}
      </div>
      {state === 'live' && droppedFrames > 0 && (
        <p className={styles.hint}>
          {count(droppedFrames, 'picture', 'pictures')} left out: the way there is too slow.
        </p>
      )}
      {message !== '' && state !== 'live' && (
        <p className={styles.problem} data-testid="target-problem">
          {message}
        </p>
      )}
      {removing && (
        <ConfirmDialog
          title="Send no more to this service?"
          text={`${label} gets no picture any more. To send there again you need its key.`}
          choices={[
            {
              label: 'Take it away',
              look: 'danger',
              testId: 'confirm-remove-target',
              onChoose: () => act(live.removeTarget(targetId)),
            },
          ]}
          onClose={() => setRemoving(false)}
        />
      )}
    </li>
  );
}

const SAMPLE_MS = 2000;

/** What goes out now, and how it was in the last minute. */
function Throughput({ bitrate }: { bitrate: number }) {
  const [bitrates, setBitrates] = useState<Bitrates>([bitrate]);
  const latest = useRef(bitrate);
  useEffect(() => {
    latest.current = bitrate;
  });
  useEffect(() => {
    const timer = setInterval(() => setBitrates((before) => addBitrate(before, latest.current)), SAMPLE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className={styles.throughput}>
      <svg className={styles.spark} viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
        <polyline points={sparkline(bitrates)} />
      </svg>
      <span className={styles.bitrate}>{formatBitrate(bitrate)}</span>
    </span>
  );
}
