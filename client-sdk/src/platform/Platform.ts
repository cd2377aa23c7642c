import type { DeviceOptions } from 'mediasoup-client/types';

/** What the SDK needs from where it runs. */
export interface Platform {
  readonly name: 'browser' | 'electron' | 'reactNative';
  readonly userAgent: string;
  createWebSocket(url: string): WebSocket;
  /** Options of mediasoup-client's Device; none where it finds out by itself. */
  deviceOptions(): DeviceOptions;
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** undefined where a screen cannot be shared. */
  readonly getDisplayMedia: ((options: DisplayMediaStreamOptions) => Promise<MediaStream>) | undefined;
  enumerateDevices(): Promise<MediaDeviceInfo[]>;
  /** Calls back when devices come or go; gives a function that stops it. */
  onDeviceChange(listener: () => void): () => void;
  /** Calls back when the network may have become reachable; gives a function that stops it. */
  onOnline(listener: () => void): () => void;
  /** Calls back when the page or app goes for good; gives a function that stops it. */
  onExit(listener: () => void): () => void;
}
