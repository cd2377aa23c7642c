import type { types } from 'mediasoup';
import {
  KIND_OF_SOURCE,
  ParleyError,
  type AnyNotification,
  type DataChannelLabel,
  type MethodParams,
  type MethodResult,
  type Permissions,
  type Source,
} from '@parley/protocol';
import type { DataHub } from './DataHub.ts';
import { EndpointTransports } from './EndpointTransports.ts';
import type { MediaContext } from './mediaContext.ts';
import { mediaRejected } from './mediaErrors.ts';
import { Publication } from './Publication.ts';
import { SentQuality } from './SentQuality.ts';
import {
  FIRST_WISH,
  Subscription,
  getSubscriptionOf,
  type Receiver,
  type Reception,
  type Wish,
} from './Subscription.ts';
import { toRtpCapabilities, toRtpParameters } from './wireMedia.ts';

export interface EndpointOptions {
  participantId: string;
  permissions: Permissions;
  /** Where in the media room it is at first. */
  zoneId: string;
  /** Takes note of how well arrives what they send; it outlives the endpoint. */
  quality?: SentQuality;
  /** Gets `media.*` notifications; never again after close(). */
  notify(notification: AnyNotification): void;
}

/** The media room, as its endpoints see it. */
export interface EndpointHost {
  readonly router: types.Router;
  readonly context: MediaContext;
  readonly dataHub: DataHub;
  /** Offers a publication to everybody else in the zone. */
  publicationAdded(publication: Publication, by: Endpoint): void;
  /** Takes it back. `ended` is false when its owner may publish it again. */
  publicationRemoved(publication: Publication, by: Endpoint, ended: boolean): void;
  moveEndpoint(endpoint: Endpoint, zoneId: string): void;
  endpointClosed(endpoint: Endpoint): void;
}

/** How long a publisher is spared a further request for a key frame, in ms. */
const KEY_FRAME_DELAY_MS = 350;

/** One participant's media in one media room: what they send, what they receive. Every error is a ParleyError. */
export class Endpoint implements Receiver {
  readonly participantId: string;
  #permissions: Permissions;
  #zoneId: string;
  readonly #quality: SentQuality;
  readonly #notify: (notification: AnyNotification) => void;
  readonly #host: EndpointHost;
  readonly #transports: EndpointTransports;
  /** A source is taken from the moment its producer is asked for. */
  readonly #sources = new Set<Source>();
  readonly #publications = new Map<string, Publication>();
  readonly #subscriptions = new Map<string, Subscription>();
  /** Wishes for publications that went away and may come back, with their owners. */
  readonly #wishes = new Map<string, { wish: Wish; participantId: string }>();
  readonly #dataProducers = new Map<DataChannelLabel, types.DataProducer>();
  readonly #dataConsumers = new Map<DataChannelLabel, types.DataConsumer>();
  #reception: Reception | undefined;
  #closed = false;

  constructor(host: EndpointHost, options: EndpointOptions) {
    this.participantId = options.participantId;
    this.#permissions = options.permissions;
    this.#zoneId = options.zoneId;
    this.#quality = options.quality ?? new SentQuality();
    this.#notify = options.notify;
    this.#host = host;
    this.#transports = new EndpointTransports(host.router, host.context);
    host.dataHub.addParticipant(this.participantId, options.zoneId);
  }

  get zoneId(): string {
    return this.#zoneId;
  }

  get reception(): Reception | undefined {
    return this.#reception?.transport.closed ? undefined : this.#reception;
  }

  get logger() {
    return this.#host.context.logger;
  }

  get metrics() {
    return this.#host.context.metrics;
  }

  get usable(): boolean {
    return this.#transports.usable;
  }

  get publications(): Iterable<Publication> {
    return this.#publications.values();
  }

