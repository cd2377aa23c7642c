import type { Room } from '@parley/client-sdk';
import { RoomProvider } from '@parley/client-sdk/react';
import { MeetingView } from './MeetingView.tsx';
import type { MediaProblem } from './useMediaControls.ts';

interface Props {
  room: Room;
  /** What went wrong while microphone and camera were started. */
  startProblem: MediaProblem | null;
}

export function MeetingPage({ room, startProblem }: Props) {
  return (
    <RoomProvider room={room}>
      <MeetingView startProblem={startProblem} />
    </RoomProvider>
  );
}
