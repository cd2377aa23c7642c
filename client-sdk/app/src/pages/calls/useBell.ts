import { getSignedInHost, listenToCalls } from '@parley/client-sdk';
import { useEffect, useReducer, useState } from 'react';
import { bellAfter, SILENT, type Bell } from '../../lib/bell.ts';
import { Ringtone } from '../../lib/Ringtone.ts';
import { ringNotification } from './ringNotification.ts';

/** Calls that ring for whoever is signed in; with sound, and as a notification where that was allowed. `page`: where one is. */
export function useBell(page: string): {
  bell: Bell;
  stop: (callId: string) => void;
  putAside: (callId: string) => void;
} {
  const [bell, tell] = useReducer(bellAfter, SILENT);
  const listens = useMayRing(page);
  useEffect(() => {
    if (!listens) return undefined;
    return listenToCalls(location.origin, {
      ringing: (call) => tell({ type: 'rings', call }),
      stopped: (callId, why) => tell({ type: 'stopped', callId, why }),
    });
  }, [listens]);

  const isRinging = bell.ringing.length > 0;
  useEffect(() => {
    if (!isRinging) return undefined;
    const ringtone = new Ringtone();
    ringtone.start();
    return () => ringtone.stop();
  }, [isRinging]);

  const newest = bell.ringing.at(-1);
  useEffect(() => (newest === undefined ? undefined : ringNotification(newest)), [newest]);
  return {
    bell,
    stop: (callId) => tell({ type: 'stopped', callId, why: 'answered' }),
    putAside: (callId) => tell({ type: 'putAside', callId }),
  };
}

/** Whether somebody is signed in whom phones may reach; looked after with each page until it is so. */
function useMayRing(page: string): boolean {
  const [may, setMay] = useState(false);
  useEffect(() => {
    if (may) return undefined;
    let wanted = true;
    getSignedInHost(location.origin).then(
      (host) => {
        if (wanted && host?.phones === true) setMay(true);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [may, page]);
  return may;
}
