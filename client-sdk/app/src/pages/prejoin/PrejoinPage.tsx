import { useState } from 'react';
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
  const [name, setName] = useState(() => nameOfToken || getPreferences().displayName);

  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        <section className={styles.devices} aria-label="Camera and microphone">
          <PreviewCard preview={preview} devices={devices} displayName={name} />
          <MicrophoneLevel microphone={devices.microphone} />
          <DeviceNotices preview={preview} devices={devices} />
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
      </main>
    </div>
  );
}
