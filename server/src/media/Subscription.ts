import type { types } from 'mediasoup';
import { ParleyError, type AnyNotification, type SubscriptionChange } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { preferredLayers, type Layers, type TileSize } from './layers.ts';
import type { Publication, Viewer } from './Publication.ts';
import { fromRtpParameters } from './wireMedia.ts';

/** What a participant wants to receive of one publication. */
export interface Wish extends TileSize {
  subscribed: boolean;
  visible: boolean;
  /** Share of a scarce downlink. */
  priority: number;
}

export const FIRST_WISH: Wish = { subscribed: true, visible: true, priority: 1 };

/** The one who receives. */
export interface Receiver {
  /** Undefined until the receive transport exists. */
  readonly reception: Reception | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** False when the media room is gone. */
  readonly usable: boolean;
  canConsume(producerId: string): boolean;
  notify(notification: AnyNotification): void;
}

export interface Reception {
  transport: types.WebRtcTransport;
  rtpCapabilities: types.RtpCapabilities;
}

/** One participant's subscription to one publication: turns wishes into a consumer and keeps the two alike. */
export class Subscription implements Viewer {
  readonly publication: Publication;
  readonly #receiver: Receiver;
  #wish: Wish;
  #consumer: types.Consumer | undefined;
  #reception: Reception | undefined;
  #clientReady = false;
  #appliedPriority = FIRST_WISH.priority;
  #closed = false;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(publication: Publication, receiver: Receiver, wish: Wish) {
    this.publication = publication;
    this.#receiver = receiver;
    this.#wish = wish;
    publication.addViewer(this);
  }

  get consumerId(): string | undefined {
    return this.#consumer?.id;
  }

  get wish(): Wish {
    return this.#wish;
  }

  get wantedSpatialLayer(): number {
    return this.#isWanted && this.#wish.visible ? this.#layers.spatialLayer : -1;
  }

  /** Changes the wish. Resolves when it is carried out. */
  change(change: Omit<SubscriptionChange, 'publicationId'>): Promise<void> {
    this.#wish = { ...this.#wish, ...change };
    this.publication.updateWantedLayers();
    return this.reconcile();
  }

  /** The client can play the consumer now. */
  start(): Promise<void> {
    this.#clientReady = true;
    return this.reconcile();
  }

  /** Makes the consumer what the wish says. Whatever changes meanwhile is looked at again, never at the same time. */
  reconcile(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The publication has ended, or the participant has left. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.publication.removeViewer(this);
    this.#dropConsumer();
  }

  get #isWanted(): boolean {
    return !this.#closed && this.#wish.subscribed && this.#receiver.reception !== undefined;
  }

  get #layers(): Layers {
    return preferredLayers(this.publication.ladder, this.#wish, this.publication.source);
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#step();
      } catch (error) {
        this.#handleFailure(error);
      }
    }
  }

  /** What was asked about may have gone meanwhile; the next look, if there is one, starts from what is there. */
  #handleFailure(error: unknown): void {
    const { usable, reception, logger } = this.#receiver;
    const { producer, publicationId } = this.publication;
    const gone = !usable || this.#closed || producer.closed || reception?.transport.closed !== false;
    if (!gone && !this.#consumer?.closed) logger.warn({ err: error, publicationId }, 'consumer not updated');
  }

  async #step(): Promise<void> {
    const { reception } = this.#receiver;
    if (this.#consumer?.closed || reception !== this.#reception) this.#forgetConsumer();
    if (!this.#isWanted || !reception) return this.#dropConsumer();
    this.publication.updateWantedLayers();
    const consumer = this.#consumer ?? (await this.#consume(reception));
    if (!consumer || consumer.closed) return;
    await this.#applyLayers(consumer);
    await this.#applyPriority(consumer);
    // A key frame that comes before the way is open is lost, and the next one is a second away.
    const shouldPlay =
      this.#clientReady && this.#wish.visible && reception.transport.dtlsState === 'connected';
    if (shouldPlay && consumer.paused) await consumer.resume();
    else if (!shouldPlay && !consumer.paused) await consumer.pause();
  }

  /** Consumers are made paused, so that no key frame is spent on a client that cannot show it yet. */
  async #consume(reception: Reception): Promise<types.Consumer | undefined> {
    const { producer, publicationId } = this.publication;
    if (producer.closed) return undefined;
    if (!this.#receiver.canConsume(producer.id)) {
      this.#receiver.logger.debug({ publicationId }, 'participant cannot play this codec');
      return undefined;
    }
    const consumer = await reception.transport.consume({
      producerId: producer.id,
      rtpCapabilities: reception.rtpCapabilities,
      paused: true,
      ...(producer.type !== 'simple' && { preferredLayers: this.#layers }),
    });
    if (!this.#isWanted || this.#receiver.reception !== reception) {
      consumer.close();
      return undefined;
    }
    this.#adopt(consumer, reception);
    return consumer;
  }

  #adopt(consumer: types.Consumer, reception: Reception): void {
    const { publicationId, participantId } = this.publication;
    const { metrics } = this.#receiver;
    this.#consumer = consumer;
    this.#reception = reception;
    this.#clientReady = false;
    this.#appliedPriority = FIRST_WISH.priority;
    metrics.consumers.inc();
    consumer.observer.once('close', () => metrics.consumers.dec());
    consumer.on('layerschange', (layers) => {
      this.#receiver.notify({
        method: 'media.consumerLayers',
        params: { consumerId: consumer.id, publicationId, layers: layers ?? null },
      });
    });
    this.#receiver.notify({
      method: 'media.consumerCreated',
      params: {
        consumerId: consumer.id,
        transportId: reception.transport.id,
        producerId: consumer.producerId,
        publicationId,
        participantId,
        kind: consumer.kind,
        rtpParameters: fromRtpParameters(consumer.rtpParameters),
      },
    });
  }

  async #applyLayers(consumer: types.Consumer): Promise<void> {
    if (consumer.type !== 'simulcast' && consumer.type !== 'svc') return;
    const wanted = this.#layers;
    const { spatialLayer, temporalLayer } = consumer.preferredLayers ?? {};
    if (spatialLayer !== wanted.spatialLayer || temporalLayer !== wanted.temporalLayer)
      await consumer.setPreferredLayers(wanted);
  }

  async #applyPriority(consumer: types.Consumer): Promise<void> {
    const { priority } = this.#wish;
    if (priority === this.#appliedPriority) return;
    await consumer.setPriority(priority);
    this.#appliedPriority = priority;
  }

  #dropConsumer(): void {
    const consumer = this.#consumer;
    this.#forgetConsumer();
    if (!consumer || consumer.closed) return;
    consumer.close();
    this.#receiver.notify({ method: 'media.consumerClosed', params: { consumerId: consumer.id } });
  }

  #forgetConsumer(): void {
    this.#consumer = undefined;
    this.#reception = undefined;
    this.#clientReady = false;
  }
}

/** Throws CONSUMER_NOT_FOUND. */
export function getSubscriptionOf(subscriptions: Iterable<Subscription>, consumerId: string): Subscription {
  for (const subscription of subscriptions) if (subscription.consumerId === consumerId) return subscription;
  throw new ParleyError('CONSUMER_NOT_FOUND');
}
