import { useCallback, useEffect, useRef, useState } from 'react';

export interface Toast {
  toastId: number;
  text: string;
}

const LIFETIME_MS = 4_500;
/** Who reads slowly gets to the end of a long one as well. */
const LETTER_MS = 75;
const MOST = 3;

export interface Toasts {
  toasts: readonly Toast[];
  /** Shows a line for some seconds. */
  notify: (text: string) => void;
}

/** Short-lived lines; the newest few are shown. */
export function useToasts(): Toasts {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const count = useRef(0);

  useEffect(() => {
    const pending = timers.current;
    return () => pending.forEach(clearTimeout);
  }, []);

  const notify = useCallback((text: string) => {
    const toastId = (count.current += 1);
    setToasts((old) => [...old, { toastId, text }].slice(-MOST));
    const timer = setTimeout(
      () => {
        timers.current.delete(timer);
        setToasts((old) => old.filter((toast) => toast.toastId !== toastId));
      },
      Math.max(LIFETIME_MS, text.length * LETTER_MS),
    );
    timers.current.add(timer);
  }, []);
  return { toasts, notify };
}
