import { useParticipants, useRoom } from '@parley/client-sdk/react';
import { useState } from 'react';
import { useCopy } from '../../hooks/useCopy.ts';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { useFullscreen } from '../../hooks/useFullscreen.ts';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { useShortcuts } from '../../hooks/useShortcuts.ts';
import { useWakeLock } from '../../hooks/useWakeLock.ts';
import { inviteUrlOf } from '../../ui/InviteLink.tsx';
import { ToastList } from '../../ui/ToastList.tsx';
import { useToasts, type Toast } from '../../ui/useToasts.ts';
import { AloneCard } from './AloneCard.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { ControlBar } from './ControlBar.tsx';
import { MediaNotice } from './MediaNotice.tsx';
import styles from './MeetingView.module.css';
import { ParticipantsPanel } from './ParticipantsPanel.tsx';
import { RoomAudio } from './RoomAudio.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { Stage } from './Stage.tsx';
import { useMediaControls, type MediaControls, type MediaProblem } from './useMediaControls.ts';
import { useMeetingToasts } from './useMeetingToasts.ts';
import { useStage } from './useStage.ts';

export function MeetingView({ startProblem }: { startProblem: MediaProblem | null }) {
  const room = useRoom();
  const participants = useParticipants();
  const { mirrorSelf } = usePreferences();
  const [panelOpen, setPanelOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const { toasts, notify } = useToasts();
  const copyLink = useCopyLink(room.name, notify);
  const fullscreen = useFullscreen();
  const controls = useMediaControls(room, startProblem);
  const stage = useStage(participants, room.dominantSpeaker);
  const title = room.info.settings.title || room.name;

  useMeetingToasts(room, notify);
  useWakeLock();
  useDocumentTitle(`${controls.microphoneOn ? '' : 'Muted · '}${title}`);
  const closePanel = () => setPanelOpen(false);
  const togglePanel = () => setPanelOpen((open) => !open);
  useShortcuts({
    m: controls.toggleMicrophone,
    v: controls.toggleCamera,
    p: togglePanel,
    f: fullscreen.toggle,
    Escape: closePanel,
  });

  return (
    <div className={`dark ${styles.meeting}`} data-testid="meeting">
      <main className={styles.main}>
        <div className={styles.stage}>
          <Stage state={stage} mirrorSelf={mirrorSelf} onShowParticipants={() => setPanelOpen(true)} />
          {participants.length === 1 && !panelOpen && <AloneCard roomName={room.name} />}
          <Notices controls={controls} toasts={toasts} />
        </div>
        {panelOpen && (
          <ParticipantsPanel participants={participants} roomName={room.name} onClose={closePanel} />
        )}
      </main>
      <ControlBar
        controls={controls}
        roomName={title}
        startedAt={room.info.meetingStartedAt}
        participantCount={participants.length}
        panelOpen={panelOpen}
        onTogglePanel={togglePanel}
        onOpenSettings={() => setSettingsOpen(true)}
        onCopyLink={copyLink}
        onLeave={() => void room.leave()}
      />
      {settingsOpen && (
        <SettingsDialog
          controls={controls}
          microphoneTrack={room.localParticipant.getPublication('microphone')?.track ?? null}
          onClose={() => setSettingsOpen(false)}
        />
      )}
    </div>
  );
}

/** What lies over the stage for a while. */
function Notices({ controls, toasts }: { controls: MediaControls; toasts: readonly Toast[] }) {
  return (
    <>
      <div className={styles.top}>
        <ConnectionBanner />
        <MediaNotice controls={controls} />
        <RoomAudio />
      </div>
      <div className={styles.toasts}>
        <ToastList toasts={toasts} />
      </div>
    </>
  );
}

function useCopyLink(roomName: string, notify: (text: string) => void): () => void {
  const { copy } = useCopy();
  return () => {
    const url = inviteUrlOf(roomName);
    void copy(url).then((copied) =>
      notify(copied ? 'Invite link copied' : `Copy this link yourself: ${url}`),
    );
  };
}
