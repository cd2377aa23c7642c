import type { RoomSettings, RoomSettingsPatch } from '@parley/client-sdk';
import {
  DoorOpen,
  KeyRound,
  MessageSquare,
  MessagesSquare,
  Mic,
  MonitorUp,
  Paperclip,
  Pencil,
  type LucideIcon,
} from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Switch, TextField } from '../../../ui/Field.tsx';
import { Select, type Option } from '../../../ui/Select.tsx';
import { CHAT, LOBBY, PRIVATE_CHAT, PUBLISHING, RENAMING, SHARING, UPLOADING } from './options.ts';
import styles from './settings.module.css';

/** The settings as they are, and what is called to change them. */
export interface SettingsProps {
  settings: RoomSettings;
  hasPassword: boolean;
  onChange: (patch: RoomSettingsPatch) => void;
}

export interface Choice {
  key: keyof RoomSettings;
  label: string;
  icon: LucideIcon;
  options: Option[];
}

/** Settings that are one of several words. */
export function Choices({
  choices,
  settings,
  onChange,
}: { choices: readonly Choice[] } & Omit<SettingsProps, 'hasPassword'>) {
  return choices.map(({ key, label, icon, options }) => (
    <Select
      key={key}
      label={label}
      icon={icon}
      value={String(settings[key])}
      options={options}
      onChange={(value) => onChange({ [key]: typeof settings[key] === 'number' ? Number(value) : value })}
    />
  ));
}

export function AccessSettings({ settings, hasPassword, onChange }: SettingsProps) {
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>Who may come in</h3>
      <Switch
        label="Lock the meeting"
        hint="Nobody but hosts comes in any more. Who was in may return."
        checked={settings.locked}
        onChange={(locked) => onChange({ locked })}
      />
      <Switch
        label="Guests may join by the link"
        checked={settings.guestsAllowed}
        onChange={(guestsAllowed) => onChange({ guestsAllowed })}
      />
      <Choices
        choices={[{ key: 'lobby', label: 'Lobby', icon: DoorOpen, options: LOBBY }]}
        settings={settings}
        onChange={onChange}
      />
      <PasswordField hasPassword={hasPassword} onChange={(password) => onChange({ password })} />
    </section>
  );
}

const PERMISSIONS: readonly Choice[] = [
  { key: 'publishing', label: 'Camera and microphone', icon: Mic, options: PUBLISHING },
  { key: 'sharing', label: 'Shared screens', icon: MonitorUp, options: SHARING },
  { key: 'chatting', label: 'Chat', icon: MessageSquare, options: CHAT },
  { key: 'privateChat', label: 'Private messages', icon: MessagesSquare, options: PRIVATE_CHAT },
  { key: 'uploading', label: 'Files', icon: Paperclip, options: UPLOADING },
  { key: 'renaming', label: 'Names', icon: Pencil, options: RENAMING },
];

export function PermissionSettings({ settings, onChange }: SettingsProps) {
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>What people may do</h3>
      <Choices choices={PERMISSIONS} settings={settings} onChange={onChange} />
      <Switch
        label="Unmuting needs a host’s approval"
        hint="People ask, and you allow it one by one."
        checked={settings.unmuting === 'onApproval'}
        onChange={(on) => onChange({ unmuting: on ? 'onApproval' : 'everyone' })}
      />
      <Switch
        label="Late comers see earlier messages"
        checked={settings.chatHistory === 'all'}
        onChange={(on) => onChange({ chatHistory: on ? 'all' : 'sinceJoined' })}
      />
    </section>
  );
}

interface PasswordProps {
  hasPassword: boolean;
  onChange: (password: string | null) => void;
}

function PasswordField({ hasPassword, onChange }: PasswordProps) {
  const [password, setPassword] = useState('');
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    onChange(password);
    setPassword('');
  };
  return (
    <form className={styles.withButton} onSubmit={handleSubmit}>
      <TextField
        label={hasPassword ? 'New password (there is one now)' : 'Password that everybody but hosts needs'}
        type="text"
        autoComplete="off"
        maxLength={128}
        value={password}
        data-testid="room-password"
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" disabled={password === ''} data-testid="set-password">
        <KeyRound size={17} aria-hidden /> Set
      </Button>
      {hasPassword && (
        <Button look="quiet" onClick={() => onChange(null)}>
          Take away
        </Button>
      )}
    </form>
  );
}
