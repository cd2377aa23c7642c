import type { RingingCall } from '@parley/client-sdk';
import { otherEnd } from '../../lib/callTexts.ts';

export const NOTIFICATIONS_KNOWN = typeof Notification !== 'undefined';

/** Shows a call beside the browser, where that was allowed and the page is not looked at. Gives what takes it away. */
export function ringNotification(call: RingingCall): (() => void) | undefined {
  if (!NOTIFICATIONS_KNOWN || Notification.permission !== 'granted' || document.hasFocus()) return undefined;
  const { name, number } = otherEnd(call);
  try {
    const notification = new Notification(`${name} calls`, {
      body: number === '' ? 'Open Parley to answer.' : `${number}. Open Parley to answer.`,
      tag: call.callId,
      requireInteraction: true,
    });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return () => notification.close();
  } catch {
    // Phones allow notifications of workers only.
    return undefined;
  }
}
