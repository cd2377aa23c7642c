import type { RoomNotice } from '@parley/client-sdk';
import { useState, type SyntheticEvent } from 'react';
import { mayNeedPassword, type Invitation, type JoinProblem } from '../../lib/errorTexts.ts';
import { savePreferences } from '../../lib/preferences.ts';
import { WEBRTC_SUPPORTED } from '../../lib/support.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { InviteLink } from '../../ui/InviteLink.tsx';
import { cleanDisplayName, MAX_DISPLAY_NAME } from './joinChoices.ts';
import styles from './JoinForm.module.css';
import { JoinNotice } from './JoinNotice.tsx';
import { RoomNotices } from './RoomNotices.tsx';

interface Props {
  roomName: string;
  name: string;
  onName: (name: string) => void;
  isNew: boolean;
  invitation: Invitation;
  joining: boolean;
  problem: JoinProblem | null;
  notice: RoomNotice;
  onJoin: (displayName: string, create: boolean, password: string) => void;
}

/** Which meeting, under which name, and in. */
export function JoinForm(props: Props) {
  const { roomName, name, onName, isNew, invitation, joining, problem, notice, onJoin } = props;
  const [nameError, setNameError] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [passwordAsked, setPasswordAsked] = useState(false);
  // Once it may be needed, the field stays.
  if (mayNeedPassword(problem, invitation) && !passwordAsked) setPasswordAsked(true);
  const shown = WEBRTC_SUPPORTED ? problem : 'UNSUPPORTED';

  const join = (create: boolean) => {
    const displayName = cleanDisplayName(name);
    if (displayName === null) {
      setNameError('Enter the name that the others should see.');
      return;
    }
    savePreferences({ displayName });
    onJoin(displayName, create, password);
  };
  const handleSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    join(isNew);
  };

  return (
    <form className={styles.form} onSubmit={handleSubmit} noValidate>
      <div>
        <h1 className={styles.title}>{isNew ? 'Your new meeting' : 'Ready to join?'}</h1>
        <p className={styles.room}>{roomName}</p>
      </div>
      <NameField
        name={name}
        error={nameError}
        onChange={(typed) => {
          onName(typed);
          setNameError(null);
        }}
      />
      {passwordAsked && <PasswordField password={password} onChange={setPassword} />}
      <RoomNotices notice={notice} />
      <Button
        type="submit"
        look="primary"
        size="large"
        wide
        disabled={joining || !WEBRTC_SUPPORTED}
        data-testid="join-button"
      >
        {joining ? 'Joining…' : 'Join meeting'}
      </Button>
      {shown !== null && !joining && (
        <JoinNotice problem={shown} invitation={invitation} onCreate={() => join(true)} />
      )}
      {isNew && <InviteLink roomName={roomName} />}
    </form>
  );
}

function NameField(props: { name: string; error: string | null; onChange: (name: string) => void }) {
  const { name, error, onChange } = props;
  return (
    <TextField
      label="Your name"
      name="displayName"
      autoComplete="name"
      enterKeyHint="go"
      // Not on phones, where the keyboard would cover the page.
      autoFocus={name === '' && matchMedia('(hover: hover)').matches}
      maxLength={MAX_DISPLAY_NAME}
      data-testid="join-name"
      value={name}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function PasswordField(props: { password: string; onChange: (password: string) => void }) {
  return (
    <TextField
      label="Password of the meeting, if it has one"
      name="password"
      type="password"
      autoComplete="off"
      maxLength={128}
      data-testid="join-password"
      value={props.password}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
