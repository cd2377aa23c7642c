import type { PublicationInfo } from '@parley/protocol';
import type { Producer } from 'mediasoup-client/types';
import type { PublishOptions } from '../media/encodings.ts';
import { Publication } from './Publication.ts';

export interface LocalPublicationActions {
  mute(publication: LocalPublication): Promise<void>;
  unmute(publication: LocalPublication): Promise<void>;
}

/** What one sends oneself. */
export class LocalPublication extends Publication {
  /** What was said when it was published. @internal */
  readonly options: PublishOptions;
  readonly #actions: LocalPublicationActions;
  readonly #elements = new Set<HTMLMediaElement>();
  #track: MediaStreamTrack | undefined;
  #producer: Producer | undefined;
  #layersWanted = Number.POSITIVE_INFINITY;

  constructor(
    info: PublicationInfo,
    media: { producer: Producer; track: MediaStreamTrack; options: PublishOptions },
    actions: LocalPublicationActions,
  ) {
    super(info);
    this.options = media.options;
    this.#actions = actions;
    this.#producer = media.producer;
    this.#track = media.track;
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** The highest spatial layer that anybody wants; -1 when nobody watches. */
  get layersWanted(): number {
    return this.#layersWanted;
  }

  mute(): Promise<void> {
    return this.#actions.mute(this);
  }

  unmute(): Promise<void> {
    return this.#actions.unmute(this);
  }

  /** Shows what one sends in an element. Mute the element: one does not want to hear oneself. */
  attach<T extends HTMLMediaElement>(element: T): T {
    this.#elements.add(element);
    element.srcObject = this.#track ? new MediaStream([this.#track]) : null;
    return element;
  }

  detach<T extends HTMLMediaElement>(element: T): T {
    if (this.#elements.delete(element)) element.srcObject = null;
    return element;
  }

  getStats(): Promise<RTCStatsReport | undefined> {
    return this.#producer && !this.#producer.closed ? this.#producer.getStats() : Promise.resolve(undefined);
  }

  /** Whether there is something that sends it, be it paused. @internal */
  get isSent(): boolean {
    return this.#producer?.closed === false;
  }

  /** @internal */
  setProducer(producer: Producer): void {
    this.#producer = producer;
    this.#layersWanted = Number.POSITIVE_INFINITY;
  }

  /** @internal */
  pause(): void {
    if (this.isSent) this.#producer?.pause();
    // While the media is being made anew there is no producer that would do this.
    else if (this.#track) this.#track.enabled = false;
  }

  /** @internal */
  resume(): void {
    if (this.isSent) this.#producer?.resume();
    else if (this.#track) this.#track.enabled = true;
  }

  /** @internal */
  async replaceTrack(track: MediaStreamTrack | undefined): Promise<void> {
    this.#track = track;
    for (const element of this.#elements) this.attach(element);
    if (this.isSent) await this.#producer?.replaceTrack({ track: track ?? null });
  }

  /** @internal */
  setMuted(muted: boolean): void {
    this.setInfo({ ...this.info, muted });
  }

  /** @internal */
  setLayersWanted(maxSpatialLayer: number): void {
    this.#layersWanted = maxSpatialLayer;
  }

  /** @internal */
  close(): void {
    for (const element of [...this.#elements]) this.detach(element);
    this.#producer?.close();
  }
}
