import { useCallback, useEffect, useRef, useState } from 'react';

export type Loaded<T> = { at: 'loading' } | { at: 'failed'; error: unknown } | { at: 'ready'; data: T };

export interface Loading<T> {
  loaded: Loaded<T>;
  /** Asks anew; what is shown stays until the answer is there. */
  reload: () => void;
}

/** Asks once for what a page shows. `load` must be the same function as long as the question is the same. */
export function useLoad<T>(load: () => Promise<T>): Loading<T> {
  const [answer, setAnswer] = useState<{ load: () => Promise<T>; loaded: Loaded<T> } | null>(null);
  const latest = useRef(0);
  const ask = useCallback(() => {
    const number = (latest.current += 1);
    const settle = (loaded: Loaded<T>) => {
      if (number === latest.current) setAnswer({ load, loaded });
    };
    load().then(
      (data) => settle({ at: 'ready', data }),
      (error: unknown) => settle({ at: 'failed', error }),
    );
  }, [load]);
  useEffect(() => {
    ask();
    return () => void (latest.current += 1);
  }, [ask]);
  // The answer to another question is none to this one.
  return { loaded: answer?.load === load ? answer.loaded : { at: 'loading' }, reload: ask };
}
