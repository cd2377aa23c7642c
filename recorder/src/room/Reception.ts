import type { SignalClient } from '@parley/client-sdk/signal';
import type {
  AnyNotification,
  NotificationParams,
  RtpCapabilities,
  SubscriptionChange,
} from '@parley/protocol';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';
import { RtpReceiver } from '../rtp/RtpReceiver.ts';
import type { RtpStream } from '../rtp/RtpStream.ts';
import { findCodec, ORIENTATION, recorderCapabilities } from './capabilities.ts';
import type { Log } from './Log.ts';

/** How something is wanted; nothing is received that is not. */
export interface Wish {
  readonly wanted: boolean;
  /** Size in which it is shown, pixels; absent for full size, and for sound. */
  readonly size?: { readonly width: number; readonly height: number };
}

export interface ReceptionListener {
  /** A new stream of this publication begins; it begins with a key frame. */
  streamBegan(publicationId: string): void;
  frame(publicationId: string, frame: EncodedFrame, codec: string): void;
}

interface Consumer {
  readonly consumerId: string;
  readonly stream: RtpStream;
}

/** Larger than any layer. */
const FULL_SIZE = 16_384;
/** Within this time wishes go out as one message, ms. */
const BATCH_MS = 20;
const MAX_CHANGES = 256;
const RETRY_MS = 500;

/** What is received of a room: one transport, its consumers, and how large each of them is wanted. */
export class Reception {
  readonly #receiver: RtpReceiver;
  readonly #listener: ReceptionListener;
  readonly #log: Log;
  readonly #consumers = new Map<string, Consumer>();
  readonly #wishes = new Map<string, Wish>();
  readonly #due = new Set<string>();
  #session: SignalClient | undefined;
  #transportId: string | undefined;
  #generation = 0;
  #batchTimer: NodeJS.Timeout | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `ip` is the address to receive at. Rejects when no port is to be had. */
  static async open(ip: string | undefined, listener: ReceptionListener, log: Log): Promise<Reception> {
    return new Reception(await RtpReceiver.open(ip), listener, log);
  }

  private constructor(receiver: RtpReceiver, listener: ReceptionListener, log: Log) {
    this.#receiver = receiver;
    this.#listener = listener;
    this.#log = log;
  }

  /** Makes the transport, in a room that one has joined, or whose media began anew. Tries on while it fails. */
  async start(session: SignalClient, routerCapabilities: RtpCapabilities): Promise<void> {
    const generation = (this.#generation += 1);
    clearTimeout(this.#retryTimer);
    this.#session = session;
    this.#transportId = undefined;
    this.#consumers.clear();
    const isCurrent = (): boolean => generation === this.#generation && !this.#closed;
    try {
      const { transportId, ip, port } = await session.request('media.createPlainTransport', {
        ...this.#receiver.address,
        rtpCapabilities: recorderCapabilities(routerCapabilities),
      });
      if (!isCurrent()) return;
      this.#receiver.setServer({ ip, port });
      this.#transportId = transportId;
      this.#log.info({ transportId, port }, 'receives media');
    } catch (error) {
      if (!isCurrent()) return;
      this.#log.warn({ err: error }, 'no transport to receive media, trying again');
      this.#retryTimer = setTimeout(() => void this.start(session, routerCapabilities), RETRY_MS);
    }
  }

  handle({ method, params }: AnyNotification): void {
    if (method === 'media.consumerCreated') this.#consumerCreated(params);
    else if (method === 'media.consumerClosed') this.#consumerClosed(params.consumerId);
  }

  /** Says how a publication is wanted from now on. */
  wish(publicationId: string, wish: Wish): void {
    this.#wishes.set(publicationId, wish);
    this.#tell(publicationId);
  }

  /** The publication is gone. */
  forget(publicationId: string): void {
    this.#wishes.delete(publicationId);
    this.#due.delete(publicationId);
  }

  requestKeyFrame(publicationId: string): void {
    this.#consumers.get(publicationId)?.stream.requestKeyFrame();
  }

  /** Counts of a stream since it began; undefined while nothing is received. */
  statsOf(publicationId: string): RtpStream['stats'] | undefined {
    return this.#consumers.get(publicationId)?.stream.stats;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#batchTimer);
    clearTimeout(this.#retryTimer);
    this.#consumers.clear();
    this.#receiver.close();
  }

  #consumerCreated(params: NotificationParams<'media.consumerCreated'>): void {
    const { consumerId, transportId, publicationId, rtpParameters } = params;
    const [encoding] = rtpParameters.encodings ?? [];
    const [format] = rtpParameters.codecs;
    const codec = findCodec(format?.mimeType ?? '');
    if (transportId !== this.#transportId || encoding?.ssrc === undefined || !format || !codec) return;
    const { ssrc } = encoding;
    const { payloadType, clockRate } = format;
    const orientationId = rtpParameters.headerExtensions?.find(({ uri }) => uri === ORIENTATION)?.id;
    const stream = this.#receiver.addStream({
      ...{ ssrc, payloadType, clockRate, codec },
      ...(orientationId !== undefined && { orientationId }),
      onFrame: (frame) => this.#listener.frame(publicationId, frame, codec),
    });
    this.#consumers.set(publicationId, { consumerId, stream });
    this.#listener.streamBegan(publicationId);
    // The wish first, so that nothing is spent on what nobody wants.
    this.#tell(publicationId);
    this.#flush();
    this.#ask(this.#session?.request('media.resumeConsumer', { consumerId }));
  }

  #consumerClosed(consumerId: string): void {
    for (const [publicationId, consumer] of this.#consumers) {
      if (consumer.consumerId !== consumerId) continue;
      this.#consumers.delete(publicationId);
      this.#receiver.removeStream(consumer.stream);
    }
  }

  #tell(publicationId: string): void {
    this.#due.add(publicationId);
    this.#batchTimer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    // The server knows nothing of what there is no consumer of; it is told when there is one.
    const changes = [...this.#due]
      .filter((publicationId) => this.#consumers.has(publicationId))
      .map((publicationId) => changeOf(publicationId, this.#wishes.get(publicationId)));
    this.#due.clear();
    for (let start = 0; start < changes.length; start += MAX_CHANGES)
      this.#ask(
        this.#session?.request('media.updateSubscriptions', {
          changes: changes.slice(start, start + MAX_CHANGES),
        }),
      );
  }

  /** What is asked about may be gone by now, with its consumer or its session; then there is nothing to do. */
  #ask(request: Promise<unknown> | undefined): void {
    request?.catch((error: unknown) => this.#log.debug({ err: error }, 'request about media refused'));
  }
}

const changeOf = (publicationId: string, wish: Wish = { wanted: false }): SubscriptionChange => ({
  publicationId,
  visible: wish.wanted,
  width: wish.size?.width ?? FULL_SIZE,
  height: wish.size?.height ?? FULL_SIZE,
});
