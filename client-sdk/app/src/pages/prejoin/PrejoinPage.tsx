<<<<<<< HEAD
import { useState } from 'react';
=======
import { useState, type SubmitEvent } from 'react';
>>>>>>> main
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import type { JoinProblem } from '../../lib/errorTexts.ts';
import { getPreferences } from '../../lib/preferences.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import type { JoinRequest } from '../useRoomSession.ts';
import { DeviceNotices } from './DeviceNotices.tsx';
import { DevicePickers } from './DevicePickers.tsx';
import { JoinForm } from './JoinForm.tsx';
import { MicrophoneLevel } from './MicrophoneLevel.tsx';
import styles from './PrejoinPage.module.css';
import { PreviewCard } from './PreviewCard.tsx';
import { usePreview } from './usePreview.ts';

interface Props {
  roomName: string;
  /** Name that the token of an invitation gives; empty for guests. */
  nameOfToken: string;
  isNew: boolean;
  joining: boolean;
  problem: JoinProblem | null;
  onJoin: (request: JoinRequest) => void;
}

/** Before a meeting: how one looks and sounds, and under which name one joins. */
export function PrejoinPage({ roomName, nameOfToken, isNew, joining, problem, onJoin }: Props) {
  useDocumentTitle(`Join ${roomName}`);
  const [preview, devices] = usePreview();
<<<<<<< HEAD
  const [name, setName] = useState(() => nameOfToken || getPreferences().displayName);
=======
  const [typedName, setTypedName] = useState(() => nameOfToken || getPreferences().displayName);
  const [nameError, setNameError] = useState<string | null>(null);

  const join = (create: boolean) => {
    const displayName = cleanDisplayName(typedName);
    if (displayName === null) {
      setNameError('Enter the name that the others should see.');
      return;
    }
    savePreferences({ displayName });
    const { microphone, camera } = devices;
    onJoin(
      { displayName, microphoneOn: microphone.status === 'on', cameraOn: camera.status === 'on' },
      { create, takeTracks: () => preview.take() },
    );
  };
  const handleSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    join(isNew);
  };
>>>>>>> main

  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        <section className={styles.devices} aria-label="Camera and microphone">
          <PreviewCard preview={preview} devices={devices} displayName={name} />
          <MicrophoneLevel microphone={devices.microphone} />
          <DeviceNotices preview={preview} devices={devices} />
<<<<<<< HEAD
          <div className={styles.pickers}>
            <DevicePickers preview={preview} devices={devices} />
          </div>
        </section>
        <JoinForm
          roomName={roomName}
          name={name}
          onName={setName}
          isNew={isNew}
          joining={joining}
          problem={problem}
          onJoin={(displayName, create) => onJoin({ displayName, create, takeDevices: () => preview.take() })}
        />
=======
        </section>
        <form className={styles.form} onSubmit={handleSubmit} noValidate>
          <Heading roomName={roomName} isNew={isNew} />
          <TextField
            label="Your name"
            name="displayName"
            autoComplete="name"
            enterKeyHint="go"
            maxLength={MAX_DISPLAY_NAME}
            data-testid="join-name"
            value={typedName}
            error={nameError}
            onChange={(event) => {
              setTypedName(event.target.value);
              setNameError(null);
            }}
          />
          <Button type="submit" look="primary" size="large" wide disabled={joining} data-testid="join-button">
            {joining ? 'Joining…' : 'Join meeting'}
          </Button>
          {problem !== null && !joining && <JoinNotice problem={problem} onCreate={() => join(true)} />}
          {isNew && <InviteLink roomName={roomName} />}
        </form>
>>>>>>> main
      </main>
    </div>
  );
}

function Heading({ roomName, isNew }: { roomName: string; isNew: boolean }) {
  return (
    <div>
      <h1 className={styles.title}>{isNew ? 'Your new meeting' : 'Ready to join?'}</h1>
      <p className={styles.room}>{roomName}</p>
    </div>
  );
}
