import type {
  JoinedRoom,
  MethodResult,
  NotificationParams,
  RtpCapabilities,
  RtpParameters as WireRtpParameters,
  Source,
} from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import type { Device } from 'mediasoup-client';
import type { Consumer, Producer, RtpParameters, Transport } from 'mediasoup-client/types';
import { Emitter } from '../Emitter.ts';
import type { Platform } from '../platform/Platform.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import { createDevice } from './device.ts';
import { DataChannels, type ReceivedData } from './DataChannels.ts';
import { produceOptionsFor, type PublishDefaults, type PublishOptions, type VideoSize } from './encodings.ts';
import { LayerController } from './LayerController.ts';
import { Transports, type Direction, type TransportHealth } from './Transports.ts';

export interface MediaEvents {
  track: [{ publicationId: string; consumer: Consumer }];
  trackEnded: [publicationId: string];
  transportHealth: [direction: Direction, health: TransportHealth];
  data: [ReceivedData];
  /** The way to receive, or to send, could not be opened. */
  broken: [ParleyError];
}

export interface MediaOptions {
  platform: Platform;
  publishDefaults: PublishDefaults;
  forceTcp: boolean;
  /** Whether a publication is to be received. */
  wants(publicationId: string): boolean;
  /** Resolves when the server was told how large a publication is shown, or that is not known soon. */
  sizeKnown(publicationId: string): Promise<void>;
}

export interface PublishRequest extends PublishOptions {
  source: Source;
  track: MediaStreamTrack;
  muted: boolean;
  size?: VideoSize | undefined;
}

export interface Published {
  publicationId: string;
  producer: Producer;
}

/** How long the channels for messages stand back behind the first tracks, ms. */
const TRACKS_FIRST_MS = 500;
/** Consumers that come within this time are negotiated together: each negotiation takes much longer than that, ms. */
const TOGETHER_MS = 4;

/** A request that waits until the browser has said how it encodes the track, and then for the server's answer. */
interface PendingPublish {
  request: PublishRequest;
  answer?: Promise<MethodResult<'media.publish'>>;
}

/** The media of one stay in a room: device, two transports, producers and consumers. When it broke, another is made. */
export class MediaSession extends Emitter<MediaEvents> {
  readonly data: DataChannels;
  readonly #signal: SignalClient;
  readonly #options: MediaOptions;
  readonly #device: Device;
  readonly #transports: Transports;
  readonly #layers = LayerController.forRtp();
  readonly #consumers = new Map<string, { consumer: Consumer; publicationId: string }>();
  readonly #producers = new Map<string, Producer>();
  readonly #wantedLayers = new Map<string, number>();
  readonly #pending = new Map<number, PendingPublish>();
  #together: Promise<void> | undefined;
  #ticket = 0;
  #closed = false;

