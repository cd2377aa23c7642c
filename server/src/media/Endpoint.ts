import type { types } from 'mediasoup';
import {
  KIND_OF_SOURCE,
  ParleyError,
  type AnyNotification,
  type MethodParams,
  type MethodResult,
  type Permissions,
  type RtpCapabilities,
  type Source,
} from '@parley/protocol';
import type { DataHub } from './DataHub.ts';
import { EndpointChannels } from './EndpointChannels.ts';
import { EndpointTransports, type Traffic, type TransportState, type Uplink } from './EndpointTransports.ts';
import type { MediaContext } from './mediaContext.ts';
import { mediaRejected } from './mediaErrors.ts';
import { Publication } from './Publication.ts';
import type { Relay, RelayedCapabilities } from './Relay.ts';
import { SentQuality } from './SentQuality.ts';
import type { EndpointOptions } from './endpointOptions.ts';
import { EndpointSubscriptions, type SubscriptionChanges } from './EndpointSubscriptions.ts';
import { FIRST_WISH, type Reception, type Receiver } from './Subscription.ts';
import { toRtpCapabilities, toRtpParameters } from './wireMedia.ts';

/** The media room, as its endpoints see it. */
export interface EndpointHost {
  readonly router: types.Router;
  readonly context: MediaContext;
  readonly dataHub: DataHub;
  /** For those who have payload types of their own. Throws what mediasoup throws. */
  relay(): Promise<Relay>;
  /** Offers a publication to everybody else in the zone. */
  publicationAdded(publication: Publication, by: Endpoint): void;
  /** Takes it back. `ended` is false when its owner may publish it again. */
  publicationRemoved(publication: Publication, by: Endpoint, ended: boolean): void;
  moveEndpoint(endpoint: Endpoint, zoneId: string): void;
  endpointClosed(endpoint: Endpoint): void;
  /** Recorders get what it sends from now on, or no longer. */
  recordableChanged(endpoint: Endpoint): void;
}

/** For so long a publisher is spared a further request for a key frame, in ms. */
const KEY_FRAME_DELAY_MS = 350;

/** One participant's media in one media room: what they send, what they receive. Every error is a ParleyError. */
export class Endpoint implements Receiver {
  readonly participantId: string;
  readonly isRecorder: boolean;
  #isRecordable: boolean;
  #permissions: Permissions;
  #zoneId: string;
  readonly #quality: SentQuality;
  readonly #notify: (notification: AnyNotification) => void;
  readonly #host: EndpointHost;
  readonly #transports: EndpointTransports;
  /** A source is taken from the moment its producer is asked for. */
  readonly #sources = new Set<Source>();
  readonly #publications = new Map<string, Publication>();
  readonly #subscriptions: EndpointSubscriptions;
  readonly #channels: EndpointChannels;
  #reception: Reception | undefined;
  #closed = false;

