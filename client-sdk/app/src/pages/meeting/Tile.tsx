import { useParticipant } from '@parley/client-sdk/react';
import { MicOff, MonitorUp, Phone, Pin, PinOff } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { loudnessOf } from '../../lib/loudness.ts';
import { isMicrophoneOn } from './microphoneOf.ts';
import { useNumberOf } from './phones/useNumberOf.ts';
import { phoneWords } from '../../lib/callTexts.ts';
import { Avatar } from '../../ui/Avatar.tsx';
import { classes } from '../../ui/classes.ts';
import { SpeakingBars } from './SpeakingBars.tsx';
import styles from './Tile.module.css';
import type { TileModel } from './tiles.ts';
import { TileVideo } from './TileVideo.tsx';

interface Props {
  tile: TileModel;
  role: 'grid' | 'stage' | 'strip';
  style: CSSProperties;
  size: { width: number; height: number };
  pinned: boolean;
  mirrored: boolean;
  onTogglePin: () => void;
}

/** One participant, or one shared screen. A click pins it. */
export function Tile({
  tile: { participant, source },
  role,
  style,
  size,
  pinned,
  mirrored,
  onTogglePin,
}: Props) {
  useParticipant(participant);
  const { participantId, identity, displayName, isLocal, connection, phone } = participant;
  const publication = participant.getPublication(source);
  const showsVideo = publication !== undefined && !publication.muted;
  const speaking = source === 'camera' && participant.isSpeaking;
  const interrupted = connection === 'interrupted';
  const name = nameOf({ displayName, isLocal, source });
  const PinIcon = pinned ? PinOff : Pin;

  return (
    <div
      className={classes(styles.tile, styles[role], speaking && styles.speaking)}
      style={style}
      data-testid="tile"
      data-identity={identity}
      data-participant-id={participantId}
      data-source={source}
      data-speaking={speaking}
      data-role={role}
    >
      <Placeholder participant={participant} source={source} size={size}>
        {!showsVideo && role !== 'strip' && <PhoneWords participant={participant} />}
      </Placeholder>
      {showsVideo && <TileVideo publication={publication} mirrored={mirrored} whole={source === 'screen'} />}
      {phone?.onHold === true && source === 'camera' && !interrupted && (
        <div className={styles.held}>On hold</div>
      )}
      {interrupted && <div className={styles.interrupted}>Connection lost, waiting…</div>}
      <button
        type="button"
        className={styles.pin}
        aria-label={`${pinned ? 'Unpin' : 'Pin'} ${name}`}
        aria-pressed={pinned}
        onClick={onTogglePin}
      >
        <span className={styles.pinIcon}>
          <PinIcon size={18} aria-hidden />
        </span>
      </button>
      <TileLabel participant={participant} source={source} name={name} />
    </div>
  );
}

type TileParts = Pick<TileModel, 'participant' | 'source'>;

/** Stays behind the video, for as long as no picture has come. */
function Placeholder({
  participant: { displayName, identity },
  source,
  size,
  children,
}: TileParts & Pick<Props, 'size'> & { children: ReactNode }) {
  return (
    <div className={styles.placeholder}>
      {source === 'screen' ? (
        <MonitorUp size={40} strokeWidth={1.4} aria-hidden />
      ) : (
        <>
          <Avatar displayName={displayName} identity={identity} size={avatarSize(size)} />
          {children}
        </>
      )}
    </div>
  );
}

/** By which phone somebody speaks. */
function PhoneWords({ participant }: Pick<TileModel, 'participant'>) {
  const words = phoneWords(participant, { number: useNumberOf(participant) });
  if (words === undefined) return null;
  return (
    <p className={styles.phone} data-testid="tile-phone">
      {words}
    </p>
  );
}

function TileLabel({ participant, source, name }: TileParts & { name: string }) {
  const muted = !isMicrophoneOn(participant);
  return (
    <div className={styles.label}>
      {source === 'screen' ? (
        <MonitorUp size={15} aria-hidden />
      ) : muted ? (
        <MicOff size={15} aria-label="Muted" role="img" className={styles.muted} />
      ) : (
        <SpeakingBars level={loudnessOf(participant.audioLevel)} />
      )}
      {isByPhone(participant) && source === 'camera' && <Phone size={15} role="img" aria-label="By phone" />}
      <span className={styles.name}>{name}</span>
    </div>
  );
}

const isByPhone = ({ kind, phone }: TileModel['participant']): boolean =>
  kind === 'phone' || phone !== undefined;

function nameOf(o: { displayName: string; isLocal: boolean; source: 'camera' | 'screen' }): string {
  if (o.source === 'screen') return o.isLocal ? 'Your screen' : `${o.displayName}’s screen`;
  return o.isLocal ? `${o.displayName} (you)` : o.displayName;
}

function avatarSize({ width, height }: { width: number; height: number }): number {
  return Math.round(Math.min(160, Math.min(width, height) * 0.42));
}
