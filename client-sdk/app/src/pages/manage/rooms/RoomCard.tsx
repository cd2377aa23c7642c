import type { ParticipantInfo, RoomInfo } from '@parley/client-sdk';
import { ChevronRight, Lock } from 'lucide-react';
import { useCallback } from 'react';
import { useLoad } from '../../../hooks/useLoad.ts';
import { count } from '../../../lib/moments.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { AppLink } from '../../../ui/AppLink.tsx';
import { Avatar } from '../../../ui/Avatar.tsx';
import { server } from '../server.ts';
import styles from './RoomsPage.module.css';

const MOST_FACES = 5;

export function RoomCard({ room }: { room: RoomInfo }) {
  const { name, settings, numParticipants } = room;
  const title = settings.title || name;
  return (
    <li>
      <AppLink href={pathOfPlace({ room: name })} className={styles.card} data-testid="room-card">
        <span className={styles.text}>
          <span className={styles.title}>
            {title}
            {settings.locked && <Lock size={15} role="img" aria-label="Locked" />}
          </span>
          <span className={styles.words}>
            {title === name ? '' : `${name} · `}
            {numParticipants === 0 ? 'Nobody is in' : `${count(numParticipants, 'person', 'people')} in now`}
          </span>
        </span>
        {numParticipants > 0 && <Faces roomName={name} />}
        <ChevronRight size={18} aria-hidden />
      </AppLink>
    </li>
  );
}

/** The first few who are in. */
function Faces({ roomName }: { roomName: string }) {
  const { loaded } = useLoad(
    useCallback(() => server.room(roomName).listParticipants({ limit: MOST_FACES }), [roomName]),
  );
  const people: ParticipantInfo[] = loaded.at === 'ready' ? loaded.data.items : [];
  return (
    <span className={styles.faces} title={people.map(({ displayName }) => displayName).join(', ')}>
      {people.map(({ identity, displayName }) => (
        <Avatar key={identity} identity={identity} displayName={displayName} size={32} />
      ))}
    </span>
  );
}
