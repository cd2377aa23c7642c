import type { types } from 'mediasoup';
import { ParleyError, type AnyNotification, type SubscriptionChange } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { preferredLayers, type Layers, type TileSize } from './layers.ts';
import type { Publication, Viewer } from './Publication.ts';
import type { Relayed } from './Relay.ts';
import { fromRtpParameters } from './wireMedia.ts';

/** What a participant wants to receive of one publication. */
export interface Wish extends TileSize {
  subscribed: boolean;
  visible: boolean;
  /** Share of a scarce downlink. */
  priority: number;
  /** The section of the receiver's session description that it belongs to; the next free one by default. */
  mid?: string;
}

export type WishChange = Omit<SubscriptionChange, 'publicationId'> & Pick<Wish, 'mid'>;

export const FIRST_WISH: Wish = { subscribed: true, visible: true, priority: 1 };
/** Of those who get only what they ask for. */
export const NO_WISH: Wish = { ...FIRST_WISH, subscribed: false };

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
  transport: types.WebRtcTransport | types.PlainTransport;
  rtpCapabilities: types.RtpCapabilities;
  /** The way to the receiver is open: what is sent arrives. */
  isOpen(): boolean;
  /** How the receiver gets what it gets, where it has payload types of its own. */
  relayed?: Relayed;
}

/** How long after a request for a key frame another one is not passed on, in ms. */
const KEY_FRAME_INTERVAL_MS = 300;

/** One participant's subscription to one publication: turns wishes into a consumer and keeps the two alike. */
export class Subscription implements Viewer {
  readonly publication: Publication;
  readonly #receiver: Receiver;
  #wish: Wish;
  #consumer: types.Consumer | undefined;
  #reception: Reception | undefined;
  #clientReady = false;
  #isDeaf = false;
  #keyFrameAt = Number.NEGATIVE_INFINITY;
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
  change(change: WishChange): Promise<void> {
    this.#wish = { ...this.#wish, ...change };
    this.publication.updateWantedLayers();
    return this.reconcile();
  }

  /** Where it is sound it is not sent, whatever is wished; as of the next look. */
  setDeaf(isDeaf: boolean): void {
    this.#isDeaf = isDeaf && this.publication.producer.kind === 'audio';
  }

  /** The client can play the consumer now. */
  start(): Promise<void> {
    this.#clientReady = true;
    return this.reconcile();
  }

  /** Asks for a picture that can be decoded on its own, unless that was just done. */
  async requestKeyFrame(): Promise<void> {
    const consumer = this.#consumer;
    const now = performance.now();
    if (consumer?.kind !== 'video' || consumer.paused || now < this.#keyFrameAt + KEY_FRAME_INTERVAL_MS)
      return;
    this.#keyFrameAt = now;
    try {
      await consumer.requestKeyFrame();
    } catch (error) {
      this.#handleFailure(error);
    }
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
    const isWished = this.#wish.visible && !this.#isDeaf;
    const shouldPlay = this.#clientReady && isWished && reception.isOpen();
    if (shouldPlay && consumer.paused) await consumer.resume();
    else if (!shouldPlay && !consumer.paused) await consumer.pause();
  }

  /** Consumers are made paused, so that no key frame is spent on a client that cannot show it yet. */
  async #consume(reception: Reception): Promise<types.Consumer | undefined> {
    const { producer, publicationId } = this.publication;
    if (producer.closed) return undefined;
    const { relayed } = reception;
    if (!(relayed ? relayed.canCarry(producer) : this.#receiver.canConsume(producer.id))) {
      this.#receiver.logger.debug({ publicationId }, 'participant cannot play this codec');
      return undefined;
    }
    const consumer = relayed
      ? await this.#consumeRelayed(reception, relayed)
      : await reception.transport.consume({
          producerId: producer.id,
          rtpCapabilities: reception.rtpCapabilities,
          ...this.#consuming,
        });
    if (!this.#isWanted || this.#receiver.reception !== reception) {
      consumer.close();
      return undefined;
    }
    this.#adopt(consumer, reception);
    return consumer;
  }

  get #consuming() {
    return {
      paused: true,
      ...(this.#wish.mid !== undefined && { mid: this.#wish.mid }),
      ...(this.publication.producer.type !== 'simple' && { preferredLayers: this.#layers }),
    };
  }

  async #consumeRelayed({ transport }: Reception, relayed: Relayed): Promise<types.Consumer> {
    const { release, ...carried } = await relayed.carry(this.publication.producer);
    try {
      const consumer = await transport.consume({ ...carried, ...this.#consuming });
      consumer.observer.once('close', release);
      return consumer;
    } catch (error) {
      release();
      throw error;
    }
  }

  #adopt(consumer: types.Consumer, reception: Reception): void {
    const { publicationId, participantId, producer } = this.publication;
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
        producerId: producer.id,
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
