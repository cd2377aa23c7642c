import type { RoomAdmin, RoomInfo, RoomSettingsPatch } from '@parley/client-sdk';
import { Clock, Copy, DoorOpen, Hourglass, Users, UserRound } from 'lucide-react';
import { useRef, useState, type SyntheticEvent } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { TextField } from '../../../ui/Field.tsx';
import { TextArea } from '../../../ui/TextArea.tsx';
import { useAct } from '../../meeting/useAct.ts';
import { HoursSettings } from './HoursSettings.tsx';
import { DUPLICATE, GUEST_ROLE, sizeOptions, SUCCESSOR, timeOptions } from './options.ts';
import { RecordingSettings } from './RecordingSettings.tsx';
import { AccessSettings, Choices, PermissionSettings, type SettingsProps } from './SettingControls.tsx';
import styles from './settings.module.css';

interface Props {
  admin: RoomAdmin;
  room: RoomInfo;
  onChanged: (room: RoomInfo) => void;
}

/** All settings of a room. Each counts as soon as it is changed. */
export function SettingsPage({ admin, room, onChanged }: Props) {
  const { busy, saved, save } = useInTurn(async (patch: RoomSettingsPatch) => {
    onChanged(await admin.update(patch));
  });
  const props = { settings: room.settings, hasPassword: room.hasPassword, onChange: save };
  return (
    <div data-testid="room-settings" data-busy={busy}>
      <p className={styles.saved} role="status">
        {busy
          ? 'Saving…'
          : saved
            ? 'Saved.'
            : 'What you change counts at once, also for those who are in now.'}
      </p>
      <TextSettings key={room.roomId} {...props} />
      <AccessSettings {...props} />
      <PermissionSettings {...props} />
      <RecordingSettings {...props} />
      <HoursSettings key={`hours ${room.roomId}`} {...props} />
      <MoreSettings {...props} />
      <TimeSettings {...props} />
    </div>
  );
}

/** Saves one change after the other: who changes two things quickly has changed both. */
function useInTurn<T>(task: (change: T) => Promise<void>) {
  const act = useAct();
  const queue = useRef(Promise.resolve());
  const [waiting, setWaiting] = useState(0);
  const [saved, setSaved] = useState(false);
  const save = (change: T) => {
    setSaved(false);
    setWaiting((count) => count + 1);
    const done = queue.current
      .then(() => task(change))
      .then(() => setSaved(true))
      .finally(() => setWaiting((count) => count - 1));
    queue.current = done.catch(() => undefined);
    act(done);
  };
  return { busy: waiting > 0, saved, save };
}

function TextSettings({ settings, onChange }: SettingsProps) {
  const [title, setTitle] = useState(settings.title);
  const [lobbyText, setLobbyText] = useState(settings.lobbyText);
  const same = title === settings.title && lobbyText === settings.lobbyText;
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    onChange({ title: title.trim(), lobbyText });
  };
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>What people read</h3>
      <form className={styles.section} onSubmit={handleSubmit}>
        <TextField
          label="Title"
          maxLength={128}
          value={title}
          data-testid="room-title"
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label="Text for those who wait in the lobby"
          maxLength={2000}
          value={lobbyText}
          onChange={(event) => setLobbyText(event.target.value)}
        />
        <div>
          <Button type="submit" disabled={same} data-testid="save-texts">
            Save
          </Button>
        </div>
      </form>
    </section>
  );
}

function MoreSettings({ settings, onChange }: SettingsProps) {
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>The room</h3>
      <Choices
        choices={[
          { key: 'guestRole', label: 'What guests are', icon: UserRound, options: GUEST_ROLE },
          {
            key: 'maxParticipants',
            label: 'How many',
            icon: Users,
            options: sizeOptions(settings.maxParticipants),
          },
          { key: 'successor', label: 'Who admits without a host', icon: DoorOpen, options: SUCCESSOR },
          { key: 'duplicateIdentity', label: 'Joining twice', icon: Copy, options: DUPLICATE },
        ]}
        settings={settings}
        onChange={onChange}
      />
    </section>
  );
}

function TimeSettings({ settings, onChange }: SettingsProps) {
  const { maxDuration, hostAbsentTimeout, emptyTimeout } = settings;
  const longest = {
    zero: 'Meetings last as long as they like',
    words: 'Meetings last at most',
    current: maxDuration,
  };
  const absent = {
    zero: 'A meeting goes on without a host',
    words: 'Without a host it ends after',
    current: hostAbsentTimeout,
  };
  const empty = {
    zero: 'Ends as soon as nobody is in',
    words: 'Empty, it ends after',
    current: emptyTimeout,
  };
  return (
    <section className={styles.section}>
      <h3 className={styles.heading}>When meetings end</h3>
      <Choices
        choices={[
          {
            key: 'maxDuration',
            label: 'Longest',
            icon: Clock,
            options: timeOptions([0, 30, 60, 120, 480], longest),
          },
          {
            key: 'hostAbsentTimeout',
            label: 'Without a host',
            icon: Hourglass,
            options: timeOptions([0, 5, 15, 60], absent),
          },
          {
            key: 'emptyTimeout',
            label: 'When empty',
            icon: Hourglass,
            options: timeOptions([0, 1, 5, 60], empty),
          },
        ]}
        settings={settings}
        onChange={onChange}
      />
    </section>
  );
}