  private constructor(
    signal: SignalClient,
    device: Device,
    options: MediaOptions & { iceServers: JoinedRoom['iceServers'] },
  ) {
    super();
    this.#signal = signal;
    this.#device = device;
    this.#options = options;
    this.data = new DataChannels(
      signal,
      () => this.#transports.send,
      (received) => this.emit('data', received),
    );
    this.#transports = new Transports(signal, device, {
      iceServers: options.iceServers,
      forceTcp: options.forceTcp,
      prepareSender: (transport) => this.#prepareSender(transport),
    });
    this.#transports.on('health', (...health) => this.emit('transportHealth', ...health));
  }

  /** Rejects with ParleyError MEDIA_REJECTED where WebRTC is missing or too old. */
  static async create(
    signal: SignalClient,
    room: { rtpCapabilities: RtpCapabilities; iceServers: JoinedRoom['iceServers'] },
    options: MediaOptions,
  ): Promise<MediaSession> {
    try {
      const device = createDevice(options.platform.deviceOptions());
      await device.load({
        routerRtpCapabilities: room.rtpCapabilities as Parameters<Device['load']>[0]['routerRtpCapabilities'],
      });
      return new MediaSession(signal, device, { ...options, iceServers: room.iceServers });
    } catch (cause) {
      throw new ParleyError('MEDIA_REJECTED', {
        message: 'This browser cannot take part in meetings. Use a current Chrome, Edge, Firefox or Safari.',
        cause,
      });
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Opens the way to receive, and what is allowed of the way to send, at once. `expectsTracks` is whether there is something
   * to be received already: then that comes first, and the channels for messages after it.
   */
  start(options: { canSubscribe: boolean; canPublish: boolean; expectsTracks: boolean }): void {
    const fail = (error: unknown): void => {
      if (error instanceof ParleyError && !this.#closed) this.emit('broken', error);
    };
    if (options.canSubscribe) this.#receive(options.expectsTracks).catch(fail);
    if (options.canPublish) this.#transports.prepareSend().catch(fail);
  }

  /** Rejects with ParleyError; MEDIA_UNAVAILABLE when this session came to its end meanwhile. */
  async publish(request: PublishRequest): Promise<Published> {
    const ticket = (this.#ticket += 1);
    const pending: PendingPublish = { request };
    this.#pending.set(ticket, pending);
    let producer: Producer | undefined;
    try {
      const transport = await this.#transports.send;
      producer = await transport.produce({
        track: request.track,
        ...produceOptionsFor(request, this.#options.publishDefaults, this.#device),
        stopTracks: false,
        appData: { ticket },
      });
      this.#transports.watchDtls('send', producer.rtpSender?.transport);
      const answer = await pending.answer;
      if (!answer) throw new ParleyError('INTERNAL');
      if (request.muted) producer.pause();
      this.#producers.set(answer.publicationId, producer);
      // What is wanted may have been said before the answer.
      this.#applyWantedLayers(answer.publicationId);
      return { publicationId: answer.publicationId, producer };
    } catch (cause) {
      producer?.close();
      if (cause instanceof ParleyError) throw cause;
      throw new ParleyError(this.#closed ? 'MEDIA_UNAVAILABLE' : 'MEDIA_REJECTED', { cause });
    } finally {
      this.#pending.delete(ticket);
    }
  }

  unpublish(publicationId: string): void {
    this.#producers.get(publicationId)?.close();
    this.#producers.delete(publicationId);
    this.#wantedLayers.delete(publicationId);
  }

  /** Sends the layers that somebody wants, and no others. */
  setWantedLayers({ publicationId, maxSpatialLayer }: NotificationParams<'media.publishLayers'>): void {
    this.#wantedLayers.set(publicationId, maxSpatialLayer);
    this.#applyWantedLayers(publicationId);
  }

  async addConsumer(params: NotificationParams<'media.consumerCreated'>): Promise<void> {
    const { consumerId, publicationId } = params;
    const { recvId } = this.#transports;
    // The server sends on another transport than ours: it has given ours up.
    if (recvId !== undefined && recvId !== params.transportId) {
      this.emit('broken', new ParleyError('TRANSPORT_NOT_FOUND'));
      return;
    }
    const transport = await this.#transports.recv;
    // Meant for the transport of an earlier session.
    if (transport.id !== params.transportId || !this.#options.wants(publicationId)) return;
    this.#together ??= new Promise((resolve) => setTimeout(resolve, TOGETHER_MS)).then(() => {
      this.#together = undefined;
    });
    await this.#together;
    const consumer = await transport.consume({
      id: consumerId,
      producerId: params.producerId,
      kind: params.kind,
      rtpParameters: params.rtpParameters as RtpParameters,
      // Microphone and camera of one participant share a stream, so that the browser keeps lips and voice together.
      streamId: params.participantId,
    });
    if (this.#closed) {
      consumer.close();
      return;
    }
    this.#transports.watchDtls('recv', consumer.rtpReceiver?.transport);
    this.#consumers.set(consumerId, { consumer, publicationId });
    this.emit('track', { publicationId, consumer });
    // A key frame is asked for once the size is known: senders answer a second request only after a pause.
    if (params.kind === 'video') await this.#options.sizeKnown(publicationId);
    if (!consumer.closed) await this.#signal.request('media.resumeConsumer', { consumerId });
  }

  removeConsumer(consumerId: string): void {
    const found = this.#consumers.get(consumerId);
    if (!found) return;
    this.#consumers.delete(consumerId);
    found.consumer.close();
    this.emit('trackEnded', found.publicationId);
  }

  /** See Transports.restartIce. */
  restartIce(): Promise<void> {
    return this.#transports.restartIce();
  }

  /** See Transports.whenConnected. */
  whenConnected(ms: number): Promise<void> {
    return this.#transports.whenConnected(ms);
  }

  simulateLoss(): Promise<void> {
    return this.#transports.simulateLoss();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#layers.close();
    this.#transports.close();
    this.data.close();
  }

  #applyWantedLayers(publicationId: string): void {
    const sender = this.#producers.get(publicationId)?.rtpSender;
    const wanted = this.#wantedLayers.get(publicationId);
    if (sender && wanted !== undefined) this.#layers.setWanted(sender, wanted);
  }

  async #receive(expectsTracks: boolean): Promise<void> {
    const transport = await this.#transports.recv;
    if (expectsTracks) {
      await new Promise<void>((resolve) => {
        setTimeout(resolve, TRACKS_FIRST_MS);
        this.once('track', () => resolve());
      });
    }
    if (!this.#closed) await this.data.open(transport);
  }

  #prepareSender(transport: Transport): void {
    transport.on('produce', ({ kind, rtpParameters, appData }, done, fail) => {
      const ticket = Number(appData['ticket']);
      const pending = this.#pending.get(ticket);
      if (!pending) return fail(new Error('nobody waits for this producer'));
      const { source, muted, size } = pending.request;
      pending.answer = this.#signal.request('media.publish', {
        transportId: transport.id,
        source,
        kind,
        rtpParameters: rtpParameters as WireRtpParameters,
        muted,
        ...size,
      });
      // Awaited in publish(). Until the answer is there, the next source can be prepared already.
      pending.answer.catch(() => undefined);
      done({ id: String(ticket) });
    });
    transport.on('producedata', ({ label, sctpStreamParameters }, done, fail) => {
      this.#signal
        .request('media.produceData', {
          transportId: transport.id,
          label: label === 'lossy' ? 'lossy' : 'reliable',
          sctpStreamParameters,
        })
        .then(({ dataProducerId }) => done({ id: dataProducerId }), fail);
    });
  }
}
