import { useSyncExternalStore, type RefObject } from 'react';

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
}

export interface Fullscreen {
  supported: boolean;
  active: boolean;
  toggle: () => void;
}

/** Full screen of one element, or of the whole page, so that dialogs and toasts stay visible in it. */
export function useFullscreen(only?: RefObject<HTMLElement | null>): Fullscreen {
  const active = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  return {
    supported: document.fullscreenEnabled === true,
    active,
    toggle: () => {
      const element = only?.current ?? document.documentElement;
      const done = active ? document.exitFullscreen() : element.requestFullscreen();
      done.catch(() => undefined); // Refused by the browser: there is nothing to undo.
    },
  };
}
