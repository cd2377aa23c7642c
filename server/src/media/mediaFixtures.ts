/** What the tests of this folder share: a pool on free ports, participants, and RTP parameters as a browser writes them. */
import { vi } from 'vitest';
import type {
  AnyNotification,
  MethodParams,
  NotificationName,
  NotificationParams,
  Permissions,
} from '@parley/protocol';
import { loadConfig } from '../config/loadConfig.ts';
import type { Config } from '../config/schema.ts';
import { createLogger } from '../observability/logger.ts';
import { Metrics } from '../observability/Metrics.ts';
import type { Endpoint } from './Endpoint.ts';
import type { MediaRoom } from './MediaRoom.ts';
import { MAIN_ZONE } from './zones.ts';
import { WorkerPool } from './WorkerPool.ts';

/** Waits until a check passes; how long that may take says nothing about the code, so there is plenty of time. */
export const eventually = <T>(check: () => T): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });

export const logger = createLogger('silent');

export function mediaConfig(changes: Partial<Config['media']> = {}): Config['media'] {
  const { media } = loadConfig({ PARLEY_DATA_DIR: '/nonexistent' });
  return { ...media, port: 0, workers: 1, listenIp: '127.0.0.1', ...changes };
}

export async function createPool(changes: Partial<Config['media']> = {}) {
  const metrics = new Metrics();
  const pool = await WorkerPool.create({ config: mediaConfig(changes), logger, metrics });
  return { pool, metrics };
}

export const ALL_PERMISSIONS: Permissions = {
  canPublish: true,
  canPublishSources: ['microphone', 'camera', 'screen', 'screenAudio'],
  canPublishData: true,
  canSubscribe: true,
  canUpdateOwnMetadata: true,
  roomAdmin: false,
  canChat: true,
  canUploadFiles: true,
  canRecord: false,
  canRename: true,
  canAdmit: false,
  canDial: false,
  hidden: false,
};

/** A participant that remembers what it was told. */
export class Guest {
  readonly heard: AnyNotification[] = [];
  readonly endpoint: Endpoint;
  readonly permissions: Permissions;

  constructor(
    room: MediaRoom,
    participantId: string,
    {
      isRecorder = false,
      iceConsent = true,
      ...permissions
    }: Partial<Permissions> & { isRecorder?: boolean; iceConsent?: boolean } = {},
  ) {
    this.permissions = { ...ALL_PERMISSIONS, ...permissions };
    this.endpoint = room.createEndpoint({
      participantId,
      permissions: this.permissions,
      isRecorder,
      iceConsent,
      zoneId: MAIN_ZONE,
      notify: (notification) => this.heard.push(notification),
    });
  }

  of<N extends NotificationName>(method: N): NotificationParams<N>[] {
    return this.heard
      .filter((notification) => notification.method === method)
      .map(({ params }) => params as NotificationParams<N>);
  }

  createSend() {
    return this.endpoint.createTransport({ direction: 'send' });
  }

  createRecv(room: MediaRoom) {
    return this.endpoint.createTransport({ direction: 'recv', rtpCapabilities: room.rtpCapabilities });
  }
}

let nextSsrc = 1_000;
type Publish = MethodParams<'media.publish'>;

export function microphone(transportId: string): Publish {
  nextSsrc += 1;
  return {
    transportId,
    source: 'microphone',
    kind: 'audio',
    rtpParameters: {
      mid: `${nextSsrc}`,
      codecs: [
        {
          mimeType: 'audio/opus',
          payloadType: 111,
          clockRate: 48_000,
          channels: 2,
          parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
        },
      ],
      headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 1 }],
      encodings: [{ ssrc: nextSsrc }],
      rtcp: { cname: 'cname' },
    },
  };
}

/** VP8 simulcast in three layers, 1280 by 720. */
export function camera(transportId: string, source: 'camera' | 'screen' = 'camera'): Publish {
  nextSsrc += 1;
  return {
    transportId,
    source,
    kind: 'video',
    width: 1280,
    height: 720,
    rtpParameters: {
      mid: `${nextSsrc}`,
      codecs: [
        {
          mimeType: 'video/VP8',
          payloadType: 96,
          clockRate: 90_000,
          rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        },
        { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
      ],
      headerExtensions: [
        { uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 10 },
        { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 11 },
        { uri: 'urn:example:unknown-to-mediasoup', id: 12 },
      ],
      encodings: [4, 2, 1].map((scaleResolutionDownBy, index) => ({
        rid: `r${index}`,
        scaleResolutionDownBy,
        scalabilityMode: 'L1T3',
      })),
      rtcp: { cname: 'cname' },
    },
  };
}
