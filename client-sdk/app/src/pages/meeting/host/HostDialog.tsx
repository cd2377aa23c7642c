import type { RoomSettings, RoomSettingsPatch } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { DoorOpen, KeyRound, MessageSquare, Mic, MonitorUp, Pencil, Timer } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Switch, TextField } from '../../../ui/Field.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import { useAct } from '../useAct.ts';
import styles from './HostDialog.module.css';

const LOBBY: Option[] = [
  { value: 'off', label: 'Nobody waits' },
  { value: 'guests', label: 'Guests wait until a host lets them in' },
  { value: 'notHosts', label: 'Everybody but hosts waits' },
  { value: 'everyone', label: 'Everybody but the owner waits' },
];
const CHAT: Option[] = [
  { value: 'everyone', label: 'Everybody writes to all' },
  { value: 'hosts', label: 'Only hosts write to all' },
  { value: 'nobody', label: 'Nobody writes to all' },
];

const TIMES: Option[] = [
  { value: '0', label: 'No timer' },
  ...[1, 3, 5, 10, 15, 30, 60].map((minutes) => ({
    value: String(minutes * 60),
    label: minutes === 1 ? '1 minute' : `${minutes} minutes`,
  })),
];

/** Who may come in and what they may do. Changes count at once. */
export function HostDialog({ onClose }: { onClose: () => void }) {
  const room = useRoomState();
  const act = useAct();
  const [ending, setEnding] = useState(false);
  return (
    <Dialog title="Meeting options" onClose={onClose}>
      <AccessSection />
      <PermissionSection />
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
    </Dialog>
  );
}

/** The settings as they are, and how one changes them. */
function useSettings() {
  const room = useRoomState();
  const act = useAct();
  const change = (patch: RoomSettingsPatch) => act(room.update(patch));
  const choose = (key: keyof RoomSettings) => (value: string) => change({ [key]: value });
  return { ...room.info, change, choose };
}

function AccessSection() {
  const { settings, hasPassword, change, choose } = useSettings();
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>Who may come in</h3>
      <Switch
        label="Lock the meeting"
        hint="Nobody but hosts comes in any more. Who was in may return."
        checked={settings.locked}
        onChange={(locked) => change({ locked })}
      />
      <Switch
        label="Guests may join by the link"
        checked={settings.guestsAllowed}
        onChange={(guestsAllowed) => change({ guestsAllowed })}
      />
      <Select
        label="Lobby"
        icon={DoorOpen}
        value={settings.lobby}
        options={LOBBY}
        onChange={choose('lobby')}
      />
      <PasswordField hasPassword={hasPassword} onChange={(password) => change({ password })} />
    </section>
  );
}

const CHOICES = [
  {
    key: 'publishing',
    label: 'Camera and microphone',
    icon: Mic,
    options: who('turns on camera and microphone', 'turn on camera and microphone'),
  },
  {
    key: 'sharing',
    label: 'Shared screens',
    icon: MonitorUp,
    options: who('shares a screen', 'share a screen'),
  },
  { key: 'chatting', label: 'Chat', icon: MessageSquare, options: CHAT },
  { key: 'renaming', label: 'Names', icon: Pencil, options: who('changes the own name', 'change names') },
] as const;

function PermissionSection() {
  const { settings, change, choose } = useSettings();
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>What people may do</h3>
      {CHOICES.map(({ key, label, icon, options }) => (
        <Select
          key={key}
          label={label}
          icon={icon}
          value={settings[key]}
          options={options}
          onChange={choose(key)}
        />
      ))}
      <Switch
        label="Unmuting needs a host’s approval"
        hint="People ask, and you allow it one by one."
        checked={settings.unmuting === 'onApproval'}
        onChange={(on) => change({ unmuting: on ? 'onApproval' : 'everyone' })}
      />
      <Switch
        label="Late comers see earlier messages"
        checked={settings.chatHistory === 'all'}
        onChange={(on) => change({ chatHistory: on ? 'all' : 'sinceJoined' })}
      />
    </section>
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

function PasswordField({
  hasPassword,
  onChange,
}: {
  hasPassword: boolean;
  onChange: (password: string | null) => void;
}) {
  const [password, setPassword] = useState('');
  const handleSet = () => {
    onChange(password);
    setPassword('');
  };
  return (
    <div className={styles.password}>
      <TextField
        label={hasPassword ? 'New password (there is one now)' : 'Password that everybody but hosts needs'}
        type="text"
        autoComplete="off"
        maxLength={128}
        value={password}
        data-testid="room-password"
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button disabled={password === ''} onClick={handleSet} data-testid="set-password">
        <KeyRound size={17} aria-hidden /> Set
      </Button>
      {hasPassword && (
        <Button look="quiet" onClick={() => onChange(null)}>
          Take away
        </Button>
      )}
    </div>
  );
}

function who(everybody: string, hosts: string): Option[] {
  return [
    { value: 'everyone', label: `Everybody ${everybody}` },
    { value: 'hosts', label: `Only hosts ${hosts}` },
  ];
}
