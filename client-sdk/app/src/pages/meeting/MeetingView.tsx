import { useParticipants, useRoom } from '@parley/client-sdk/react';
import { useCopy } from '../../hooks/useCopy.ts';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { useWakeLock } from '../../hooks/useWakeLock.ts';
import { classes } from '../../ui/classes.ts';
import { useInviteUrl } from '../../ui/InviteLink.tsx';
import { useToasts } from '../../ui/useToasts.ts';
import { AloneCard } from './AloneCard.tsx';
import { ControlBar } from './ControlBar.tsx';
import styles from './MeetingView.module.css';
import { ParticipantsPanel } from './ParticipantsPanel.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { Stage } from './Stage.tsx';
import { StageOverlay } from './StageOverlay.tsx';
import type { MediaStart } from './startMedia.ts';
import { useMediaControls } from './useMediaControls.ts';
import { useMeetingKeys } from './useMeetingKeys.ts';
import { useMeetingToasts } from './useMeetingToasts.ts';
import { usePanels } from './usePanels.ts';
import { useStage } from './useStage.ts';

export function MeetingView({ start }: { start: MediaStart }) {
  const room = useRoom();
  const participants = useParticipants();
  const { mirrorSelf } = usePreferences();
  const panels = usePanels();
  const { toasts, notify } = useToasts();
  const { copy } = useCopy();
  const controls = useMediaControls(room, start);
  const inviteUrl = useInviteUrl(room.name);
  const stage = useStage(participants, room.dominantSpeaker);
  const title = room.info.settings.title || room.name;

  useMeetingToasts(room, notify);
  useMeetingKeys(controls, panels);
  useWakeLock();
  useDocumentTitle(`${controls.microphoneOn ? '' : 'Muted · '}${title}`);

  const { participantsOpen, setParticipantsOpen, settingsOpen, setSettingsOpen } = panels;
  const copyLink = async () => {
    notify((await copy(inviteUrl)) ? 'Invite link copied' : `Copy this link yourself: ${inviteUrl}`);
  };

  return (
    <div className={classes('dark', styles.meeting)} data-testid="meeting">
      <main className={styles.main}>
        <div className={styles.stage}>
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
        onCopyLink={() => void copyLink()}
        onLeave={() => void room.leave()}
      />
      {settingsOpen && <SettingsDialog controls={controls} onClose={() => setSettingsOpen(false)} />}
    </div>
  );
}
