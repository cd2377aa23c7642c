import type { PhoneCall } from '@parley/client-sdk';
import { useCalls, useRoom } from '@parley/client-sdk/react';
import { Grip, PhoneForwarded, PhoneIncoming, PhoneOff, PhoneOutgoing, X } from 'lucide-react';
import { useState } from 'react';
import { callTone, callWords, isAnswered, isOver, maybeMailbox, otherEnd } from '../../../lib/callTexts.ts';
import { formatDuration } from '../../../lib/duration.ts';
import { Button } from '../../../ui/Button.tsx';
import { classes } from '../../../ui/classes.ts';
import { IconButton } from '../../../ui/IconButton.tsx';
import { useAct } from '../useAct.ts';
import { useServerNow } from '../useServerNow.ts';
import { Keypad } from './Keypad.tsx';
import { TransferForm } from './TransferForm.tsx';
import styles from './phones.module.css';

interface Props {
  calls: readonly PhoneCall[];
  over: readonly PhoneCall[];
  onForget: (callId: string) => void;
}

/** Calls that go on, and below them what became of others; nothing where there are none. */
export function CallList({ calls, over, onForget }: Props) {
  const now = useServerNow(calls.length > 0);
  if (calls.length + over.length === 0) return null;
  return (
    <section aria-labelledby="calls-heading">
      <h3 className={styles.heading} id="calls-heading">
        Calls
      </h3>
      <ul className={styles.list} data-testid="calls">
        {[...calls].reverse().map((call) => (
          <CallRow key={call.callId} call={call} now={now} />
        ))}
        {over.map((call) => (
          <OverRow key={call.callId} call={call} onForget={() => onForget(call.callId)} />
        ))}
      </ul>
    </section>
  );
}

function CallRow({ call, now }: { call: PhoneCall; now: number }) {
  const { cancel, isOwn } = useCallActs(call);
  const [open, setOpen] = useState<Part | null>(null);
  const { name } = otherEnd(call);
  const answered = isAnswered(call.state);
  return (
    <li className={styles.call} data-testid="call" data-state={call.state}>
      <div className={styles.row}>
        <Mark call={call} />
        <Text call={call} now={now} />
        <div className={styles.acts}>
          {answered && <Parts name={name} open={open} onOpen={setOpen} />}
          <IconButton
            label={answered ? `Hang up ${name}` : `Cancel the call to ${name}`}
            icon={PhoneOff}
            look="quiet"
            className={styles.hangUp}
            data-testid="hang-up"
            onClick={cancel}
          />
        </div>
      </div>
      {!isOwn && maybeMailbox(call, now) && open === null && (
        <div className={styles.mailbox} data-testid="mailbox">
          <p>Does it sound like a mailbox or a menu? Press keys, or hang up.</p>
          <div className={styles.choices}>
            <Button onClick={() => setOpen('keys')}>Press keys</Button>
            <Button onClick={cancel}>Hang up</Button>
          </div>
        </div>
      )}
      {open === 'keys' && <Keypad callId={call.callId} name={name} />}
      {open === 'transfer' && <TransferForm callId={call.callId} name={name} onDone={() => setOpen(null)} />}
    </li>
  );
}

/** What can be opened below a call. */
type Part = 'keys' | 'transfer';
interface PartsProps {
  name: string;
  open: Part | null;
  onOpen: (part: Part | null) => void;
}

function Parts({ name, open, onOpen }: PartsProps) {
  const toggle = (part: Part, testId: string) => ({
    look: open === part ? ('active' as const) : ('quiet' as const),
    'aria-expanded': open === part,
    'data-testid': testId,
    onClick: () => onOpen(open === part ? null : part),
  });
  return (
    <>
      <IconButton label={`Keypad for ${name}`} icon={Grip} {...toggle('keys', 'keypad-toggle')} />
      <IconButton
        label={`Hand ${name} over`}
        icon={PhoneForwarded}
        {...toggle('transfer', 'transfer-toggle')}
      />
    </>
  );
}

function useCallActs({ callId, participantId }: PhoneCall) {
  const calls = useCalls();
  const { localParticipant } = useRoom();
  const act = useAct();
  return {
    cancel: () => act(calls.cancel(callId)),
    /** One speaks by it, and knows what it says. */
    isOwn: participantId === localParticipant.participantId,
  };
}

function OverRow({ call, onForget }: { call: PhoneCall; onForget: () => void }) {
  return (
    <li className={styles.call} data-testid="call" data-state={call.state}>
      <div className={styles.row}>
        <Mark call={call} />
        <Text call={call} now={0} />
        <IconButton
          label={`Put the call to ${otherEnd(call).name} aside`}
          icon={X}
          look="quiet"
          onClick={onForget}
        />
      </div>
    </li>
  );
}

function Mark({ call: { direction, state } }: { call: PhoneCall }) {
  const Icon = isOver(state) ? PhoneOff : direction === 'in' ? PhoneIncoming : PhoneOutgoing;
  return (
    <span className={classes(styles.mark, styles[callTone(state)])}>
      <Icon size={18} role="img" aria-label={direction === 'in' ? 'Called in' : 'Called from here'} />
    </span>
  );
}

function Text({ call, now }: { call: PhoneCall; now: number }) {
  const { name, number } = otherEnd(call);
  const time =
    call.answeredAt !== null && now > 0 ? ` · ${formatDuration(Math.max(0, now - call.answeredAt))}` : '';
  return (
    <div className={styles.text}>
      <span className={styles.name}>{name}</span>
      {number !== '' && <span className={styles.words}>{number}</span>}
      <span className={styles.words} data-testid="call-words">
        <span aria-live="polite">{callWords(call)}</span>
        {time}
      </span>
    </div>
  );
}
