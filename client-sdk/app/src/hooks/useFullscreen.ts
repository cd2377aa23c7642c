import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
}

export interface Fullscreen {
  supported: boolean;
  active: boolean;
  toggle: () => void;
}

/** Full screen of the whole page, so that dialogs and toasts stay visible in it. */
export function useFullscreen(): Fullscreen {
  const active = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  return {
    supported: document.fullscreenEnabled === true,
    active,
    toggle: () => {
      const done = active ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      done.catch(() => undefined); // Refused by the browser: there is nothing to undo.
    },
  };
}
