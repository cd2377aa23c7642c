import type { PublicationInfo, Source } from '@parley/protocol';

/** Something a participant sends: camera, microphone, screen or its sound. */
export abstract class Publication {
  #info: PublicationInfo;

  constructor(info: PublicationInfo) {
    this.#info = info;
  }

  get publicationId(): string {
    return this.#info.publicationId;
  }
  get source(): Source {
    return this.#info.source;
  }
  get kind(): 'audio' | 'video' {
    return this.#info.kind;
  }
  get muted(): boolean {
    return this.#info.muted;
  }
  /** MIME type, such as `video/VP8`. */
  get codec(): string {
    return this.#info.codec;
  }
  get layering(): PublicationInfo['layering'] {
    return this.#info.layering;
  }
  /** Size of the largest layer, pixels. */
  get width(): number | undefined {
    return this.#info.width;
  }
  get height(): number | undefined {
    return this.#info.height;
  }

  abstract get track(): MediaStreamTrack | undefined;

  /** Shows or plays it in an element, now and after reconnects, until it is detached. */
  abstract attach<T extends HTMLMediaElement>(element: T): T;
  abstract detach<T extends HTMLMediaElement>(element: T): T;
  abstract getStats(): Promise<RTCStatsReport | undefined>;

  /** @internal */
  setInfo(info: PublicationInfo): void {
    this.#info = info;
  }

  protected get info(): PublicationInfo {
    return this.#info;
  }
}
