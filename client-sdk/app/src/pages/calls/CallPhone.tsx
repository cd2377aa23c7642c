import { prepareCall } from '@parley/client-sdk';
import { Bell, Phone } from 'lucide-react';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { dialErrorText } from '../../lib/callTexts.ts';
import { readDialInput } from '../../lib/phoneNumbers.ts';
import { goToRoom } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import styles from './CallPhone.module.css';
import { NOTIFICATIONS_KNOWN } from './ringNotification.ts';

/** Calls a phone from outside of meetings, for those who are signed in. */
export function CallPhone() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button data-testid="call-phone" onClick={() => setOpen(true)}>
        <Phone size={18} aria-hidden /> Call a phone
      </Button>
      {open && (
        <Dialog title="Call a phone" onClose={() => setOpen(false)}>
          <CallForm />
          <RingHere />
        </Dialog>
      )}
    </>
  );
}

function CallForm() {
  const [number, setNumber] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isGivenUp = useGivenUp();
  const call = async (target: string) => {
    setBusy(true);
    setError(null);
    try {
      const { room, token } = await prepareCall(location.origin, target);
      if (!isGivenUp.current) goToRoom(room, { token, call: target });
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    const input = readDialInput(number);
    if ('problem' in input) setProblem(input.problem);
    else if (!busy) void call(input.target);
  };
  return (
    <form className={styles.form} noValidate onSubmit={handleSubmit}>
      <TextField
        label="Number or SIP address"
        placeholder="+49 30 123456"
        type="tel"
        inputMode="tel"
        autoComplete="off"
        data-autofocus
        maxLength={255}
        value={number}
        error={problem}
        data-testid="call-number"
        onChange={(event) => {
          setNumber(event.target.value);
          setProblem(null);
          setError(null);
        }}
      />
      <p className={styles.hint}>You speak by this computer. Others can be called in while you speak.</p>
      {error !== null && <Notice text={dialErrorText(error)} testId="call-error" />}
      <Button type="submit" look="primary" disabled={busy} data-testid="call-now">
        <Phone size={18} aria-hidden /> {busy ? 'Calling…' : 'Call'}
      </Button>
    </form>
  );
}

/** Whether the form was closed: then nobody wants the call any more. */
function useGivenUp() {
  const isGivenUp = useRef(false);
  useEffect(() => {
    isGivenUp.current = false;
    return () => void (isGivenUp.current = true);
  }, []);
  return isGivenUp;
}

const REFUSED =
  'This browser does not show notifications of this page. Calls ring while the page is open; to see them elsewhere, allow notifications in the settings of the page.';

/** Calls that come in ring in open pages; whether they are shown beside the browser, too, people decide. */
function RingHere() {
  const [permission, setPermission] = useState(NOTIFICATIONS_KNOWN ? Notification.permission : 'denied');
  return (
    <section className={styles.ring} aria-label="Incoming calls">
      {permission === 'default' ? (
        <>
          <p className={styles.hint}>Calls to you ring in the pages of Parley that are open.</p>
          <Button
            data-testid="allow-notifications"
            onClick={() => void Notification.requestPermission().then(setPermission)}
          >
            <Bell size={18} aria-hidden /> Notify me of calls, too
          </Button>
        </>
      ) : (
        <p className={styles.hint}>
          {permission === 'granted' ? 'Calls to you ring here, with a notification.' : REFUSED}
        </p>
      )}
    </section>
  );
}
