import { answerCall, declineCall, ParleyError, type RingingCall } from '@parley/client-sdk';
import { Phone, PhoneIncoming, PhoneOff } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { otherEnd } from '../../lib/callTexts.ts';
import { goToRoom } from '../../routing/useRoute.ts';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './CallBell.module.css';
import { keptFocus } from './keptFocus.ts';

interface Props {
  calls: readonly RingingCall[];
  /** To answer means to leave a meeting. */
  leaves: boolean;
  onTaken: (callId: string) => void;
}

/** A key that goes down so soon was meant for what is below, ms. */
const TOO_SOON_MS = 1000;

/**
 * Calls that ring, above whatever dialog is open, which keeps what was typed. Esc and a click beside them let them ring on, and
 * give the page back; the next call comes to the front again. In a meeting they ring aside from the beginning, unless a dialog
 * would cover them: who speaks there keeps the keys of the microphone.
 */
export function RingDialog({ calls, leaves, onTaken }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const newest = calls.at(-1)?.callId;
  const giveBack = useFront(dialog, newest, leaves);
  const handleLate = useLateKeys(newest);
  const letRing = () => {
    dialog.current?.close();
    // Seen, yet not open: an open dialog would take the focus, and Esc from the one below.
    dialog.current?.setAttribute('data-aside', '');
    giveBack();
  };
  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      className={classes(styles.bell, styles.front, leaves && 'dark')}
      aria-labelledby={`${titleId}-${newest ?? ''}-name`}
      aria-describedby={`${titleId}-${newest ?? ''}-words`}
      // Esc lets the call ring on, and closes nothing.
      closedby="none"
      onCancel={(event) => {
        event.preventDefault();
        letRing();
      }}
      // Browsers that do not know that let no page refuse for good to close one.
      onClose={({ currentTarget }) => {
        if (!currentTarget.open) currentTarget.setAttribute('data-aside', '');
      }}
      onClick={(event) => {
        // Only the backdrop is the dialog itself.
        if (event.target === event.currentTarget && event.currentTarget.matches(':modal')) letRing();
      }}
      onKeyUp={handleLate}
      onKeyDown={(event) => {
        handleLate(event);
        if (event.key !== 'Escape' || !event.currentTarget.matches(':modal')) return;
        event.preventDefault();
        letRing();
      }}
    >
      {calls.map((call) => (
        <Ringing
          key={call.callId}
          id={`${titleId}-${call.callId}`}
          call={call}
          leaves={leaves}
          onTaken={() => onTaken(call.callId)}
        />
      ))}
    </dialog>
  );
}

/**
 * Brings the dialog to the front with each new call; `keepsAside`: only where another dialog is there. Gives what puts the focus
 * back, which is done once all are over, too.
 */
function useFront(
  dialog: { readonly current: HTMLDialogElement | null },
  newest: string | undefined,
  keepsAside: boolean,
) {
  const back = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null || newest === undefined) return;
    // Once it is in front it stays there.
    if (keepsAside && !isCovered(element) && !element.matches(':modal')) {
      element.setAttribute('data-aside', '');
      return;
    }
    if (!element.matches(':modal')) back.current = keptFocus();
    // Above what was opened since, too.
    element.close();
    element.removeAttribute('data-aside');
    element.showModal();
    const answers = element.querySelectorAll<HTMLElement>('[data-testid="answer-call"]');
    answers.item(answers.length - 1).focus();
  }, [dialog, newest, keepsAside]);
  useLayoutEffect(() => {
    const element = dialog.current;
    // Before the element goes: afterwards it gives no focus back.
    return () => {
      const isFront = element?.matches(':modal') === true;
      element?.close();
      if (isFront) back.current();
    };
  }, [dialog]);
  return () => back.current();
}

/** Whether another dialog, or what fills the screen, hides an element. */
const isCovered = (element: Element): boolean =>
  [...document.querySelectorAll(':modal')].some((one) => !one.contains(element));

/** Whoever was typing as it began to ring has not answered by the next space or line end. */
function useLateKeys(newest: string | undefined) {
  const since = useRef(0);
  useEffect(() => {
    since.current = performance.now();
  }, [newest]);
  return (event: KeyboardEvent) => {
    const isPress = event.key === 'Enter' || event.key === ' ';
    if (isPress && (event.repeat || performance.now() - since.current < TOO_SOON_MS)) event.preventDefault();
  };
}

interface RingingProps {
  id: string;
  call: RingingCall;
  leaves: boolean;
  onTaken: () => void;
}

function Ringing({ id, call, leaves, onTaken }: RingingProps) {
  const { callId } = call;
  const { name, number } = otherEnd(call);
  const { busy, problem, run } = useTask(onTaken);
  const answer = () =>
    run(async () => {
      const { room, token } = await answerCall(location.origin, callId);
      onTaken();
      goToRoom(room, { token, call: '' });
    });
  const decline = () =>
    run(async () => {
      await declineCall(location.origin, callId);
      onTaken();
    });
  return (
    <section className={styles.card} aria-labelledby={`${id}-name`} data-testid="ringing">
      <span className={styles.icon}>
        <PhoneIncoming size={22} aria-hidden />
      </span>
      <div className={styles.text}>
        {/* Where it takes no focus it is told all the same. */}
        <span className={styles.words} id={`${id}-words`} role={leaves ? 'status' : undefined}>
          Incoming call{number !== '' && ` from ${number}`}
          {leaves && <span className={styles.more}>Answering leaves this meeting.</span>}
        </span>
        <span className={styles.name} id={`${id}-name`}>
          {name}
        </span>
        {problem !== null && <span role="alert">{problem}</span>}
      </div>
      <div className={styles.actions}>
        <Button look="danger" disabled={busy} data-testid="decline-call" onClick={decline}>
          <PhoneOff size={18} aria-hidden /> Decline
        </Button>
        <Button look="primary" disabled={busy} data-testid="answer-call" onClick={answer}>
          <Phone size={18} aria-hidden /> Answer
        </Button>
      </div>
    </section>
  );
}

/** `onGone`: the call was over before. */
function useTask(onGone: () => void) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = (task: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    task().catch((error: unknown) => {
      if (error instanceof ParleyError && error.code === 'CALL_NOT_FOUND') return onGone();
      setBusy(false);
      setProblem(error instanceof ParleyError ? error.message : 'That did not work. Try again.');
    });
  };
  return { busy, problem, run };
}
