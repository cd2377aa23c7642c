import type { Participant } from '@parley/client-sdk';
import { Mic, MicOff, MonitorUp, Phone, Video, VideoOff, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Avatar } from '../../ui/Avatar.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { InviteLink } from '../../ui/InviteLink.tsx';
import styles from './ParticipantsPanel.module.css';

interface Props {
  participants: readonly Participant[];
  roomName: string;
  onClose: () => void;
}

/** Who is here and what they send; beside the stage, or a sheet over it on a phone. */
export function ParticipantsPanel({ participants, roomName, onClose }: Props) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    <>
      <div className={styles.backdrop} onClick={onClose} aria-hidden="true" />
      <aside
        ref={panel}
        className={styles.panel}
        aria-label="Participants"
        tabIndex={-1}
        data-testid="participants-panel"
      >
        <header className={styles.header}>
          <h2 className={styles.title}>
            Participants <span className={styles.count}>{participants.length}</span>
          </h2>
          <IconButton label="Close participants" icon={X} look="quiet" onClick={onClose} />
        </header>
        <ul className={styles.list}>
          {participants.map((participant) => (
            <ParticipantRow key={participant.participantId} participant={participant} />
          ))}
        </ul>
        <InviteLink roomName={roomName} />
      </aside>
    </>
  );
}

const ROLE_WORDS: Partial<Record<Participant['role'], string>> = {
  owner: 'Owner',
  host: 'Host',
  viewer: 'Viewer',
};

function ParticipantRow({ participant }: { participant: Participant }) {
  const { displayName, identity, isLocal, connection, role, kind } = participant;
  const microphoneOn = participant.getPublication('microphone')?.muted === false;
  const cameraOn = participant.getPublication('camera')?.muted === false;
  const sharing = participant.getPublication('screen') !== undefined;
  const words = connection === 'interrupted' ? 'Connection lost, waiting…' : ROLE_WORDS[role];
  const MicIcon = microphoneOn ? Mic : MicOff;
  const CameraIcon = cameraOn ? Video : VideoOff;
  return (
    <li className={styles.row} data-identity={identity}>
      <Avatar displayName={displayName} identity={identity} size={38} />
      <div className={styles.who}>
        <span className={styles.name}>
          {displayName}
          {isLocal && <span className={styles.you}> (you)</span>}
        </span>
        {words !== undefined && <span className={styles.words}>{words}</span>}
      </div>
      <div className={styles.states}>
        {sharing && (
          <MonitorUp size={18} role="img" aria-label="Shares a screen" className={styles.sharing} />
        )}
        {kind === 'phone' ? (
          <Phone size={18} role="img" aria-label="By phone" />
        ) : (
          <CameraIcon size={18} role="img" aria-label={cameraOn ? 'Camera on' : 'Camera off'} />
        )}
        <MicIcon
          size={18}
          role="img"
          aria-label={microphoneOn ? 'Microphone on' : 'Muted'}
          className={microphoneOn ? undefined : styles.muted}
        />
      </div>
    </li>
  );
}
