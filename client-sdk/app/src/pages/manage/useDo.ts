import { useState } from 'react';
import { useAct } from '../meeting/useAct.ts';

/** Does one thing at a time, says why when it does not work, and tells while it is under way. */
export function useDo(): { busy: boolean; run: (task: () => Promise<unknown>) => void } {
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const run = (task: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    act(task().finally(() => setBusy(false)));
  };
  return { busy, run };
}
