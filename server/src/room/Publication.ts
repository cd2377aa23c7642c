import { KIND_OF_SOURCE, type MethodParams, type PublicationInfo, type Source } from '@parley/protocol';

/** What the media layer made of it, which its owner may not choose freely. */
export type PublishedMedia = Pick<PublicationInfo, 'codec' | 'layering'>;

/**
 * Something a participant sends. It keeps its id when its producer is made anew (the media worker was replaced, or the
 * owner rebuilt a broken transport), so that others see an interruption and not a new publication.
 */
export class Publication {
  readonly publicationId: string;
  readonly source: Source;
  #media: PublishedMedia;
  #size: { width?: number; height?: number } = {};
  #muted: boolean;
  #attached = true;

  constructor(publicationId: string, params: MethodParams<'media.publish'>, media: PublishedMedia) {
    this.publicationId = publicationId;
    this.source = params.source;
    this.#media = media;
    this.#muted = params.muted ?? false;
    this.#setSize(params);
  }

  /** Whether there is a producer behind it now. */
  get attached(): boolean {
    return this.#attached;
  }

  get muted(): boolean {
    return this.#muted;
  }

  get info(): PublicationInfo {
    return {
      publicationId: this.publicationId,
      source: this.source,
      kind: KIND_OF_SOURCE[this.source],
      muted: this.#muted,
      ...this.#media,
      ...this.#size,
    };
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
  }

  detach(): void {
    this.#attached = false;
  }

  /** A new producer stands behind it. */
  attach(params: MethodParams<'media.publish'>, media: PublishedMedia): void {
    this.#attached = true;
    this.#media = media;
    this.#muted = params.muted ?? false;
    this.#setSize(params);
  }

  #setSize({ width, height }: { width?: number; height?: number }): void {
    this.#size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
  }
}
