import { useRoomState } from '@parley/client-sdk/react';
import { Phone, UserRoundPlus } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { dialErrorText } from '../../../lib/callTexts.ts';
import { problemWithKeys, readDialInput } from '../../../lib/phoneNumbers.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Select } from '../../../ui/Select.tsx';
import { MAX_DISPLAY_NAME } from '../../prejoin/joinChoices.ts';
import styles from './phones.module.css';
import type { FailedCall } from './useFirstCall.ts';

type Whose = 'other' | 'own';
interface Wish {
  number: string;
  name: string;
  keys: string;
  whose: Whose;
}
const EMPTY: Wish = { number: '', name: '', keys: '', whose: 'other' };
const WHOSE = [
  { value: 'other', label: 'Bring somebody in' },
  { value: 'own', label: 'My phone, for my sound' },
];

function useDialling(failed: FailedCall | null) {
  const room = useRoomState();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(failed?.error ?? null);
  const dial = async (target: string, { name, keys, whose }: Wish): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      await room.calls.dial(target, {
        ...(name.trim() !== '' && whose === 'other' && { displayName: name.trim() }),
        ...(keys !== '' && { digits: keys }),
        ...(whose === 'own' && { participantId: room.localParticipant.participantId }),
      });
      return true;
    } catch (reason) {
      setError(reason);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, dial, forget: () => setError(null) };
}

interface Props {
  /** To be put right; null for a form with nothing in it. */
  failed: FailedCall | null;
  onCalled: () => void;
}

/** Whom to call: somebody who is to come in, or one’s own phone. */
export function DialForm({ failed, onCalled }: Props) {
  const { localParticipant } = useRoomState();
  const [wish, setWish] = useState({ ...EMPTY, number: failed?.number ?? '' });
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, error, dial, forget } = useDialling(failed);
  const speaksByPhone = localParticipant.phone !== undefined;
  const whose = speaksByPhone ? 'other' : wish.whose;
  const set = (change: Partial<Wish>) => {
    setWish({ ...wish, ...change });
    setProblem(null);
    forget();
  };
  const handleSubmit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const input = readDialInput(wish.number);
    if ('problem' in input) return setProblem(input.problem);
    if (busy || problemWithKeys(wish.keys) !== null) return;
    if (!(await dial(input.target, { ...wish, whose }))) return;
    setWish(EMPTY);
    onCalled();
  };
  return (
    <form className={styles.form} noValidate onSubmit={(event) => void handleSubmit(event)}>
      {!speaksByPhone && (
        <Select
          label="Whom to call"
          icon={whose === 'own' ? Phone : UserRoundPlus}
          value={whose}
          options={WHOSE}
          onChange={(value) => set({ whose: value === 'own' ? 'own' : 'other' })}
        />
      )}
      <TextField
        label={whose === 'own' ? 'Your number' : 'Number or SIP address'}
        placeholder="+49 30 123456"
        type="tel"
        inputMode="tel"
        autoComplete={whose === 'own' ? 'tel' : 'off'}
        maxLength={255}
        value={wish.number}
        error={problem}
        data-testid="dial-number"
        onChange={(event) => set({ number: event.target.value })}
      />
      {whose === 'own' ? (
        <p className={styles.hint} data-testid="own-phone-hint">
          Your phone rings. When you answer, you speak and hear by it: the microphone and the loudspeaker of
          this computer go off. Camera and screen stay. Hang up to go back.
        </p>
      ) : (
        <Details wish={wish} onChange={set} />
      )}
      {error !== null && <Notice text={dialErrorText(error)} testId="dial-error" />}
      <Button type="submit" look="primary" disabled={busy} data-testid="dial">
        <Phone size={18} aria-hidden /> {whose === 'own' ? 'Call my phone' : 'Call'}
      </Button>
    </form>
  );
}

function Details({ wish, onChange }: { wish: Wish; onChange: (change: Partial<Wish>) => void }) {
  return (
    <>
      <TextField
        label="Name in the meeting (optional)"
        placeholder="As everybody sees it"
        autoComplete="off"
        maxLength={MAX_DISPLAY_NAME}
        value={wish.name}
        data-testid="dial-name"
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <details className={styles.more}>
        <summary>Keys after the answer</summary>
        <TextField
          label="For menus and extensions; a comma waits half a second"
          placeholder=",,1234#"
          inputMode="tel"
          autoComplete="off"
          maxLength={64}
          value={wish.keys}
          error={problemWithKeys(wish.keys)}
          data-testid="dial-keys"
          onChange={(event) => onChange({ keys: event.target.value.toUpperCase() })}
        />
      </details>
    </>
  );
}