  constructor(host: EndpointHost, options: EndpointOptions) {
    this.participantId = options.participantId;
    this.isRecorder = options.isRecorder ?? false;
    this.#isRecordable = options.isRecordable ?? true;
    this.#permissions = options.permissions;
    this.#zoneId = options.zoneId;
    this.#quality = options.quality ?? new SentQuality();
    this.#subscriptions = new EndpointSubscriptions(this, options.firstWish ?? (() => FIRST_WISH));
    this.#notify = options.notify;
    this.#host = host;
    this.#transports = new EndpointTransports(host.router, host.context, {
      iceConsent: options.iceConsent ?? true,
    });
    this.#channels = new EndpointChannels(this.participantId, this.#transports, host.dataHub);
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
    return { transports: this.#transports.count, consumers: this.#subscriptions.consumers };
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
    if (rtpCapabilities) this.#receiveOn(transport, { rtpCapabilities });
    return this.#transports.describe(transport, { forceTcp });
  }

  /** A receive transport, in place of a former one, for who has payload types of their own. Throws MEDIA_UNAVAILABLE. */
  async createRelayedTransport(
    capabilities: RelayedCapabilities,
  ): Promise<MethodResult<'media.createTransport'>> {
    const forceTcp = false;
    const relay = await this.#transports.ask(() => this.#host.relay());
    const transport = await this.#transports.create('recv', { forceTcp, router: relay.router });
    this.#receiveOn(transport, { rtpCapabilities: {}, relayed: relay.for(capabilities) });
    return this.#transports.describe(transport, { forceTcp });
  }

  /** A former receive transport is closed. Throws MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async createPlainTransport(
    params: MethodParams<'media.createPlainTransport'>,
  ): Promise<MethodResult<'media.createPlainTransport'>> {
    const { reception, description } = await this.#transports.createPlain(params);
    this.#receive(reception);
    return description;
  }

  /** For a microphone that a process of this server sends, in place of a former one. Throws MEDIA_UNAVAILABLE. */
  createUplink(): Promise<Uplink> {
    for (const publication of this.#publications.values())
      if (publication.source === 'microphone') this.#end(publication, false);
    return this.#transports.createUplink();
  }

  /** Throws TRANSPORT_NOT_FOUND, WRONG_STATE, MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async connectTransport(params: MethodParams<'media.connectTransport'>): Promise<void> {
    await this.#transports.connect(params);
  }

  /** Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async restartIce(params: MethodParams<'media.restartIce'>): Promise<MethodResult<'media.restartIce'>> {
    return this.#transports.restartIce(params);
  }

  /** What the receiver can play, where that is known only later than its transport. Throws MEDIA_REJECTED, WRONG_STATE. */
  setRtpCapabilities(rtpCapabilities: RtpCapabilities): void {
    if (!this.reception) throw new ParleyError('WRONG_STATE');
    this.#receive({ ...this.reception, rtpCapabilities: toRtpCapabilities(rtpCapabilities) });
  }

  /** Throws TRANSPORT_NOT_FOUND. */
  watchTransport(transportId: string, told: (state: TransportState) => void): void {
    this.#transports.watch(transportId, told);
  }

  /** Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  traffic(transportId: string): Promise<Traffic> {
    return this.#transports.traffic(transportId);
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
    const transport = this.#transports.getSender(transportId);
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
  async updateSubscriptions(changes: SubscriptionChanges): Promise<void> {
    this.#assertUsable();
    await this.#subscriptions.change(changes);
    this.#assertUsable();
  }

  /** No sound is sent, whatever is wished: they hear by something else. */
  setDeaf(isDeaf: boolean): void {
    this.#subscriptions.setDeaf(isDeaf);
  }

  /** Throws CONSUMER_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async resumeConsumer({ consumerId }: MethodParams<'media.resumeConsumer'>): Promise<void> {
    this.#assertUsable();
    await this.#subscriptions.getByConsumer(consumerId).start();
    this.#assertUsable();
  }

  /** Throws CONSUMER_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async requestKeyFrame({ consumerId }: MethodParams<'media.requestKeyFrame'>): Promise<void> {
    this.#assertUsable();
    await this.#subscriptions.getByConsumer(consumerId).requestKeyFrame();
  }

  /** A former channel of the label is closed. Throws PERMISSION_DENIED, TRANSPORT_NOT_FOUND, MEDIA_REJECTED, MEDIA_UNAVAILABLE. */
  async produceData(params: MethodParams<'media.produceData'>): Promise<MethodResult<'media.produceData'>> {
    this.#assertUsable();
    if (!this.#permissions.canPublishData) throw new ParleyError('PERMISSION_DENIED');
    return this.#channels.produce(params);
  }

  /** A former channel of the label is closed. Throws TRANSPORT_NOT_FOUND, MEDIA_UNAVAILABLE. */
  async consumeData(params: MethodParams<'media.consumeData'>): Promise<MethodResult<'media.consumeData'>> {
    this.#assertUsable();
    return this.#channels.consume(params);
  }

  /** Somebody else publishes. */
  offer(publication: Publication): void {
    if (this.#closed || !this.#permissions.canSubscribe || publication.participantId === this.participantId)
      return;
    this.#subscriptions.offer(publication);
  }

  /** Somebody else no longer publishes. What one wished stays known unless it ended for good. */
  withdraw(publication: Publication, ended: boolean): void {
    this.#subscriptions.withdraw(publication, ended);
  }

  /** It may do something else from now on: what it may no longer send ends. */
  setPermissions(permissions: Permissions): void {
    this.#permissions = permissions;
    for (const publication of [...this.#publications.values()])
      if (!this.#mayPublish(publication.source)) this.#end(publication, true);
    if (!permissions.canPublishData) this.#channels.stopProducing();
  }

  /** Goes to another zone of the media room: from now on one hears and sees who is there. */
  moveTo(zoneId: string): void {
    if (!this.#closed) this.#host.moveEndpoint(this, zoneId);
  }

  /** The media room's part of a move: it is in this zone now, and has nothing of the former one. */
  enterZone(zoneId: string): void {
    this.#subscriptions.clear();
    this.#zoneId = zoneId;
    this.#host.dataHub.moveParticipant(this.participantId, zoneId);
  }

  mayReceive(other: Endpoint): boolean {
    return !this.isRecorder || other.#isRecordable;
  }

  setRecordable(isRecordable: boolean): void {
    if (this.#isRecordable === isRecordable || this.#closed) return;
    this.#isRecordable = isRecordable;
    this.#host.recordableChanged(this);
  }

  /** Somebody has gone to another zone. */
  part(other: Endpoint): void {
    for (const publication of other.publications) this.withdraw(publication, true);
    this.forgetParticipant(other.participantId);
  }

  /** Somebody else is gone, and with them what they might have published again. */
  forgetParticipant(participantId: string): void {
    this.#subscriptions.forgetParticipant(participantId);
  }

  /** Frees everything. The others are told that its consumers are closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const publication of this.#publications.values()) this.#end(publication, true);
    this.#subscriptions.clear();
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

  #receiveOn(transport: types.WebRtcTransport, how: Pick<Reception, 'rtpCapabilities' | 'relayed'>): void {
    this.#receive({ transport, ...how, isOpen: () => transport.dtlsState === 'connected' });
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.#subscriptions.reconcileAll();
    });
  }

  #receive(reception: Reception): void {
    this.#reception = reception;
    // The client must have the answer before it hears of consumers, so they are made in a later turn.
    setImmediate(() => this.#subscriptions.reconcileAll());
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
