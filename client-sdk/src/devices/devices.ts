import { browserPlatform } from '../platform/browser.ts';
import type { Platform } from '../platform/Platform.ts';
import { DeviceError } from './DeviceError.ts';

/** Tracks that were opened here. Whoever asked for one may stop it; if it is published, the SDK does so in the end. */
const opened = new WeakSet<MediaStreamTrack>();

/** Whether the SDK opened the track, and therefore may stop it. */
export function isOpenedHere(track: MediaStreamTrack): boolean {
  return opened.has(track);
}

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

/**
 * Opens microphone and camera. The caller stops the tracks, except those that they publish: these stop when they are
 * unpublished, and a camera when it is muted. Rejects with DeviceError.
 */
export function createLocalTracks(
  constraints: MediaStreamConstraints,
  platform: Platform = browserPlatform,
): Promise<MediaStreamTrack[]> {
  return open(() => platform.getUserMedia(constraints));
}

/** Asks for a screen, and its sound where the browser has it. Rejects with DeviceError. */
export async function createScreenTracks(
  options: DisplayMediaStreamOptions,
  platform: Platform = browserPlatform,
): Promise<MediaStreamTrack[]> {
  const { getDisplayMedia } = platform;
  if (!getDisplayMedia)
    throw new DeviceError('unsupported', { message: 'This device cannot share its screen. Use a computer.' });
  return open(() => getDisplayMedia(options));
}

async function open(ask: () => Promise<MediaStream>): Promise<MediaStreamTrack[]> {
  try {
    const tracks = (await ask()).getTracks();
    for (const track of tracks) opened.add(track);
    return tracks;
  } catch (error) {
    throw DeviceError.from(error);
  }
}
