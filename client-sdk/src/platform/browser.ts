import { DeviceError } from '../devices/DeviceError.ts';
import type { Platform } from './Platform.ts';

function mediaDevices(): MediaDevices {
  // Browsers hide this object from pages that are neither https nor localhost.
  const found = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
  if (!found) throw new DeviceError(globalThis.isSecureContext ? 'unsupported' : 'insecureContext');
  return found;
}

function listen(target: EventTarget | undefined, event: string, listener: () => void): () => void {
  target?.addEventListener(event, listener);
  return () => target?.removeEventListener(event, listener);
}

/** Any current browser: Chrome, Edge, Firefox, Safari. */
export const browserPlatform: Platform = {
  name: 'browser',
  get userAgent() {
    return globalThis.navigator?.userAgent ?? '';
  },
  createWebSocket: (url) => new WebSocket(url),
  deviceOptions: () => ({}),
  getUserMedia: async (constraints) => mediaDevices().getUserMedia(constraints),
  get getDisplayMedia() {
    const devices = (globalThis.navigator as Partial<Navigator> | undefined)?.mediaDevices;
    // Phones have no such method, whatever the type says.
    if (!devices || !('getDisplayMedia' in devices)) return undefined;
    return (options: DisplayMediaStreamOptions) => devices.getDisplayMedia(options);
  },
  enumerateDevices: async () => mediaDevices().enumerateDevices(),
  onDeviceChange: (listener) => listen(globalThis.navigator?.mediaDevices, 'devicechange', listener),
  onOnline: (listener) => listen(globalThis.window, 'online', listener),
  onExit: (listener) => listen(globalThis.window, 'pagehide', listener),
};
