import type { RoomNotice } from '@parley/client-sdk';
import { Eye } from 'lucide-react';
import { useState } from 'react';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import type { Invitation, JoinProblem } from '../../lib/errorTexts.ts';
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
  /** What one may turn on in the meeting. */
  mayPublish: { microphone: boolean; camera: boolean };
  isNew: boolean;
  invitation: Invitation;
  joining: boolean;
  problem: JoinProblem | null;
  notice: RoomNotice;
  onJoin: (request: JoinRequest) => void;
}

/** Before a meeting: how one looks and sounds, and under which name one joins. */
export function PrejoinPage(props: Props) {
  const { roomName, nameOfToken, mayPublish, isNew, invitation, joining, problem, notice, onJoin } = props;
  useDocumentTitle(`Join ${roomName}`);
  const [preview, devices] = usePreview(mayPublish);
  const [name, setName] = useState(() => nameOfToken || getPreferences().displayName);

  return (
    <div className={styles.page}>
      <PageHeader />
      <main className={styles.main}>
        {mayPublish.microphone || mayPublish.camera ? (
          <section className={styles.devices} aria-label="Camera and microphone">
            <PreviewCard preview={preview} devices={devices} displayName={name} may={mayPublish} />
            {mayPublish.microphone && <MicrophoneLevel microphone={devices.microphone} />}
            <DeviceNotices preview={preview} devices={devices} />
            <div className={styles.pickers}>
              <DevicePickers preview={preview} devices={devices} may={mayPublish} />
            </div>
          </section>
        ) : (
          <section className={styles.viewer}>
            <Eye size={44} strokeWidth={1.5} aria-hidden />
            <p>You join as a viewer: you see and hear the meeting, and nobody sees or hears you.</p>
          </section>
        )}
        <JoinForm
          roomName={roomName}
          name={name}
          onName={setName}
          isNew={isNew}
          invitation={invitation}
          joining={joining}
          problem={problem}
          notice={notice}
          onJoin={(displayName, create, password) =>
            onJoin({ displayName, create, password, told: notice, takeDevices: () => preview.take() })
          }
        />
      </main>
    </div>
  );
}
