import { DeviceError, type Room } from '@parley/client-sdk';
import type { DeviceKind, DeviceProblem } from '../../lib/errorTexts.ts';
import type { DeviceChoice, DeviceChoices } from '../prejoin/joinChoices.ts';
import { chosenDevice } from './chosenDevice.ts';

export interface MediaProblem {
  device: DeviceKind;
  problem: DeviceProblem;
}

type Device = keyof DeviceChoices;

/** How the start of microphone and camera goes, right after joining. */
export interface MediaStart {
  /** What is on its way; shown as on already, since it is what was chosen. */
  pending: readonly Device[];
  problem: MediaProblem | null;
  /** Settles when the device is started or has failed. A switch that is pressed before waits for it. */
  done: Readonly<Record<Device, Promise<unknown>>>;
}

/** Publishes what was chosen before joining; `changed` is called at once and with each step. */
export async function startMedia(
  room: Room,
  choices: DeviceChoices,
  changed: (start: MediaStart) => void,
): Promise<void> {
  const done = {
    microphone: start(room, 'microphone', choices.microphone),
    camera: start(room, 'camera', choices.camera),
  };
  let pending = (['microphone', 'camera'] as const).filter((device) => choices[device].on);
  const settle = async (device: Device) => {
    const problem = await done[device];
    pending = pending.filter((other) => other !== device);
    changed({ pending, problem: null, done });
    return problem;
  };
  changed({ pending, problem: null, done });
  const [microphone, camera] = await Promise.all([settle('microphone'), settle('camera')]);
  changed({ pending: [], problem: problemOf(microphone, camera), done });
}

function problemOf(microphone: DeviceProblem | null, camera: DeviceProblem | null): MediaProblem | null {
  if (camera !== null) return { device: microphone === camera ? 'both' : 'camera', problem: camera };
  return microphone === null ? null : { device: 'microphone', problem: microphone };
}

async function start(room: Room, device: Device, { on, track }: DeviceChoice): Promise<DeviceProblem | null> {
  const { canPublish, canPublishSources } = room.permissions;
  const mustAsk = device === 'microphone' && room.localParticipant.unmuting !== 'free';
  if (!on || mustAsk || !canPublish || !canPublishSources.includes(device)) {
    track?.stop();
    return null;
  }
  try {
    await publish(room, device, track);
    return null;
  } catch (error) {
    track?.stop();
    return error instanceof DeviceError ? error.kind : 'other';
  }
}

/** The track of the preview as it is, so that the picture does not blink; or else a newly opened device. */
async function publish(room: Room, device: Device, track: MediaStreamTrack | null): Promise<void> {
  const { localParticipant } = room;
  if (track !== null && track.readyState === 'live') {
    await localParticipant.publishTrack(track, { source: device });
    return;
  }
  const choice = await chosenDevice(device);
  if (device === 'microphone') await localParticipant.setMicrophoneEnabled(true, choice);
  else await localParticipant.setCameraEnabled(true, choice);
}
