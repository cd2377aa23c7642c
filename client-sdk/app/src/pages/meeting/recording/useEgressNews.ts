import type { EgressState, Room } from '@parley/client-sdk';
import { useEffect } from 'react';
import { egressNews } from '../../../lib/recordingTexts.ts';

const NOTHING: EgressState = { recordings: [], live: null };

/** Tells when recording and streaming begin and end; also to whoever comes while they go on. */
export function useEgressNews(room: Room, notify: (text: string) => void): void {
  useEffect(() => {
    let before = NOTHING;
    const handleChange = (now: EgressState) => {
      for (const line of egressNews(before, now)) notify(line);
      before = now;
    };
    // In another room other things are recorded: what is not there has not ended.
    const handleMoved = () => {
      before = { ...NOTHING, live: before.live };
    };
    handleChange({ recordings: [...room.recording.list], live: room.live.stream });
    room.on('recordingChanged', handleChange).on('moved', handleMoved);
    return () => void room.off('recordingChanged', handleChange).off('moved', handleMoved);
  }, [room, notify]);
}
