import { DeviceError, type Room } from '@parley/client-sdk';
import type { DeviceChoices } from '../prejoin/joinChoices.ts';
import { chosenDevice } from './chosenDevice.ts';
import type { MediaProblem } from './useMediaControls.ts';

/**
 * Publishes what was chosen before joining: the tracks of the preview as they are, so that the picture does
 * not blink, or else newly opened devices. Answers what went wrong, if anything did.
 */
export async function startMedia(room: Room, choices: DeviceChoices): Promise<MediaProblem | null> {
  const { canPublish, canPublishSources } = room.permissions;
  const problems = await Promise.all(
    (['microphone', 'camera'] as const).map(async (device): Promise<MediaProblem | null> => {
      const { on, track } = choices[device];
      if (!on || !canPublish || !canPublishSources.includes(device)) {
        track?.stop();
        return null;
      }
      try {
        await publish(room, device, track);
        return null;
      } catch (error) {
        track?.stop();
        return { device, problem: error instanceof DeviceError ? error.kind : 'other' };
      }
    }),
  );
  const [microphone = null, camera = null] = problems;
  if (microphone !== null && microphone.problem === camera?.problem) {
    return { device: 'both', problem: microphone.problem };
  }
  return camera ?? microphone;
}

async function publish(
  { localParticipant }: Room,
  device: 'microphone' | 'camera',
  track: MediaStreamTrack | null,
): Promise<void> {
  if (track !== null && track.readyState === 'live') {
    await localParticipant.publishTrack(track, { source: device });
    return;
  }
  const choice = await chosenDevice(device);
  if (device === 'microphone') await localParticipant.setMicrophoneEnabled(true, choice);
  else await localParticipant.setCameraEnabled(true, choice);
}
