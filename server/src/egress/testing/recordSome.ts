import { expect } from 'vitest';
import type { Joined } from '../../room/testing/RoomsHarness.ts';
import { eventually, type EgressHarness } from './EgressHarness.ts';

/** Begins a recording, of which there is something then; gives its recordingId. */
export async function recordSome(harness: EgressHarness, { room, participant }: Joined): Promise<string> {
  const { recordingId, started } = await room.perform(participant, 'recording.start', () =>
    room.recording.begin(participant, { breakoutId: null }),
  );
  await started;
  const lengthNow = () => harness.egress.stateOf(room.roomId, null).recordings[0]?.recordedMs;
  await eventually(() => expect(lengthNow()).toBeGreaterThanOrEqual(60));
  return recordingId;
}

export const stopRecording = ({ room, participant }: Joined): Promise<void> =>
  room.perform(participant, 'recording.stop', () =>
    room.recording.control(participant, { breakoutId: null }, { type: 'stop' }),
  );
