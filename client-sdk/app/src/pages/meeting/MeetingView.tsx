import { useParticipants, useRoom } from '@parley/client-sdk/react';
import { useCopy } from '../../hooks/useCopy.ts';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { useWakeLock } from '../../hooks/useWakeLock.ts';
import { classes } from '../../ui/classes.ts';
import { inviteUrlOf } from '../../ui/InviteLink.tsx';
<<<<<<< HEAD
import { useToasts } from '../../ui/useToasts.ts';
=======
import { ToastList } from '../../ui/ToastList.tsx';
import { useToasts, type Toast } from '../../ui/useToasts.ts';
>>>>>>> main
import { AloneCard } from './AloneCard.tsx';
import { ControlBar } from './ControlBar.tsx';
import styles from './MeetingView.module.css';
import { ParticipantsPanel } from './ParticipantsPanel.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { Stage } from './Stage.tsx';
<<<<<<< HEAD
import { StageOverlay } from './StageOverlay.tsx';
import { useMediaControls, type MediaProblem } from './useMediaControls.ts';
import { useMeetingKeys } from './useMeetingKeys.ts';
=======
import { useMediaControls, type MediaControls, type MediaProblem } from './useMediaControls.ts';
>>>>>>> main
import { useMeetingToasts } from './useMeetingToasts.ts';
import { usePanels } from './usePanels.ts';
import { useStage } from './useStage.ts';

export function MeetingView({ startProblem }: { startProblem: MediaProblem | null }) {
  const room = useRoom();
  const participants = useParticipants();
  const { mirrorSelf } = usePreferences();
  const panels = usePanels();
  const { toasts, notify } = useToasts();
<<<<<<< HEAD
  const { copy } = useCopy();
=======
  const copyLink = useCopyLink(room.name, notify);
  const fullscreen = useFullscreen();
>>>>>>> main
  const controls = useMediaControls(room, startProblem);
  const stage = useStage(participants, room.dominantSpeaker);
  const title = room.info.settings.title || room.name;

  useMeetingToasts(room, notify);
  useMeetingKeys(controls, panels);
  useWakeLock();
  useDocumentTitle(`${controls.microphoneOn ? '' : 'Muted · '}${title}`);
<<<<<<< HEAD

  const { participantsOpen, setParticipantsOpen, settingsOpen, setSettingsOpen } = panels;
  const copyLink = async () => {
    const url = inviteUrlOf(room.name);
    notify((await copy(url)) ? 'Invite link copied' : `Copy this link yourself: ${url}`);
  };
=======
  const closePanel = () => setPanelOpen(false);
  const togglePanel = () => setPanelOpen((open) => !open);
  useShortcuts({
    m: controls.toggleMicrophone,
    v: controls.toggleCamera,
    p: togglePanel,
    f: fullscreen.toggle,
    Escape: closePanel,
  });
>>>>>>> main

  return (
    <div className={classes('dark', styles.meeting)} data-testid="meeting">
      <main className={styles.main}>
        <div className={styles.stage}>
<<<<<<< HEAD
          <Stage state={stage} mirrorSelf={mirrorSelf} onShowParticipants={() => setParticipantsOpen(true)} />
          {participants.length === 1 && !participantsOpen && <AloneCard roomName={room.name} />}
          <StageOverlay controls={controls} toasts={toasts} />
        </div>
        {participantsOpen && (
          <ParticipantsPanel
            participants={participants}
            roomName={room.name}
            onClose={() => setParticipantsOpen(false)}
          />
=======
          <Stage state={stage} mirrorSelf={mirrorSelf} onShowParticipants={() => setPanelOpen(true)} />
          {participants.length === 1 && !panelOpen && <AloneCard roomName={room.name} />}
          <Notices controls={controls} toasts={toasts} />
        </div>
        {panelOpen && (
          <ParticipantsPanel participants={participants} roomName={room.name} onClose={closePanel} />
>>>>>>> main
        )}
      </main>
      <ControlBar
        controls={controls}
        roomName={title}
        startedAt={room.info.meetingStartedAt}
        participantCount={participants.length}
        panelOpen={participantsOpen}
        onTogglePanel={() => setParticipantsOpen(!participantsOpen)}
        onOpenSettings={() => setSettingsOpen(true)}
        onCopyLink={copyLink}
        onLeave={() => void room.leave()}
      />
      {settingsOpen && <SettingsDialog controls={controls} onClose={() => setSettingsOpen(false)} />}
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
