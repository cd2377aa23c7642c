import type { Page, PageRequest } from '@parley/client-sdk';
import { useCallback, useState } from 'react';
import { useLoad, type Loaded } from './useLoad.ts';

export interface Pages<T> {
  loaded: Loaded<T[]>;
  /** undefined when all is there. */
  more: (() => Promise<void>) | undefined;
  reload: () => void;
}

interface Further<T> {
  first: Page<T>;
  items: T[];
  nextCursor: string | null;
}

interface Manner {
  /** As of `useLoad`. */
  keeps?: boolean;
}

/** A list that comes in pages. `load` must be the same function as long as the question is the same. */
export function usePages<T>(
  load: (page: PageRequest) => Promise<Page<T>>,
  { keeps = false }: Manner = {},
): Pages<T> {
  const loadFirst = useCallback(() => load({}), [load]);
  const { loaded, reload } = useLoad(loadFirst, { keeps });
  const [further, setFurther] = useState<Further<T> | null>(null);
  if (loaded.at !== 'ready') return { loaded, more: undefined, reload };
  const first = loaded.data;
  // Once the first page was loaded anew, the others go on from it where it ends as before.
  const goesOn = further !== null && further.first.nextCursor === first.nextCursor;
  const rest = goesOn ? further : { first, items: [], nextCursor: first.nextCursor };
  const cursor = rest.nextCursor;
  const more = async () => {
    if (cursor === null) return;
    const page = await load({ cursor });
    setFurther({ first, items: [...rest.items, ...page.items], nextCursor: page.nextCursor });
  };
  return {
    loaded: { ...loaded, data: [...first.items, ...rest.items] },
    more: cursor === null ? undefined : more,
    reload,
  };
}
