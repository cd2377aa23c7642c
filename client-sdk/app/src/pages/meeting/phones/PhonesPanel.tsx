import type { PhoneCall } from '@parley/client-sdk';
import { useCalls, useRoomState } from '@parley/client-sdk/react';
import { SidePanel } from '../../../ui/SidePanel.tsx';
import { CallList } from './CallList.tsx';
import { DialForm } from './DialForm.tsx';
import { OwnPhone } from './OwnPhone.tsx';
import type { FirstCall } from './useFirstCall.ts';
import styles from './phones.module.css';

interface Props {
  /** Calls that are over and were not put aside. */
  over: readonly PhoneCall[];
  onForget: (callId: string) => void;
  firstCall: FirstCall;
  onClose: () => void;
}

/** Calling phones into the meeting, and what becomes of the calls. */
export function PhonesPanel({ over, onForget, firstCall: { failed, forget }, onClose }: Props) {
  const { permissions } = useRoomState();
  const calls = useCalls();
  return (
    <SidePanel title="Call a phone" testId="phones-panel" onClose={onClose}>
      <div className={styles.panel}>
        <OwnPhone />
        <CallList calls={calls.list} over={over} onForget={onForget} />
        {permissions.canDial && (
          // With what failed it is another form: empty again once that was called.
          <DialForm key={failed === null ? 'new' : 'failed'} failed={failed} onCalled={forget} />
        )}
      </div>
    </SidePanel>
  );
}
