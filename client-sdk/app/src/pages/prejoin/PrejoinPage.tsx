import { useState, type SubmitEvent } from 'react';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import type { JoinProblem } from '../../lib/errorTexts.ts';
import { getPreferences, savePreferences } from '../../lib/preferences.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { InviteLink } from '../../ui/InviteLink.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { DeviceNotices } from './DeviceNotices.tsx';
import { DevicePickers } from './DevicePickers.tsx';
import { JoinNotice } from './JoinNotice.tsx';
import type { JoinOptions } from '../useRoomSession.ts';
import { cleanDisplayName, MAX_DISPLAY_NAME, type JoinChoices } from './joinChoices.ts';

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
  onJoin(choices: JoinChoices, options: JoinOptions): void;
}

export function PrejoinPage({ roomName, nameOfToken, isNew, joining, problem, onJoin }: Props) {
  useDocumentTitle(`Join ${roomName}`);
  const [preview, devices] = usePreview();
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

  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        <section className={styles.devices} aria-label="Camera and microphone">
          <PreviewCard preview={preview} devices={devices} displayName={typedName} />
          <DevicePickers preview={preview} devices={devices} />
          <DeviceNotices preview={preview} devices={devices} />
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
