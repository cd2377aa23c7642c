import { useEffect, useRef, type RefObject } from 'react';

/** On a phone not all links to sections fit: the one of the page that is shown does. */
export function useShowCurrent(current: string): RefObject<HTMLElement | null> {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const show = () =>
      list.current
        ?.querySelector('[aria-current]')
        ?.scrollIntoView({ block: 'nearest', inline: 'center', behavior: 'instant' });
    show();
    addEventListener('resize', show);
    return () => removeEventListener('resize', show);
  }, [current]);
  return list;
}
