import type Hls from 'hls.js';

export type PlayerState =
  /** Nothing to be seen yet, or again. */
  | { at: 'loading' }
  | { at: 'playing' }
  /** The browser wants a click before it plays. */
  | { at: 'blocked' }
  | { at: 'ended' }
  /** This browser cannot play it at all. */
  | { at: 'unsupported' }
  /** The part of this page that plays could not be loaded. */
  | { at: 'unloaded' };

export interface PlayerPosition {
  /** Seconds behind what happens now. */
  behind: number;
  /** Seconds that one can go back. */
  window: number;
}

/** Seconds behind the newest that still count as live. */
export const LIVE_WITHIN = 8;
/** How far from the newest a press on "Live" goes where the stream does not say. */
const USUAL_DELAY = 2;
const RETRY_MS = 1_500;
/** How long the rest of a stream that has ended may take to come. */
const REST_MS = 5_000;

/** Plays a live stream in a video element, and does not give up while there is one: streams stop and come back. */
export class LivePlayer {
  readonly #video: HTMLVideoElement;
  readonly #source: string;
  readonly #onState: (state: PlayerState) => void;
  #hls: Hls | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** Whoever watches wants it still: it does not begin to play by itself when the stream is back. */
  #isPaused = false;
  /** Nothing more comes: what there is is played to its end. */
  #isOver = false;

  constructor(video: HTMLVideoElement, options: { source: string; onState: (state: PlayerState) => void }) {
    this.#video = video;
    this.#source = options.source;
    this.#onState = options.onState;
    this.#start().catch(() => this.#closed || this.#onState({ at: 'unloaded' }));
  }

  get position(): PlayerPosition {
    const { seekable, currentTime, ended } = this.#video;
    if (seekable.length === 0) return { behind: 0, window: 0 };
    const end = seekable.end(seekable.length - 1);
    const behind = ended ? 0 : this.#hls ? this.#hls.latency : end - currentTime + USUAL_DELAY;
    return { behind: Math.max(0, behind), window: Math.max(0, end - seekable.start(0)) };
  }

  /** Goes so many seconds back from what happens now. */
  seekBehind(seconds: number): void {
    const { seekable } = this.#video;
    if (seekable.length === 0) return;
    const edge = this.#hls?.liveSyncPosition ?? seekable.end(seekable.length - 1) - USUAL_DELAY;
    this.#video.currentTime = Math.max(seekable.start(0), Math.min(edge, edge + this.#edgeDelay - seconds));
    void this.play();
  }

  pause(): void {
    this.#isPaused = true;
    this.#video.pause();
  }

  async play(): Promise<void> {
    this.#isPaused = false;
    try {
      await this.#video.play();
    } catch (error) {
      // NOTE: AbortError is a newer wish of our own, no refusal.
      if (error instanceof DOMException && error.name === 'NotAllowedError') await this.#playMuted();
    }
  }

  /**
   * The stream has ended. Where the player waits for the rest, it takes up the whole of it anew where it stands: it knows the
   * last parts by names that no playlist has any more.
   */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#retry);
    const { currentTime } = this.#video;
    const leaveIt = () => {
      if (this.#video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) this.#onState({ at: 'ended' });
    };
    this.#retry = setTimeout(leaveIt, REST_MS);
    if (!this.#hls) return;
    this.#hls.config.startPosition = currentTime;
    this.#hls.loadSource(this.#source);
  }

  /** It goes on after all, as it does when the server was started anew and people are back. */
  resume(): void {
    if (!this.#isOver) return;
    this.#isOver = false;
    clearTimeout(this.#retry);
    this.#onState({ at: 'loading' });
    if (!this.#hls) return this.#video.load();
    this.#hls.config.startPosition = -1;
    this.#hls.loadSource(this.#source);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#hls?.destroy();
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  get #edgeDelay(): number {
    return this.#hls?.targetLatency ?? USUAL_DELAY;
  }

  /** Without sound browsers play anything; the page offers the sound. */
  async #playMuted(): Promise<void> {
    this.#video.muted = true;
    await this.#video.play().catch(() => this.#onState({ at: 'blocked' }));
  }

  async #start(): Promise<void> {
    const { default: HlsPlayer } = await import('hls.js');
    if (this.#closed) return;
    this.#listen();
    if (HlsPlayer.isSupported()) this.#startHls(HlsPlayer);
    else if (this.#video.canPlayType('application/vnd.apple.mpegurl') !== '') this.#startNative();
    else this.#onState({ at: 'unsupported' });
  }

  #listen(): void {
    const video = this.#video;
    video.addEventListener('playing', () => this.#onState({ at: 'playing' }));
    video.addEventListener('waiting', () => this.#onState({ at: 'loading' }));
    video.addEventListener('ended', () => this.#onState({ at: 'ended' }));
  }

  #startHls(HlsPlayer: typeof Hls): void {
    // Tells the server this page from others, for the number of viewers. (`randomUUID` is for secure pages only.)
    const viewer = [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('');
    const hls = new HlsPlayer({
      lowLatencyMode: true,
      backBufferLength: 30,
      maxLiveSyncPlaybackRate: 1.1,
      // The first playlist waits for the first picture; a stream that is about to begin is no error.
      manifestLoadPolicy: patience,
      playlistLoadPolicy: patience,
      xhrSetup: (xhr, url) => {
        if (!url.includes('media.m3u8')) return;
        const counted = new URL(url, location.href);
        counted.searchParams.set('viewer', viewer);
        xhr.open('GET', counted.href);
      },
    });
    this.#hls = hls;
    hls.on(HlsPlayer.Events.ERROR, (_event, { fatal, type }) => {
      if (!fatal) return;
      this.#onState({ at: this.#isOver ? 'ended' : 'loading' });
      if (this.#isOver) return;
      if (type === HlsPlayer.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError();
      else this.#startAgain();
    });
    hls.on(HlsPlayer.Events.MANIFEST_PARSED, () => {
      if (!this.#isPaused) void this.play();
    });
    hls.loadSource(this.#source);
    hls.attachMedia(this.#video);
  }

  #startAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#hls?.loadSource(this.#source), RETRY_MS);
  }

  #startNative(): void {
    const video = this.#video;
    video.src = this.#source;
    video.addEventListener('error', () => {
      this.#onState({ at: 'loading' });
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => video.load(), RETRY_MS);
    });
    void this.play();
  }
}

const patience = {
  default: {
    maxTimeToFirstByteMs: 20_000,
    maxLoadTimeMs: 20_000,
    timeoutRetry: { maxNumRetry: 10, retryDelayMs: 500, maxRetryDelayMs: 2_000 },
    errorRetry: { maxNumRetry: 10, retryDelayMs: 1_000, maxRetryDelayMs: 4_000 },
  },
};
