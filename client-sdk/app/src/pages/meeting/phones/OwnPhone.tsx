import { useParticipant, useRoom } from '@parley/client-sdk/react';
import { PhoneCall } from 'lucide-react';
import { Button } from '../../../ui/Button.tsx';
import { useAct } from '../useAct.ts';
import styles from './phones.module.css';

/** That one speaks by phone, and the way back. Nothing for those who do not. */
export function OwnPhone() {
  const room = useRoom();
  const act = useAct();
  const { phone } = useParticipant(room.localParticipant);
  if (phone === undefined) return null;
  return (
    <div className={styles.own} role="status" data-testid="own-phone">
      <PhoneCall size={18} aria-hidden className={styles.ownIcon} />
      <p className={styles.ownText}>
        {phone.onHold ? 'Your phone is on hold. ' : ''}You speak and hear by phone. Microphone and loudspeaker
        of this computer are off.
      </p>
      <Button data-testid="back-to-computer" onClick={() => act(room.calls.cancel(phone.callId))}>
        Hang up and use the computer
      </Button>
    </div>
  );
}
