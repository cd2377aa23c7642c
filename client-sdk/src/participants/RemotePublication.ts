import type { NotificationParams, PublicationInfo } from '@parley/protocol';
import type { Consumer } from 'mediasoup-client/types';
import { ElementObserver } from '../media/ElementObserver.ts';
import type { SubscriptionBatcher } from '../media/SubscriptionBatcher.ts';
import { Publication } from './Publication.ts';

export type Layers = NotificationParams<'media.consumerLayers'>['layers'];

export interface RemotePublicationOptions {
  batcher: SubscriptionBatcher;
  /** Choose layers by the size at which the video is shown. */
  adaptiveStream: boolean;
  /** Receive what is published unless the app says otherwise; else the other way round. */
  autoSubscribe: boolean;
}

/** What somebody else sends. `track` is there while it is received. */
export class RemotePublication extends Publication {
  readonly #options: RemotePublicationOptions;
  readonly #elements = new Set<HTMLMediaElement>();
  #observer: ElementObserver | undefined;
  #consumer: Consumer | undefined;
  #subscribed = true;
  #layers: Layers = null;

  constructor(info: PublicationInfo, options: RemotePublicationOptions) {
    super(info);
    this.#options = options;
    if (!options.autoSubscribe) this.setSubscribed(false);
  }

  get track(): MediaStreamTrack | undefined {
    return this.#consumer?.track;
  }

  get subscribed(): boolean {
    return this.#subscribed;
  }

  /** Layers that arrive now; null when none does, or where there are none. */
  get layers(): Layers {
    return this.#layers;
  }

  /** Receives it, or stops receiving it. */
  setSubscribed(subscribed: boolean): void {
    this.#subscribed = subscribed;
    this.#options.batcher.change({ publicationId: this.publicationId, subscribed });
  }

  /** Pauses it while nobody looks. Elements that it is attached to do this by themselves. */
  setVisible(visible: boolean): void {
    this.#options.batcher.change({ publicationId: this.publicationId, visible });
  }

  /** Says how large it is shown, device pixels. Elements that it is attached to do this by themselves. */
  setDimensions(width: number, height: number): void {
    this.#options.batcher.change({
      publicationId: this.publicationId,
      width: Math.round(width),
      height: Math.round(height),
    });
  }

  /** Shows or plays it in an element, now and after reconnects, until it is detached. */
  attach<T extends HTMLMediaElement>(element: T): T {
    this.#elements.add(element);
    this.#show(element);
    if (this.kind === 'video' && this.#options.adaptiveStream) {
      this.#observer ??= new ElementObserver(({ visible, width, height }) => {
        // A size of 0 would only say once more that it is not visible.
        this.#options.batcher.change({
          publicationId: this.publicationId,
          visible,
          ...(visible && { width, height }),
        });
      });
      this.#observer.add(element);
    }
    return element;
  }

  detach<T extends HTMLMediaElement>(element: T): T {
    if (!this.#elements.delete(element)) return element;
    this.#observer?.remove(element);
    element.srcObject = null;
    return element;
  }

  getStats(): Promise<RTCStatsReport | undefined> {
    return this.#consumer && !this.#consumer.closed ? this.#consumer.getStats() : Promise.resolve(undefined);
  }

  /** @internal */
  setConsumer(consumer: Consumer | undefined): void {
    this.#consumer = consumer;
    if (consumer) this.#options.batcher.received(this.publicationId);
    else this.#layers = null;
    for (const element of this.#elements) this.#show(element);
  }

  /** @internal */
  setLayers(layers: Layers): void {
    this.#layers = layers;
  }

  /** @internal */
  close(): void {
    for (const element of [...this.#elements]) this.detach(element);
    this.#observer?.close();
    this.#options.batcher.forget(this.publicationId);
    this.#consumer = undefined;
  }

  #show(element: HTMLMediaElement): void {
    const { track } = this;
    const shown = element.srcObject instanceof MediaStream ? element.srcObject.getTracks()[0] : undefined;
    if (shown === track) return;
    element.srcObject = track ? new MediaStream([track]) : null;
  }
}
