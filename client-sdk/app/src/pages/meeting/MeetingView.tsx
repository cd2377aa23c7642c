import { useLobby, useParticipants, useRoomState } from '@parley/client-sdk/react';
import { useCopy } from '../../hooks/useCopy.ts';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { usePreferences } from '../../hooks/usePreferences.ts';
import { useWakeLock } from '../../hooks/useWakeLock.ts';
import { classes } from '../../ui/classes.ts';
import { useInviteUrl } from '../../ui/InviteLink.tsx';
import { useToasts } from '../../ui/useToasts.ts';
import { AloneCard } from './AloneCard.tsx';
import { BreakoutsPanel } from './breakouts/BreakoutsPanel.tsx';
import { ChatPanel } from './chat/ChatPanel.tsx';
import { ControlBar } from './ControlBar.tsx';
import { FloatingReactions } from './FloatingReactions.tsx';
import { HostDialog } from './host/HostDialog.tsx';
import styles from './MeetingView.module.css';
import { ParticipantsPanel } from './ParticipantsPanel.tsx';
import { PollsPanel } from './polls/PollsPanel.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';
import { Stage } from './Stage.tsx';
import { StageOverlay } from './StageOverlay.tsx';
import type { MediaStart } from './startMedia.ts';
import { NotifyContext } from './useAct.ts';
import { useMediaControls } from './useMediaControls.ts';
import { useMeetingKeys } from './useMeetingKeys.ts';
import { useMeetingNews } from './useMeetingNews.ts';
import { useMeetingToasts } from './useMeetingToasts.ts';
import { usePanels, type Panels } from './usePanels.ts';
import { useStage } from './useStage.ts';
import { useUnread } from './useUnread.ts';

export function MeetingView({ start }: { start: MediaStart }) {
  const { toasts, notify } = useToasts();
  return (
    <NotifyContext value={notify}>
      <Meeting start={start} toasts={toasts} notify={notify} />
    </NotifyContext>
  );
}

type Props = { start: MediaStart } & ReturnType<typeof useToasts>;

function Meeting({ start, toasts, notify }: Props) {
  const room = useRoomState();
  const participants = useParticipants();
  const waiting = useLobby();
  const { mirrorSelf } = usePreferences();
  const panels = usePanels();
  const { unread, markRead } = useUnread(panels.panel === 'chat');
  const { copy } = useCopy();
  const controls = useMediaControls(room, start);
  const inviteUrl = useInviteUrl(room.name);
  const stage = useStage(participants, room.dominantSpeaker, room.roomState.spotlight);
  const title = room.info.settings.title || room.name;

  useMeetingToasts(room, notify);
  useMeetingNews(room, notify, panels.panel === 'chat');
  useMeetingKeys(controls, panels);
  useWakeLock();
  useDocumentTitle(`${controls.microphoneOn ? '' : 'Muted · '}${title}`);

  const copyLink = async () => {
    notify((await copy(inviteUrl)) ? 'Invite link copied' : `Copy this link yourself: ${inviteUrl}`);
  };
  const alone = participants.length === 1 && panels.panel === null && room.breakouts.breakoutId === null;

  return (
    <div className={classes('dark', styles.meeting)} data-testid="meeting">
      <main className={styles.main}>
        <div className={styles.stage}>
          <Stage
            state={stage}
            mirrorSelf={mirrorSelf}
            onShowParticipants={() => panels.toggle('participants')}
          />
          {alone && <AloneCard roomName={room.name} />}
          <FloatingReactions />
          <StageOverlay controls={controls} toasts={toasts} />
        </div>
        <Panel panels={panels} onRead={markRead} />
      </main>
      <ControlBar
        controls={controls}
        panels={panels}
        roomName={title}
        startedAt={room.info.meetingStartedAt}
        participantCount={participants.length}
        waiting={waiting.length}
        unread={unread}
        isHost={room.permissions.roomAdmin}
        onCopyLink={() => void copyLink()}
        onLeave={() => void room.leave()}
      />
      {panels.dialog === 'settings' && (
        <SettingsDialog controls={controls} onClose={() => panels.setDialog(null)} />
      )}
      {panels.dialog === 'host' && <HostDialog onClose={() => panels.setDialog(null)} />}
    </div>
  );
}

function Panel({ panels, onRead }: { panels: Panels; onRead: () => void }) {
  const room = useRoomState();
  const participants = useParticipants();
  switch (panels.panel) {
    case 'participants':
      return (
        <ParticipantsPanel participants={participants} roomName={room.name} onClose={panels.closePanel} />
      );
    case 'chat':
      return <ChatPanel onClose={panels.closePanel} onRead={onRead} />;
    case 'breakouts':
      return <BreakoutsPanel onClose={panels.closePanel} />;
    case 'polls':
      return <PollsPanel onClose={panels.closePanel} />;
    case null:
      return null;
  }
}
