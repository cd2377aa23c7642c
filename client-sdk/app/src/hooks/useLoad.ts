import { useCallback, useEffect, useRef, useState } from 'react';

export type Loaded<T> =
  | { at: 'loading' }
  | { at: 'failed'; error: unknown }
  /** `renewal`: it was asked for anew, and did not come: the data are those of before. */
  | { at: 'ready'; data: T; renewal?: { error: unknown } };

/** Keeps what is there where it cannot be had anew. */
export function keptAfter<T>(before: Loaded<T> | undefined, now: Loaded<T>): Loaded<T> {
  if (before?.at !== 'ready' || now.at !== 'failed') return now;
  return { at: 'ready', data: before.data, renewal: { error: now.error } };
}

export interface Loading<T> {
  loaded: Loaded<T>;
  /** Asks anew; what is shown stays until the answer is there. */
  reload: () => void;
}

interface Manner {
  /** What is shown stays, too, when it cannot be had anew: for what is asked for again and again. */
  keeps?: boolean;
}

/** Asks once for what a page shows. `load` must be the same function as long as the question is the same. */
export function useLoad<T>(load: () => Promise<T>, { keeps = false }: Manner = {}): Loading<T> {
  const [answer, setAnswer] = useState<{ load: () => Promise<T>; loaded: Loaded<T> } | null>(null);
  const latest = useRef(0);
  const ask = useCallback(() => {
    const number = (latest.current += 1);
    const settle = (loaded: Loaded<T>) => {
      if (number !== latest.current) return;
      setAnswer((old) => {
        const before = keeps && old?.load === load ? old.loaded : undefined;
        return { load, loaded: keptAfter(before, loaded) };
      });
    };
    load().then(
      (data) => settle({ at: 'ready', data }),
      (error: unknown) => settle({ at: 'failed', error }),
    );
  }, [load, keeps]);
  useEffect(() => {
    ask();
    return () => void (latest.current += 1);
  }, [ask]);
  // The answer to another question is none to this one.
  return { loaded: answer?.load === load ? answer.loaded : { at: 'loading' }, reload: ask };
}
