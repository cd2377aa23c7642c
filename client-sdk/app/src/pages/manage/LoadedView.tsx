import type { ReactNode } from 'react';
import type { Loaded } from '../../hooks/useLoad.ts';
import type { Pages } from '../../hooks/usePages.ts';
import { manageErrorText } from '../../lib/manageErrorTexts.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Wait } from '../../ui/Wait.tsx';
import { useAct } from '../meeting/useAct.ts';

interface Props<T> {
  loaded: Loaded<T>;
  reload: () => void;
  children: (data: T) => ReactNode;
}

/** What was asked for; until then that it is on its way, or why it is not. */
export function LoadedView<T>({ loaded, reload, children }: Props<T>) {
  switch (loaded.at) {
    case 'loading':
      return <Wait />;
    case 'failed':
      return (
        <Notice text={manageErrorText(loaded.error)}>
          <Button onClick={reload}>Try again</Button>
        </Notice>
      );
    case 'ready':
      return (
        <>
          {loaded.renewal && (
            <Notice
              tone="warning"
              testId="not-renewed"
              text={{
                title: 'This could not be renewed',
                text: `It stands here as it was before. ${manageErrorText(loaded.renewal.error).text}`,
              }}
            />
          )}
          {children(loaded.data)}
        </>
      );
  }
}

interface PagesProps<T> {
  pages: Pages<T>;
  /** Instead of the list when there is nothing in it. */
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}

/** A list that comes in pages, with a button for the next one. */
export function PagesView<T>({ pages, empty, children }: PagesProps<T>) {
  const act = useAct();
  const { more } = pages;
  return (
    <LoadedView loaded={pages.loaded} reload={pages.reload}>
      {(items) => (
        <>
          {items.length === 0 ? empty : children(items)}
          {more && <Button onClick={() => act(more())}>Show more</Button>}
        </>
      )}
    </LoadedView>
  );
}
