import { useEffect } from 'react';

/** Shows `title` in the tab, with the product's name behind it. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Parley' : `${title} · Parley`;
    return () => {
      document.title = 'Parley';
    };
  }, [title]);
}
