import type { Platform } from './Platform.ts';

/** What the SDK takes from `react-native-webrtc`, handed in so that it is no dependency of others. */
export interface ReactNativeWebRtc {
  registerGlobals(): void;
  mediaDevices: Pick<MediaDevices, 'getUserMedia' | 'getDisplayMedia' | 'enumerateDevices'>;
}

/** React Native with react-native-webrtc. `onOnline` subscribes to the app's source of network changes. */
export function createReactNativePlatform(
  webrtc: ReactNativeWebRtc,
  options: { onOnline?: (listener: () => void) => () => void } = {},
): Platform {
  webrtc.registerGlobals();
  const nothingToStop = (): void => undefined;
  return {
    name: 'reactNative',
    userAgent: 'ReactNative',
    createWebSocket: (url) => new WebSocket(url),
    deviceOptions: () => ({ handlerName: 'ReactNative106' }),
    getUserMedia: (constraints) => webrtc.mediaDevices.getUserMedia(constraints),
    getDisplayMedia: (displayOptions) => webrtc.mediaDevices.getDisplayMedia(displayOptions),
    enumerateDevices: () => webrtc.mediaDevices.enumerateDevices(),
    onDeviceChange: () => nothingToStop,
    onOnline: options.onOnline ?? (() => nothingToStop),
    onExit: () => nothingToStop,
  };
}
