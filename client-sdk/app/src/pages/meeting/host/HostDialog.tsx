import type { RoomSettingsPatch } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { Timer } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import { Tabs, type Tab } from '../../../ui/Tabs.tsx';
import { BanSection } from '../../manage/bans/BanSection.tsx';
import { InviteSection } from '../../manage/invites/InviteSection.tsx';
import { RecordingSettings } from '../../manage/settings/RecordingSettings.tsx';
import { AccessSettings, PermissionSettings } from '../../manage/settings/SettingControls.tsx';
import { useAct } from '../useAct.ts';
import styles from './HostDialog.module.css';

const TIMES: Option[] = [
  { value: '0', label: 'No timer' },
  ...[1, 3, 5, 10, 15, 30, 60].map((minutes) => ({
    value: String(minutes * 60),
    label: minutes === 1 ? '1 minute' : `${minutes} minutes`,
  })),
];

type TabKey = 'options' | 'invites' | 'bans';
const TABS: readonly Tab<TabKey>[] = [
  { key: 'options', label: 'Options' },
  { key: 'invites', label: 'Invite links' },
  { key: 'bans', label: 'Kept out' },
];

/** Who may come in and what they may do. Changes count at once. */
export function HostDialog({ onClose }: { onClose: () => void }) {
  const { admin } = useRoomState();
  const [tab, setTab] = useState<TabKey>('options');
  return (
    <Dialog title="Meeting options" onClose={onClose}>
      <Tabs label="Meeting options" tabs={TABS} chosen={tab} onChoose={setTab}>
        {tab === 'options' && <OptionsTab />}
        {tab === 'invites' && <InviteSection admin={admin} />}
        {tab === 'bans' && <BanSection admin={admin} />}
      </Tabs>
    </Dialog>
  );
}

function OptionsTab() {
  const room = useRoomState();
  const act = useAct();
  const [ending, setEnding] = useState(false);
  const { settings, hasPassword } = room.info;
  const props = { settings, hasPassword, onChange: (patch: RoomSettingsPatch) => act(room.update(patch)) };
  return (
    <div>
      <AccessSettings {...props} />
      <PermissionSettings {...props} />
      <RecordingSettings {...props} />
      <TimerSection />
      <section className={styles.section}>
        <Button look="danger" data-testid="end-meeting" onClick={() => setEnding(true)}>
          End the meeting for everybody…
        </Button>
      </section>
      {ending && (
        <ConfirmDialog
          title="End the meeting?"
          text="Everybody leaves, also those who wait in the lobby."
          choices={[
            { label: 'End it', look: 'danger', testId: 'confirm-end', onChoose: () => act(room.end()) },
          ]}
          onClose={() => setEnding(false)}
        />
      )}
    </div>
  );
}

function TimerSection() {
  const room = useRoomState();
  const act = useAct();
  const isRunning = room.roomState.timer !== null;
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>Timer for everybody</h3>
      <Select
        label="Timer"
        icon={Timer}
        value={isRunning ? 'running' : '0'}
        options={[...(isRunning ? [{ value: 'running', label: 'The timer runs' }] : []), ...TIMES]}
        onChange={(seconds) => act(room.moderation.setTimer(Number(seconds)))}
      />
    </section>
  );
}
