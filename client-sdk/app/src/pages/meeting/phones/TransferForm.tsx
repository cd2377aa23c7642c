import type { PhoneCall } from '@parley/client-sdk';
import { useCalls } from '@parley/client-sdk/react';
import { PhoneForwarded } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { isAnswered, otherEnd, transferErrorText } from '../../../lib/callTexts.ts';
import { readDialInput } from '../../../lib/phoneNumbers.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import styles from './phones.module.css';

type Where = { target: string } | { callId: string };

function useTransfer(callId: string, onDone: () => void) {
  const calls = useCalls();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const transfer = async (to: Where) => {
    setBusy(true);
    setError(null);
    try {
      await calls.transfer(callId, to);
      onDone();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return { busy, error, transfer: (to: Where) => void transfer(to), forget: () => setError(null) };
}

interface Props {
  callId: string;
  name: string;
  /** It is under way; what becomes of it stands with the call. */
  onDone: () => void;
}

/** To whom a call is handed over: a number, or the other end of another call, to which it is connected. */
export function TransferForm({ callId, name, onDone }: Props) {
  const others = useCalls().list.filter((call) => call.callId !== callId && isAnswered(call.state));
  const { busy, error, transfer, forget } = useTransfer(callId, onDone);
  const [number, setNumber] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    const input = readDialInput(number);
    if ('problem' in input) return setProblem(input.problem);
    if (!busy) transfer({ target: input.target });
  };
  return (
    <form className={styles.form} noValidate aria-label={`Hand ${name} over`} onSubmit={handleSubmit}>
      <p className={styles.hint}>This phone calls somebody else, and leaves the meeting.</p>
      <TextField
        label="Number or SIP address"
        placeholder="+49 30 123456"
        type="tel"
        inputMode="tel"
        autoComplete="off"
        maxLength={255}
        autoFocus
        data-autofocus
        value={number}
        error={problem}
        data-testid="transfer-number"
        onChange={(event) => {
          setNumber(event.target.value);
          setProblem(null);
          forget();
        }}
      />
      {error !== null && <Notice text={transferErrorText(error)} testId="transfer-error" />}
      <div className={styles.choices}>
        <Button type="submit" look="primary" disabled={busy} data-testid="transfer">
          <PhoneForwarded size={18} aria-hidden /> Hand over
        </Button>
        {others.map((other) => (
          <Connect key={other.callId} other={other} busy={busy} onChoose={transfer} />
        ))}
      </div>
    </form>
  );
}

interface ConnectProps {
  other: PhoneCall;
  busy: boolean;
  onChoose: (to: Where) => void;
}

function Connect({ other, busy, onChoose }: ConnectProps) {
  return (
    <Button disabled={busy} data-testid="connect-with" onClick={() => onChoose({ callId: other.callId })}>
      Connect with {otherEnd(other).name}
    </Button>
  );
}
