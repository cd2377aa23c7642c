import type {
  JoinedRoom,
  MethodResult,
  NotificationParams,
  RtpCapabilities,
  RtpParameters as WireRtpParameters,
  Source,
} from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import { Device } from 'mediasoup-client';
import type {
  Consumer,
  Producer,
  ProducerCodecOptions,
  RtpCodecCapability,
  Transport,
  TransportOptions,
} from 'mediasoup-client/types';
import { Emitter } from '../Emitter.ts';
import type { Platform } from '../platform/Platform.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import { DataChannels, type ReceivedData } from './DataChannels.ts';
import {
  activeEncodings,
  codecFor,
  encodingsFor,
  type PublishDefaults,
  type VideoSize,
} from './encodings.ts';

export type TransportState = 'connected' | 'interrupted' | 'failed';

export interface MediaEvents {
  track: [{ publicationId: string; consumer: Consumer }];
  trackEnded: [publicationId: string];
  /** The state of a transport that was connected once, or failed before. */
  transportState: [direction: 'send' | 'recv', state: TransportState];
  data: [ReceivedData];
}

export interface MediaOptions {
  platform: Platform;
  publishDefaults: PublishDefaults;
  forceTcp: boolean;
}

export interface PublishRequest {
  source: Source;
  track: MediaStreamTrack;
  muted: boolean;
  size?: VideoSize | undefined;
}

export interface Published {
  publicationId: string;
  producer: Producer;
}

