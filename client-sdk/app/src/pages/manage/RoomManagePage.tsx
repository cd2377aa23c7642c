import type { RoomAdmin, RoomInfo } from '@parley/client-sdk';
import { useCallback, useState } from 'react';
import { useDocumentTitle } from '../../hooks/useDocumentTitle.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { isCode, needsSignIn } from '../../lib/manageErrorTexts.ts';
import type { RoomPlace } from '../../routing/roomPlace.ts';
import { BackLink } from '../../ui/BackLink.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ActivitySection } from './activity/ActivitySection.tsx';
import { BanSection } from './bans/BanSection.tsx';
import { MeetingList } from './history/MeetingList.tsx';
import { MeetingReport } from './history/MeetingReport.tsx';
import { InviteSection } from './invites/InviteSection.tsx';
import { LoadedView } from './LoadedView.tsx';
import { ManageFrame } from './ManageFrame.tsx';
import { OverviewSection } from './overview/OverviewSection.tsx';
import { RoomPhoneSection } from './phones/RoomPhoneSection.tsx';
import { RecordingLibrary } from './recordings/RecordingLibrary.tsx';
import { RecordingPage } from './recordings/RecordingPage.tsx';
import styles from './RoomManagePage.module.css';
import { ScheduleSection } from './schedule/ScheduleSection.tsx';
import { SectionLinks } from './SectionLinks.tsx';
import { server } from './server.ts';
import { SettingsPage } from './settings/SettingsPage.tsx';
import { SignInNeeded } from './SignInNeeded.tsx';

/** One room, as its hosts run it. */
export function RoomManagePage({ place }: { place: RoomPlace }) {
  const { room: roomName } = place;
  const [admin] = useState(() => server.room(roomName));
  const { loaded, reload } = useLoad(useCallback(() => findRoom(admin), [admin]));
  const [changed, setChanged] = useState<RoomInfo | null>(null);
  const info = changed ?? (loaded.at === 'ready' ? loaded.data : null);
  const title = info?.settings.title || roomName;
  useDocumentTitle(title);
  if (loaded.at === 'failed' && needsSignIn(loaded.error)) return <SignInNeeded />;
  return (
    <ManageFrame>
      <header className={styles.header}>
        <BackLink href="/rooms">Rooms</BackLink>
        <h1 className={styles.title}>{title}</h1>
      </header>
      <LoadedView loaded={loaded} reload={reload}>
        {(found) => (
          <>
            <SectionLinks place={place} isGone={found === null} />
            <Section place={place} admin={admin} room={changed ?? found} onChanged={setChanged} />
          </>
        )}
      </LoadedView>
    </ManageFrame>
  );
}

/** null when it is gone: what was in it is still known. */
async function findRoom(admin: RoomAdmin): Promise<RoomInfo | null> {
  try {
    return await admin.get();
  } catch (error) {
    if (isCode(error, 'ROOM_NOT_FOUND')) return null;
    throw error;
  }
}

interface SectionProps {
  place: RoomPlace;
  admin: RoomAdmin;
  room: RoomInfo | null;
  onChanged: (room: RoomInfo) => void;
}

function Section({ place: { section, item }, admin, room, onChanged }: SectionProps) {
  if (section === 'meetings')
    return item === null ? (
      <MeetingList admin={admin} />
    ) : (
      <MeetingReport key={item} admin={admin} meetingId={item} />
    );
  if (section === 'recordings')
    return item === null ? (
      <RecordingLibrary admin={admin} />
    ) : (
      <RecordingPage key={item} room={admin.name} admin={admin} recordingId={item} />
    );
  if (section === 'activity') return <ActivitySection admin={admin} />;
  if (room === null) return <Notice tone="warning" text={GONE} testId="room-gone" />;
  switch (section) {
    case 'overview':
      return <OverviewSection admin={admin} room={room} />;
    case 'settings':
      return <SettingsPage admin={admin} room={room} onChanged={onChanged} />;
    case 'invites':
      return <InviteSection admin={admin} />;
    case 'schedule':
      return <ScheduleSection roomName={room.name} />;
    case 'phones':
      return <RoomPhoneSection admin={admin} room={room} />;
    case 'bans':
      return <BanSection admin={admin} />;
  }
}

const GONE = {
  title: 'This room is not there',
  text: 'It was never made, it was deleted, or it was made for one meeting only, which has ended. What is still known of it stands under Meetings, Recordings and Activity.',
};
