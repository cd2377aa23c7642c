import { browserPlatform } from '../platform/browser.ts';
import type { Platform } from '../platform/Platform.ts';
import { DeviceError } from './DeviceError.ts';

/** Devices of a kind, or all. Names and ids are empty before the person has allowed a device. */
export async function listDevices(
  kind?: MediaDeviceKind,
  platform: Platform = browserPlatform,
): Promise<MediaDeviceInfo[]> {
  const devices = await platform.enumerateDevices();
  return kind === undefined ? devices : devices.filter((device) => device.kind === kind);
}

/** Calls back when a device is plugged in or out; gives a function that stops it. */
export function onDevicesChanged(listener: () => void, platform: Platform = browserPlatform): () => void {
  return platform.onDeviceChange(listener);
}

/** Opens microphone and camera. The caller stops the tracks. Rejects with DeviceError. */
export async function createLocalTracks(
  constraints: MediaStreamConstraints,
  platform: Platform = browserPlatform,
): Promise<MediaStreamTrack[]> {
  try {
    return (await platform.getUserMedia(constraints)).getTracks();
  } catch (error) {
    throw DeviceError.from(error);
  }
}

/** Asks for a screen, and its sound where the browser has it. Rejects with DeviceError. */
export async function createScreenTracks(
  options: DisplayMediaStreamOptions,
  platform: Platform = browserPlatform,
): Promise<MediaStreamTrack[]> {
  if (!platform.getDisplayMedia)
    throw new DeviceError('unsupported', { message: 'This device cannot share its screen. Use a computer.' });
  try {
    return (await platform.getDisplayMedia(options)).getTracks();
  } catch (error) {
    throw DeviceError.from(error);
  }
}