/** The media of one stay in a room: device, two transports, producers and consumers. When it broke, another is made. */
export class MediaSession extends Emitter<MediaEvents> {
  readonly #signal: SignalClient;
  readonly #options: MediaOptions;
  readonly #device: Device;
  readonly #iceServers: JoinedRoom['iceServers'];
  readonly #consumers = new Map<string, { consumer: Consumer; publicationId: string }>();
  readonly #producers = new Map<string, Producer>();
  readonly data: DataChannels;
  #send: Promise<Transport> | undefined;
  #recv: Promise<Transport> | undefined;
  #transports: Transport[] = [];
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
    this.#iceServers = options.iceServers;
    this.data = new DataChannels(signal, (received) => this.emit('data', received));
  }

  /** Rejects with ParleyError MEDIA_REJECTED where WebRTC is missing or too old. */
  static async create(
    signal: SignalClient,
    room: { rtpCapabilities: RtpCapabilities; iceServers: JoinedRoom['iceServers'] },
    options: MediaOptions,
  ): Promise<MediaSession> {
    try {
      const device = new Device(options.platform.deviceOptions());
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

  /** Opens the way to receive, and what is allowed of the way to send, at once. */
  start({ canSubscribe, canPublish }: { canSubscribe: boolean; canPublish: boolean }): void {
    const quietly = (promise: Promise<unknown>): void => void promise.catch(() => undefined);
    if (canSubscribe) quietly(this.#receiver().then((transport) => this.data.open(transport)));
    if (canPublish) quietly(this.#sender());
  }

  async publish({ source, track, muted, size }: PublishRequest): Promise<Published> {
    const transport = await this.#sender();
    const published: { publicationId?: string } = {};
    const producer = await transport.produce({
      track,
      ...this.#encodingOptions(source, track, size),
      stopTracks: false,
      appData: { source, muted, size, published },
    });
    const publicationId = published.publicationId;
    if (publicationId === undefined) throw new ParleyError('INTERNAL');
    if (muted) producer.pause();
    this.#producers.set(publicationId, producer);
    return { publicationId, producer };
  }

  unpublish(publicationId: string): void {
    this.#producers.get(publicationId)?.close();
    this.#producers.delete(publicationId);
  }

  /** Sends the layers that somebody wants, and no others. */
  async setWantedLayers({
    publicationId,
    maxSpatialLayer,
  }: NotificationParams<'media.publishLayers'>): Promise<void> {
    const sender = this.#producers.get(publicationId)?.rtpSender;
    if (!sender) return;
    const parameters = sender.getParameters();
    const active = activeEncodings(parameters.encodings.length, maxSpatialLayer);
    if (parameters.encodings.every((encoding, layer) => encoding.active === active[layer])) return;
    for (const [layer, encoding] of parameters.encodings.entries()) encoding.active = active[layer] ?? true;
    await sender.setParameters(parameters);
  }

  async addConsumer(params: NotificationParams<'media.consumerCreated'>): Promise<void> {
    const transport = await this.#receiver();
    if (transport.id !== params.transportId) return;
    const consumer = await transport.consume({
      id: params.consumerId,
      producerId: params.producerId,
      kind: params.kind,
      rtpParameters: params.rtpParameters as Consumer['rtpParameters'],
      // Microphone and camera of one participant share a stream, so that the browser keeps lips and voice together.
      streamId: params.participantId,
    });
    if (this.#closed) {
      consumer.close();
      return;
    }
    this.#consumers.set(params.consumerId, { consumer, publicationId: params.publicationId });
    this.emit('track', { publicationId: params.publicationId, consumer });
    await this.#signal.request('media.resumeConsumer', { consumerId: params.consumerId });
  }

  removeConsumer(consumerId: string): void {
    const found = this.#consumers.get(consumerId);
    if (!found) return;
    this.#consumers.delete(consumerId);
    found.consumer.close();
    this.emit('trackEnded', found.publicationId);
  }

  /** New ICE credentials for both transports: finds a new path, keeps everything else. */
  async restartIce(): Promise<void> {
    await Promise.all(
      this.#transports.map(async (transport) => {
        const { iceParameters } = await this.#signal.request('media.restartIce', {
          transportId: transport.id,
        });
        if (!transport.closed) await transport.restartIce({ iceParameters });
      }),
    );
  }

  /** Resolves when every transport that has something to carry is connected. Rejects with MEDIA_UNAVAILABLE after `ms`. */
  async whenFlowing(ms: number): Promise<void> {
    const busy = this.#transports.filter(({ connectionState }) => connectionState !== 'new');
    await Promise.all(busy.map((transport) => whenConnected(transport, ms)));
  }

  /** Breaks the transports as a fault would: nothing is said to the server. */
  simulateDrop(): void {
    for (const transport of this.#transports) transport.close();
    this.emit('transportState', 'recv', 'failed');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const transport of this.#transports) transport.close();
    this.data.close();
  }

  #sender(): Promise<Transport> {
    this.#send ??= this.#createSender();
    return this.#send;
  }

  #receiver(): Promise<Transport> {
    this.#recv ??= this.#createReceiver();
    return this.#recv;
  }

  async #createReceiver(): Promise<Transport> {
    const rtpCapabilities = this.#device.recvRtpCapabilities as RtpCapabilities;
    const options = await this.#signal.request('media.createTransport', {
      direction: 'recv',
      rtpCapabilities,
      ...this.#tcp,
    });
    const transport = this.#device.createRecvTransport(this.#transportOptions(options));
    this.#watch(transport);
    return transport;
  }

  async #createSender(): Promise<Transport> {
    const options = await this.#signal.request('media.createTransport', { direction: 'send', ...this.#tcp });
    const transport = this.#device.createSendTransport(this.#transportOptions(options));
    this.#watch(transport);
    transport.on('produce', ({ kind, rtpParameters, appData }, done, fail) => {
      const { source, muted, size, published } = appData as {
        source: Source;
        muted: boolean;
        size?: VideoSize;
        published: { publicationId?: string };
      };
      this.#signal
        .request('media.publish', {
          transportId: transport.id,
          source,
          kind,
          rtpParameters: rtpParameters as WireRtpParameters,
          muted,
          ...size,
        })
        .then(({ producerId, publicationId }) => {
          published.publicationId = publicationId;
          done({ id: producerId });
        }, fail);
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
    this.data.setSender(transport);
    return transport;
  }

  get #tcp(): { forceTcp?: boolean } {
    return this.#options.forceTcp ? { forceTcp: true } : {};
  }

  #transportOptions({ transportId, ...rest }: MethodResult<'media.createTransport'>): TransportOptions {
    return {
      id: transportId,
      iceServers: this.#iceServers,
      iceParameters: rest.iceParameters,
      iceCandidates: rest.iceCandidates as TransportOptions['iceCandidates'],
      dtlsParameters: rest.dtlsParameters as TransportOptions['dtlsParameters'],
      sctpParameters: rest.sctpParameters,
    };
  }

  #watch(transport: Transport): void {
    if (this.#closed) transport.close();
    this.#transports.push(transport);
    transport.on('connect', ({ dtlsParameters }, done, fail) => {
      this.#signal
        .request('media.connectTransport', { transportId: transport.id, dtlsParameters })
        .then(() => done(), fail);
    });
    transport.on('connectionstatechange', (state) => {
      if (this.#closed) return;
      if (state === 'connected') this.emit('transportState', transport.direction, 'connected');
      else if (state === 'disconnected') this.emit('transportState', transport.direction, 'interrupted');
      else if (state === 'failed') this.emit('transportState', transport.direction, 'failed');
    });
  }

  #encodingOptions(source: Source, track: MediaStreamTrack, size: VideoSize | undefined): object {
    const { publishDefaults } = this.#options;
    if (track.kind === 'audio') {
      const codec = publishDefaults.red === false ? undefined : this.#findCodec('audio/red');
      const codecOptions: ProducerCodecOptions = {
        opusDtx: source === 'microphone' && publishDefaults.dtx !== false,
        opusFec: publishDefaults.fec !== false,
        opusStereo: source === 'screenAudio',
      };
      return { codecOptions, ...(codec && { codec }) };
    }
    const codec = this.#findCodec(`video/${codecFor(source, publishDefaults)}`);
    const encodings = encodingsFor(
      source,
      size ?? { width: 1280, height: 720 },
      codec ? publishDefaults : { ...publishDefaults, videoCodec: 'vp8' },
    );
    return { encodings, ...(codec && { codec }), codecOptions: { videoGoogleStartBitrate: 1000 } };
  }

  #findCodec(mimeType: string): RtpCodecCapability | undefined {
    return this.#device.sendRtpCapabilities.codecs?.find(
      (codec) => codec.mimeType.toLowerCase() === mimeType,
    );
  }
}

function whenConnected(transport: Transport, ms: number): Promise<void> {
  if (transport.connectionState === 'connected') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ParleyError('MEDIA_UNAVAILABLE')), ms);
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') resolve();
      else if (state === 'failed' || state === 'closed') reject(new ParleyError('MEDIA_UNAVAILABLE'));
      else return;
      clearTimeout(timer);
    });
  });
}
