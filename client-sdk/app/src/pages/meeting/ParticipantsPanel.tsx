import type { Participant } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { Button } from '../../ui/Button.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { LobbySection } from './host/LobbySection.tsx';
import { ParticipantRow } from './ParticipantRow.tsx';
import styles from './ParticipantsPanel.module.css';
import { RoomInvitation } from './RoomInvitation.tsx';
import { useAct } from './useAct.ts';

interface Props {
  participants: readonly Participant[];
  onClose: () => void;
}

/** Who is here and what they send, who waits, and what hosts do about both. */
export function ParticipantsPanel({ participants, onClose }: Props) {
  const room = useRoomState();
  const act = useAct();
  const isHost = room.permissions.roomAdmin;
  const queue = participants
    .filter(({ raisedHandAt }) => raisedHandAt !== undefined)
    .sort((a, b) => Number(a.raisedHandAt) - Number(b.raisedHandAt));
  const others = participants.filter((participant) => !queue.includes(participant));

  return (
    <SidePanel title="Participants" count={participants.length} testId="participants-panel" onClose={onClose}>
      <LobbySection />
      {isHost && participants.length > 1 && (
        <div className={styles.tools}>
          <Button data-testid="mute-all" onClick={() => act(room.moderation.muteAll())}>
            Mute all
          </Button>
          {queue.length > 0 && (
            <Button onClick={() => act(room.moderation.lowerAllHands())}>Lower all hands</Button>
          )}
        </div>
      )}
      <ul className={styles.list}>
        {[...queue, ...others].map((participant) => (
          <ParticipantRow
            key={participant.participantId}
            participant={participant}
            place={queue.indexOf(participant) + 1}
          />
        ))}
      </ul>
      <RoomInvitation />
    </SidePanel>
  );
}
