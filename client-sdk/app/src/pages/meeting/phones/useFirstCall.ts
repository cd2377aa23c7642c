import type { Room } from '@parley/client-sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { dialErrorText } from '../../../lib/callTexts.ts';
import type { Panels } from '../usePanels.ts';

interface Wish {
  dial: string | undefined;
  panels: Pick<Panels, 'toggle'>;
  notify: (text: string) => void;
}

/** A call that could not be made. */
export interface FailedCall {
  number: string;
  error: unknown;
}

export interface FirstCall {
  /** What is to be put right in the form; null where there is nothing. */
  failed: FailedCall | null;
  /** It was put right. */
  forget: () => void;
}

/** Calls the number for which one came, once, and shows how that goes. */
export function useFirstCall(room: Room, { dial, panels: { toggle }, notify }: Wish): FirstCall {
  const done = useRef(false);
  const [failed, setFailed] = useState<FailedCall | null>(null);
  useEffect(() => {
    if (dial === undefined || done.current) return;
    done.current = true;
    toggle('phones');
    room.calls.dial(dial).catch((error: unknown) => {
      setFailed({ number: dial, error });
      const { title, text } = dialErrorText(error);
      notify(`${title}. ${text}`);
    });
  }, [room, dial, toggle, notify]);
  return { failed, forget: useCallback(() => setFailed(null), []) };
}
