import { useRoom } from '@parley/client-sdk/react';
import { useEffect, useState, type RefObject } from 'react';

/** A link that ended before it was used is asked for once more. */
const MAX_TRIES = 2;

/** The link to a picture, once its place comes near what is seen. */
export function useFileUrl(
  fileId: string,
  place: RefObject<Element | null>,
): { url: string | undefined; failed: boolean; retry: () => void } {
  const { chat } = useRoom();
  const isNear = useNear(place);
  const [url, setUrl] = useState<string>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isNear || tries >= MAX_TRIES) return undefined;
    let current = true;
    chat.getFileUrl(fileId).then(
      (found) => {
        if (current) setUrl(found);
      },
      () => {
        if (current) setTries(MAX_TRIES);
      },
    );
    return () => {
      current = false;
    };
  }, [chat, fileId, isNear, tries]);
  return { url, failed: tries >= MAX_TRIES, retry: () => setTries((count) => count + 1) };
}

/** Whether it was, or is about to be, in view. */
function useNear(place: RefObject<Element | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: '400px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return isNear;
}
