import type { types } from 'mediasoup';
import type { MethodParams, Source } from '@parley/protocol';
import { describeLayers, topLayerOf, type LayerLadder } from './layers.ts';

/** Somebody's wish to receive a publication. */
export interface Viewer {
  /** Highest spatial layer wanted; -1 when nothing is. */
  readonly wantedSpatialLayer: number;
}

/** How long a layer that nobody wants any more goes on, in ms: people scroll back and forth. */
const RELEASE_DELAY_MS = 1_500;

/** One producer, and what is wanted of it. */
export class Publication {
  readonly publicationId: string;
  readonly participantId: string;
  readonly source: Source;
  readonly producer: types.Producer;
  readonly ladder: LayerLadder;
  readonly #tellPublisher: (maxSpatialLayer: number) => void;
  readonly #viewers = new Set<Viewer>();
  #told: number;
  #releaseTimer: NodeJS.Timeout | undefined;

  constructor(options: {
    publicationId: string;
    participantId: string;
    producer: types.Producer;
    params: MethodParams<'media.publish'>;
    /** Called when the highest layer that anybody wants has changed; only for video. */
    tellPublisher(maxSpatialLayer: number): void;
  }) {
    const { params, producer } = options;
    this.publicationId = options.publicationId;
    this.participantId = options.participantId;
    this.source = params.source;
    this.producer = producer;
    this.ladder = describeLayers({
      encodings: params.rtpParameters.encodings ?? [],
      width: params.width,
      height: params.height,
    });
    this.#tellPublisher = options.tellPublisher;
    // A publisher sends every layer until told otherwise.
    this.#told = topLayerOf(this.ladder);
    this.updateWantedLayers();
  }

  addViewer(viewer: Viewer): void {
    this.#viewers.add(viewer);
    this.updateWantedLayers();
  }

  removeViewer(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.updateWantedLayers();
  }

  /** A viewer changed their mind. More is asked of the publisher at once, less only after a while. */
  updateWantedLayers(): void {
    if (this.producer.kind !== 'video' || this.producer.closed) return;
    const wanted = this.#wantedLayer();
    if (wanted >= this.#told) {
      clearTimeout(this.#releaseTimer);
      this.#releaseTimer = undefined;
      if (wanted > this.#told) this.#tell(wanted);
    } else {
      this.#releaseTimer ??= setTimeout(() => this.#release(), RELEASE_DELAY_MS).unref();
    }
  }

  close(): void {
    clearTimeout(this.#releaseTimer);
    this.#viewers.clear();
    this.producer.close();
  }

  #release(): void {
    this.#releaseTimer = undefined;
    const wanted = this.#wantedLayer();
    if (wanted < this.#told && !this.producer.closed) this.#tell(wanted);
  }

  #tell(maxSpatialLayer: number): void {
    this.#told = maxSpatialLayer;
    this.#tellPublisher(maxSpatialLayer);
  }

  #wantedLayer(): number {
    return [...this.#viewers].reduce((max, viewer) => Math.max(max, viewer.wantedSpatialLayer), -1);
  }
}