  /** What the worker does for this endpoint. */
  get load(): { transports: number; consumers: number } {
    const consumers = [...this.#subscriptions.values()].filter(({ consumerId }) => consumerId !== undefined);
    return { transports: this.#transports.count, consumers: consumers.length };
  }

  canConsume(producerId: string): boolean {
    const rtpCapabilities = this.#reception?.rtpCapabilities;
    return rtpCapabilities !== undefined && this.#host.router.canConsume({ producerId, rtpCapabilities });
  }

  notify(notification: AnyNotification): void {
    if (!this.#closed && !this.#host.router.closed) this.#notify(notification);
  }

  /** A former transport of the direction is closed, with all that is on it. Throws MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async createTransport(
    params: MethodParams<'media.createTransport'>,
  ): Promise<MethodResult<'media.createTransport'>> {
    this.#assertUsable();
    const { direction, forceTcp = false } = params;
    const rtpCapabilities =
      params.direction === 'recv' ? toRtpCapabilities(params.rtpCapabilities) : undefined;
    if (direction === 'send')
      for (const publication of this.#publications.values()) this.#end(publication, false);
    const transport = await this.#transports.create(direction, { forceTcp });
    if (rtpCapabilities) {
      this.#reception = { transport, rtpCapabilities };
      // The client must have this answer before it hears of consumers, so they are made in a later turn.
      setImmediate(() => this.#reconcileAll());
      transport.on('dtlsstatechange', (state) => {
        if (state === 'connected') this.#reconcileAll();
      });
    }
    return this.#transports.describe(transport, { forceTcp });
  }

  /** Throws TRANSPORT_NOT_FOUND, WRONG_STATE, MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async connectTransport(params: MethodParams<'media.connectTransport'>): Promise<void> {
    await this.#transports.connect(params);
  }

  /** Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async restartIce(params: MethodParams<'media.restartIce'>): Promise<MethodResult<'media.restartIce'>> {
    return this.#transports.restartIce(params);
  }

  /** Throws PERMISSION_DENIED, SOURCE_TAKEN, TRANSPORT_NOT_FOUND, MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async publish(
    publicationId: string,
    params: MethodParams<'media.publish'>,
  ): Promise<{ producerId: string; codec: string; layering: types.ProducerType }> {
    this.#assertUsable();
    const { source, kind, transportId, muted = false } = params;
    this.#assertMayPublish(source);
    if (KIND_OF_SOURCE[source] !== kind) throw mediaRejected(`A ${source} cannot be ${kind}.`);
    if (this.#sources.has(source)) throw new ParleyError('SOURCE_TAKEN');
    const transport = this.#transports.get(transportId, 'send');
    const rtpParameters = toRtpParameters(params.rtpParameters);
    this.#sources.add(source);
    try {
      const producer = await this.#transports.ask(
        () =>
          transport.produce({ kind, rtpParameters, paused: muted, keyFrameRequestDelay: KEY_FRAME_DELAY_MS }),
        transport,
      );
      this.#begin(publicationId, params, producer);
      const codec = producer.rtpParameters.codecs[0]?.mimeType ?? '';
      return { producerId: producer.id, codec, layering: producer.type };
    } catch (error) {
      if (!this.#publications.has(publicationId)) this.#sources.delete(source);
      throw error;
    }
  }

  /** Throws PUBLICATION_NOT_FOUND. When the media room is gone, so is the publication: then it does nothing. */
  unpublish(publicationId: string): void {
    if (this.usable) this.#end(this.#getPublication(publicationId), true);
  }

  /** Throws PUBLICATION_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async setMuted(publicationId: string, muted: boolean): Promise<void> {
    this.#assertUsable();
    const { producer } = this.#getPublication(publicationId);
    try {
      await this.#transports.ask(() => (muted ? producer.pause() : producer.resume()));
    } catch (error) {
      throw this.usable && producer.closed ? new ParleyError('PUBLICATION_NOT_FOUND') : error;
    }
  }

  /** What is not there (any more) is passed over. Throws MEDIA_UNAVAILABLE. */
  async updateSubscriptions({ changes }: MethodParams<'media.updateSubscriptions'>): Promise<void> {
    this.#assertUsable();
    await Promise.all(
      changes.map(async ({ publicationId, ...change }) => {
        const absent = this.#wishes.get(publicationId);
        if (absent) absent.wish = { ...absent.wish, ...change };
        await this.#subscriptions.get(publicationId)?.change(change);
      }),
    );
    this.#assertUsable();
  }

  /** Throws CONSUMER_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async resumeConsumer({ consumerId }: MethodParams<'media.resumeConsumer'>): Promise<void> {
    this.#assertUsable();
    await getSubscriptionOf(this.#subscriptions.values(), consumerId).start();
    this.#assertUsable();
  }

  /** A former channel of the label is closed. Throws PERMISSION_DENIED, TRANSPORT_NOT_FOUND, MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async produceData(params: MethodParams<'media.produceData'>): Promise<MethodResult<'media.produceData'>> {
    this.#assertUsable();
    const { transportId, label, sctpStreamParameters } = params;
    if (!this.#permissions.canPublishData) throw new ParleyError('PERMISSION_DENIED');
    const { streamId } = sctpStreamParameters;
    if (streamId === undefined) throw mediaRejected('The SCTP stream has no streamId.');
    const transport = this.#transports.get(transportId, 'send');
    this.#dataProducers.get(label)?.close();
    const producer = await this.#transports.ask(
      () => transport.produceData({ label, sctpStreamParameters: { ...sctpStreamParameters, streamId } }),
      transport,
    );
    this.#dataProducers.get(label)?.close();
    this.#dataProducers.set(label, producer);
    await this.#transports.ask(
      () => this.#host.dataHub.listen(this.participantId, label, producer.id),
      transport,
    );
    return { dataProducerId: producer.id };
  }

  /** A former channel of the label is closed. Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async consumeData(params: MethodParams<'media.consumeData'>): Promise<MethodResult<'media.consumeData'>> {
    this.#assertUsable();
    const { transportId, label } = params;
    const transport = this.#transports.get(transportId, 'recv');
    this.#dataConsumers.get(label)?.close();
    const consumer = await this.#transports.ask(
      () => this.#host.dataHub.openChannel(this.participantId, label, transport),
      transport,
    );
    this.#dataConsumers.get(label)?.close();
    this.#dataConsumers.set(label, consumer);
    return {
      dataConsumerId: consumer.id,
      dataProducerId: consumer.dataProducerId,
      label,
      protocol: consumer.protocol,
      sctpStreamParameters: consumer.sctpStreamParameters ?? {},
    };
  }

  /** Somebody else publishes. */
  offer(publication: Publication): void {
    if (this.#closed || !this.#permissions.canSubscribe || publication.participantId === this.participantId)
      return;
    const { publicationId } = publication;
    const wish = this.#wishes.get(publicationId)?.wish ?? FIRST_WISH;
    this.#wishes.delete(publicationId);
    const subscription = new Subscription(publication, this, wish);
    this.#subscriptions.set(publicationId, subscription);
    // Later, so that the room can tell of the publication before its consumer is told of.
    setImmediate(() => void subscription.reconcile());
  }

  /** Somebody else no longer publishes. What one wished stays known unless it ended for good. */
  withdraw({ publicationId, participantId }: Publication, ended: boolean): void {
    const subscription = this.#subscriptions.get(publicationId);
    if (!subscription) return;
    this.#subscriptions.delete(publicationId);
    subscription.close();
    if (!ended) this.#wishes.set(publicationId, { wish: subscription.wish, participantId });
  }

  /** It may do something else from now on: what it may no longer send ends. */
  setPermissions(permissions: Permissions): void {
    this.#permissions = permissions;
    for (const publication of [...this.#publications.values()])
      if (!this.#mayPublish(publication.source)) this.#end(publication, true);
    if (!permissions.canPublishData) {
      for (const producer of this.#dataProducers.values()) producer.close();
      this.#dataProducers.clear();
    }
  }

  /** Goes to another zone of the media room: from now on one hears and sees who is there. */
  moveTo(zoneId: string): void {
    if (!this.#closed) this.#host.moveEndpoint(this, zoneId);
  }

  /** The media room's part of a move: it is in this zone now, and has nothing of the former one. */
  enterZone(zoneId: string): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#wishes.clear();
    this.#zoneId = zoneId;
    this.#host.dataHub.moveParticipant(this.participantId, zoneId);
  }

  /** Somebody has come into the zone, or one has come to them: each is offered what the other sends. */
  meet(other: Endpoint): void {
    for (const publication of other.publications) this.offer(publication);
    for (const publication of this.publications) other.offer(publication);
  }

  /** Somebody has gone to another zone. */
  part(other: Endpoint): void {
    for (const publication of other.publications) this.withdraw(publication, true);
    this.forgetParticipant(other.participantId);
  }

  /** Somebody else is gone, and with them what they might have published again. */
  forgetParticipant(participantId: string): void {
    for (const [publicationId, absent] of this.#wishes)
      if (absent.participantId === participantId) this.#wishes.delete(publicationId);
  }

  /** Frees everything. The others are told that its consumers are closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const publication of this.#publications.values()) this.#end(publication, true);
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#wishes.clear();
    this.#transports.close();
    this.#host.dataHub.removeParticipant(this.participantId);
    this.#host.endpointClosed(this);
  }

  #begin(publicationId: string, params: MethodParams<'media.publish'>, producer: types.Producer): void {
    this.#quality.watch(producer);
    const publication = new Publication({
      publicationId,
      participantId: this.participantId,
      producer,
      params,
      tellPublisher: (maxSpatialLayer) => {
        this.#quality.setWanted(producer, maxSpatialLayer >= 0);
        this.notify({ method: 'media.publishLayers', params: { publicationId, maxSpatialLayer } });
      },
    });
    this.#publications.set(publicationId, publication);
    this.#host.publicationAdded(publication, this);
  }

  #end(publication: Publication, ended: boolean): void {
    this.#publications.delete(publication.publicationId);
    this.#sources.delete(publication.source);
    this.#host.publicationRemoved(publication, this, ended);
    publication.close();
  }

  #reconcileAll(): void {
    for (const subscription of this.#subscriptions.values()) void subscription.reconcile();
  }

  #getPublication(publicationId: string): Publication {
    const publication = this.#publications.get(publicationId);
    if (!publication) throw new ParleyError('PUBLICATION_NOT_FOUND');
    return publication;
  }

  #assertUsable(): void {
    if (!this.usable) throw new ParleyError('MEDIA_UNAVAILABLE');
  }

  #assertMayPublish(source: Source): void {
    if (!this.#mayPublish(source)) throw new ParleyError('PERMISSION_DENIED', { details: { source } });
  }

  #mayPublish(source: Source): boolean {
    const { canPublish, canPublishSources } = this.#permissions;
    return canPublish && canPublishSources.includes(source);
  }
}
