import type { Room } from '@parley/client-sdk';
import { RoomProvider } from '@parley/client-sdk/react';
import { MeetingView } from './MeetingView.tsx';
import type { MediaStart } from './startMedia.ts';

interface Props {
  room: Room;
  start: MediaStart;
}

export function MeetingPage({ room, start }: Props) {
  return (
    <RoomProvider room={room}>
      <MeetingView start={start} />
    </RoomProvider>
  );
}
