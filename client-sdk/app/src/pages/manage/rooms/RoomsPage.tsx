import type { RoomInfo } from '@parley/client-sdk';
import { DoorOpen, Phone } from 'lucide-react';
import { useCallback } from 'react';
import { useDocumentTitle } from '../../../hooks/useDocumentTitle.ts';
import { usePages } from '../../../hooks/usePages.ts';
import { useSignedInHost } from '../../../hooks/useSignedInHost.ts';
import { needsSignIn } from '../../../lib/manageErrorTexts.ts';
import { pathOfPhones } from '../../../routing/phonePlace.ts';
import { pathOfPlace } from '../../../routing/roomPlace.ts';
import { navigate } from '../../../routing/useRoute.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { LinkButton } from '../../../ui/LinkButton.tsx';
import { CallPhone } from '../../calls/CallPhone.tsx';
import { PagesView } from '../LoadedView.tsx';
import { ManageFrame } from '../ManageFrame.tsx';
import { server } from '../server.ts';
import { SignInNeeded } from '../SignInNeeded.tsx';
import { CreateRoom } from './CreateRoom.tsx';
import { RoomCard } from './RoomCard.tsx';
import styles from './RoomsPage.module.css';

/** All rooms of the server, who is in them now, and a way to make one. */
export function RoomsPage() {
  useDocumentTitle('Rooms');
  const host = useSignedInHost()?.host;
  const pages = usePages<RoomInfo>(useCallback((page) => server.listRooms(page), []));
  if (pages.loaded.at === 'failed' && needsSignIn(pages.loaded.error)) return <SignInNeeded />;
  return (
    <ManageFrame>
      <header className={styles.header}>
        <h1>Rooms</h1>
        <div className={styles.actions}>
          {host?.phones === true && <CallPhone />}
          {host?.isAdmin === true && (
            <LinkButton href={pathOfPhones()} data-testid="phones-link">
              <Phone size={18} aria-hidden /> Phones
            </LinkButton>
          )}
          {pages.loaded.at === 'ready' && (
            <CreateRoom onCreated={({ name }) => navigate(pathOfPlace({ room: name }))} />
          )}
        </div>
      </header>
      <PagesView
        pages={pages}
        empty={
          <EmptyState
            icon={DoorOpen}
            title="No rooms yet"
            text="A room keeps its link, its settings and its history from one meeting to the next. Make one for each group that meets again; for a single call, the front page is enough."
          />
        }
      >
        {(rooms) => (
          <ul className={styles.rooms} data-testid="rooms">
            {rooms.map((room) => (
              <RoomCard key={room.roomId} room={room} />
            ))}
          </ul>
        )}
      </PagesView>
    </ManageFrame>
  );
}
