import { useEffect, useState, type RefObject } from 'react';

const IDLE_MS = 2500;

/** Whether nobody has moved, touched or pressed anything in an element for a while. */
export function useIdle(element: RefObject<HTMLElement | null>): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), IDLE_MS);
    };
    const events = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const event of events) target.addEventListener(event, wake);
    return () => {
      clearTimeout(timer);
      for (const event of events) target.removeEventListener(event, wake);
    };
  }, [element]);
  return idle;
}
