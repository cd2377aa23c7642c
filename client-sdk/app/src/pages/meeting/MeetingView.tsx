import type { Participant } from '@parley/client-sdk';
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
import { LivePanel } from './live/LivePanel.tsx';
import styles from './MeetingView.module.css';
import { ParticipantsPanel } from './ParticipantsPanel.tsx';
import { PhonesPanel } from './phones/PhonesPanel.tsx';
import { useMeetingCalls, type MeetingCalls } from './phones/useMeetingCalls.ts';
import { PollsPanel } from './polls/PollsPanel.tsx';
import { ConsentDialog, ConsentQuestion } from './recording/ConsentDialog.tsx';
import { RecordingDialog } from './recording/RecordingDialog.tsx';
import { useEgressNews } from './recording/useEgressNews.ts';
import { SettingsDialog } from './SettingsDialog.tsx';
import { Stage } from './Stage.tsx';
import { StageOverlay } from './StageOverlay.tsx';
import type { MediaStart } from './startMedia.ts';
import { NotifyContext } from './useAct.ts';
import { useMediaControls, type MediaControls } from './useMediaControls.ts';
import { useMeetingKeys } from './useMeetingKeys.ts';
import { useMeetingNews } from './useMeetingNews.ts';
import { useMeetingToasts } from './useMeetingToasts.ts';
import { usePanels, type Panels } from './usePanels.ts';
import { useStage } from './useStage.ts';
import { useUnread } from './useUnread.ts';

interface ViewProps {
  start: MediaStart;
  /** A number to call at once. */
  dial?: string;
}

export function MeetingView(props: ViewProps) {
  const { toasts, notify } = useToasts();
  return (
    <NotifyContext value={notify}>
      <Meeting {...props} toasts={toasts} notify={notify} />
    </NotifyContext>
  );
}

type Props = ViewProps & ReturnType<typeof useToasts>;

function Meeting({ start, dial, toasts, notify }: Props) {
  const room = useRoomState();
  const everybody = useParticipants();
  const participants = everybody.filter(({ kind }) => kind !== 'recorder');
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
  useEgressNews(room, notify);
  const calls = useMeetingCalls(room, { dial, panels, notify });
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
          {alone && <AloneCard />}
          <FloatingReactions />
          <StageOverlay controls={controls} toasts={toasts} panels={panels} />
        </div>
        <Panel panels={panels} participants={participants} calls={calls} onRead={markRead} />
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
      <MeetingDialog controls={controls} panels={panels} />
    </div>
  );
}

function MeetingDialog({ controls, panels }: { controls: MediaControls; panels: Panels }) {
  const close = () => panels.setDialog(null);
  switch (panels.dialog) {
    case 'settings':
      return <SettingsDialog controls={controls} onClose={close} />;
    case 'host':
      return <HostDialog onClose={close} />;
    case 'recording':
      return <RecordingDialog onConsent={() => panels.setDialog('consent')} onClose={close} />;
    case 'consent':
      return <ConsentDialog onClose={close} />;
    case null:
      return <ConsentQuestion />;
  }
}

interface PanelProps {
  panels: Panels;
  participants: readonly Participant[];
  calls: MeetingCalls;
  onRead: () => void;
}

function Panel({ panels, participants, calls, onRead }: PanelProps) {
  switch (panels.panel) {
    case 'participants':
      return <ParticipantsPanel participants={participants} onClose={panels.closePanel} />;
    case 'chat':
      return <ChatPanel onClose={panels.closePanel} onRead={onRead} />;
    case 'breakouts':
      return <BreakoutsPanel onClose={panels.closePanel} />;
    case 'polls':
      return <PollsPanel onClose={panels.closePanel} />;
    case 'live':
      return <LivePanel onClose={panels.closePanel} />;
    case 'phones':
      return (
        <PhonesPanel
          over={calls.over}
          onForget={calls.forget}
          firstCall={calls.firstCall}
          onClose={panels.closePanel}
        />
      );
    case null:
      return null;
  }
}
