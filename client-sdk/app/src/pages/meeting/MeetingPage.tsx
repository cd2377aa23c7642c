import type { Room } from '@parley/client-sdk';
import { RoomProvider } from '@parley/client-sdk/react';
import { MeetingView } from './MeetingView.tsx';
import type { MediaStart } from './startMedia.ts';

interface Props {
  room: Room;
  start: MediaStart;
  /** A number to call at once. */
  dial?: string;
}

export function MeetingPage({ room, ...rest }: Props) {
  return (
    <RoomProvider room={room}>
      <MeetingView {...rest} />
    </RoomProvider>
  );
}
