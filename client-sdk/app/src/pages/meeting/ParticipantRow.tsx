import type { Participant } from '@parley/client-sdk';
import { useRoomState } from '@parley/client-sdk/react';
import { Hand, Mic, MicOff, MonitorUp, Phone, Video, VideoOff } from 'lucide-react';
import { phoneWords } from '../../lib/callTexts.ts';
import { loudnessOf } from '../../lib/loudness.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { ParticipantMenu } from './host/ParticipantMenu.tsx';
import { isMicrophoneOn } from './microphoneOf.ts';
import styles from './ParticipantsPanel.module.css';
import { useNumberOf } from './phones/useNumberOf.ts';
import { SpeakingBars } from './SpeakingBars.tsx';
import { useAct } from './useAct.ts';

const ROLE_WORDS: Partial<Record<Participant['role'], string>> = {
  owner: 'Owner',
  host: 'Host',
  viewer: 'Viewer',
};

interface Props {
  participant: Participant;
  /** Place in the queue of raised hands, counted from 1; 0 when the hand is down. */
  place: number;
}

export function ParticipantRow({ participant, place }: Props) {
  const room = useRoomState();
  const act = useAct();
  const { participantId, displayName, identity, isLocal, connection, role, unmuting } = participant;
  const isHost = room.permissions.roomAdmin;
  const asks = unmuting === 'requested';
  const byPhone = phoneWords(participant, { number: useNumberOf(participant), short: true });
  const words =
    connection === 'interrupted'
      ? 'Connection lost, waiting…'
      : [ROLE_WORDS[role], byPhone].filter((part) => part !== undefined).join(' · ');
  return (
    <li className={styles.row} data-identity={identity} data-speaking={participant.isSpeaking}>
      <span className={classes(styles.face, participant.isSpeaking && styles.speaking)}>
        <Avatar displayName={displayName} identity={identity} size={38} />
      </span>
      <div className={styles.who}>
        <span className={styles.name}>
          {displayName}
          {isLocal && <span className={styles.you}> (you)</span>}
        </span>
        {asks ? (
          <span className={styles.asks}>Asks to unmute</span>
        ) : (
          words !== '' && <span className={styles.words}>{words}</span>
        )}
      </div>
      {isHost && asks && !isLocal ? (
        <>
          <Button
            look="primary"
            data-testid="allow-unmute"
            onClick={() => act(room.moderation.answerUnmute(participantId, true))}
          >
            Allow
          </Button>
          <Button onClick={() => act(room.moderation.answerUnmute(participantId, false))}>No</Button>
        </>
      ) : (
        <States participant={participant} place={place} />
      )}
      {isHost && !isLocal && <ParticipantMenu participant={participant} />}
    </li>
  );
}

function States({ participant, place }: Props) {
  const microphoneOn = isMicrophoneOn(participant);
  const cameraOn = participant.getPublication('camera')?.muted === false;
  const isPhone = participant.kind === 'phone';
  const sharing = participant.getPublication('screen') !== undefined;
  const MicIcon = microphoneOn ? Mic : MicOff;
  const CameraIcon = cameraOn ? Video : VideoOff;
  return (
    <div className={styles.states}>
      {place > 0 && (
        <span className={styles.hand} role="img" aria-label={`Hand raised, number ${place}`}>
          <Hand size={18} aria-hidden />
          {place}
        </span>
      )}
      {sharing && <MonitorUp size={18} role="img" aria-label="Shares a screen" className={styles.sharing} />}
      {isPhone ? (
        <Phone size={18} role="img" aria-label="By phone" />
      ) : (
        <CameraIcon size={18} role="img" aria-label={cameraOn ? 'Camera on' : 'Camera off'} />
      )}
      {isPhone && microphoneOn ? (
        <span role="img" aria-label="Microphone on" className={styles.level}>
          <SpeakingBars level={loudnessOf(participant.audioLevel)} />
        </span>
      ) : (
        <MicIcon
          size={18}
          role="img"
          aria-label={microphoneOn ? 'Microphone on' : 'Muted'}
          className={microphoneOn ? undefined : styles.muted}
        />
      )}
    </div>
  );
}
