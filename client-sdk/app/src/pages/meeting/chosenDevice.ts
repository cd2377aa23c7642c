import { listDevices } from '@parley/client-sdk';
import { getPreferences } from '../../lib/preferences.ts';

/** The device that was chosen last, where it is still there; empty for the one the browser prefers. */
export async function chosenDevice(device: 'microphone' | 'camera'): Promise<{ deviceId: string }> {
  const { microphoneId, cameraId } = getPreferences();
  const deviceId = device === 'microphone' ? microphoneId : cameraId;
  const devices = await listDevices(device === 'microphone' ? 'audioinput' : 'videoinput').catch(() => []);
  return { deviceId: devices.some((found) => found.deviceId === deviceId) ? deviceId : '' };
}
