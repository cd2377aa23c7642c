import { AudioRenderer } from '@parley/client-sdk/react';
import { usePreferences } from '../../hooks/usePreferences.ts';

/** The sound of everybody else, to the chosen speaker. */
export function RoomAudio() {
  const { speakerId } = usePreferences();
  return <AudioRenderer sinkId={speakerId} />;
}
