import type { AnyNotification, Permissions, RtpCapabilities } from '@parley/protocol';
import { randomBytes } from 'node:crypto';
import type { Endpoint } from './Endpoint.ts';
import type { EndpointOptions } from './endpointOptions.ts';
import { FIRST_WISH, NO_WISH } from './Subscription.ts';

/** RFC 6464. */
export const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** A sound that is sent to a listener, and whose it is. */
export interface Sound {
  ssrc: number;
  payloadType: number;
  participantId: string;
}

export interface ListenerOptions {
  zoneId: string;
  /** Called with all that is sent whenever that is something else. */
  changed(sounds: readonly Sound[]): void;
}

/** The media room, as who listens to it sees it. */
interface HeardRoom {
  readonly rtpCapabilities: RtpCapabilities;
  createEndpoint(options: EndpointOptions): Endpoint;
}

/** It is nobody, and sends nothing. */
const LISTENS: Permissions = {
  ...{ canPublish: false, canPublishSources: [], canPublishData: false, canSubscribe: true },
  ...{ canUpdateOwnMetadata: false, roomAdmin: false, canChat: false, canUploadFiles: false },
  ...{ canRecord: false, canRename: false, canAdmit: false, canDial: false, hidden: true },
};

/**
 * Hears all that sounds in a zone: each microphone and each shared sound once, as plain RTP to one address. Whoever is there
 * hears nothing of it.
 */
export class Listener {
  /** Of the header extension that says how loud a packet is, both ways. */
  readonly audioLevelExtensionId: number;
  readonly #endpoint: Endpoint;
  readonly #changed: ListenerOptions['changed'];
  readonly #sounds = new Map<string, Sound>();

  readonly #rtpCapabilities: RtpCapabilities;

  /** Throws MEDIA_UNAVAILABLE. */
  constructor(room: HeardRoom, { zoneId, changed }: ListenerOptions) {
    this.#changed = changed;
    this.#rtpCapabilities = soundOnly(room.rtpCapabilities);
    this.audioLevelExtensionId = this.#rtpCapabilities.headerExtensions?.[0]?.preferredId ?? 1;
    this.#endpoint = room.createEndpoint({
      participantId: `listener-${randomBytes(6).toString('hex')}`,
      permissions: LISTENS,
      zoneId,
      // What nobody looks at is not sent for its sake.
      firstWish: ({ producer }) => (producer.kind === 'audio' ? FIRST_WISH : NO_WISH),
      notify: (notification) => this.#handle(notification),
    });
  }

  /** False when the media room is gone, and it with it. */
  get isOpen(): boolean {
    return this.#endpoint.usable;
  }

  /** From now on all is sent to this address. Throws MEDIA_UNAVAILABLE, MEDIA_REJECTED where it is not on this machine. */
  async connect(address: { ip: string; port: number }): Promise<void> {
    await this.#endpoint.createPlainTransport({ ...address, rtpCapabilities: this.#rtpCapabilities });
  }

  close(): void {
    this.#endpoint.close();
  }

  #handle({ method, params }: AnyNotification): void {
    if (method === 'media.consumerCreated') {
      const { consumerId, participantId, rtpParameters } = params;
      const [ssrc, payloadType] = [rtpParameters.encodings?.[0]?.ssrc, rtpParameters.codecs[0]?.payloadType];
      if (ssrc === undefined || payloadType === undefined) return;
      this.#sounds.set(consumerId, { ssrc, payloadType, participantId });
      // It may have gone meanwhile.
      this.#endpoint.resumeConsumer({ consumerId }).catch(() => undefined);
    } else if (method !== 'media.consumerClosed' || !this.#sounds.delete(params.consumerId)) return;
    this.#changed([...this.#sounds.values()]);
  }
}

/** Opus, and how loud it is: all that a mixer reads. */
const soundOnly = ({ codecs, headerExtensions = [] }: RtpCapabilities): RtpCapabilities => ({
  codecs:
    codecs?.filter(({ kind, mimeType }) => kind === 'audio' && mimeType.toLowerCase() === 'audio/opus') ?? [],
  headerExtensions: headerExtensions.filter(({ uri, kind }) => uri === AUDIO_LEVEL_URI && kind !== 'video'),
});
