import type { LobbyVisit } from './LobbyVisit.ts';
import type { PublishDefaults } from './media/encodings.ts';
import type { Platform } from './platform/Platform.ts';
import { browserPlatform } from './platform/browser.ts';
import { defaultDelay } from './signal/backoff.ts';

export interface RoomOptions {
  /** Name that others see; that of the token when absent. */
  displayName?: string;
  /** Password of the room, where it has one. */
  password?: string;
  /** Called when one has to wait in the lobby before one is in; `Room.connect` resolves when a host lets one in. */
  onKnocking?: (visit: LobbyVisit) => void;
  /** Receive everything that is published. true by default. */
  autoSubscribe?: boolean;
  /** Choose layers by the size at which a video is shown, and pause what is not seen. true by default. */
  adaptiveStream?: boolean;
  /** Switch off layers that nobody wants. true by default. */
  dynacast?: boolean;
  reconnect?: {
    /** How long mending a connection may take before it is given up, ms. 120,000 by default. */
    maxDuration?: number;
    /** Milliseconds to wait before an attempt, counted from 0. */
    delay?: (attempt: number) => number;
  };
  publishDefaults?: PublishDefaults;
  audioConstraints?: MediaTrackConstraints;
  videoConstraints?: MediaTrackConstraints;
  /** Send media over TCP only, for networks without UDP. */
  forceTcp?: boolean;
  platform?: Platform;
}

export interface ResolvedOptions {
  displayName: string | undefined;
  password: string | undefined;
  onKnocking: ((visit: LobbyVisit) => void) | undefined;
  autoSubscribe: boolean;
  adaptiveStream: boolean;
  dynacast: boolean;
  maxDuration: number;
  delay: (attempt: number) => number;
  publishDefaults: PublishDefaults;
  audioConstraints: MediaTrackConstraints;
  videoConstraints: MediaTrackConstraints;
  forceTcp: boolean;
  platform: Platform;
}

export function resolveOptions(options: RoomOptions): ResolvedOptions {
  return {
    displayName: options.displayName,
    password: options.password,
    onKnocking: options.onKnocking,
    autoSubscribe: options.autoSubscribe ?? true,
    adaptiveStream: options.adaptiveStream ?? true,
    dynacast: options.dynacast ?? true,
    maxDuration: options.reconnect?.maxDuration ?? 120_000,
    delay: options.reconnect?.delay ?? defaultDelay,
    publishDefaults: options.publishDefaults ?? {},
    audioConstraints: options.audioConstraints ?? {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    },
    videoConstraints: options.videoConstraints ?? {
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
    },
    forceTcp: options.forceTcp ?? false,
    platform: options.platform ?? browserPlatform,
  };
}
