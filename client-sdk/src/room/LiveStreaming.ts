import type { LiveStream, MethodParams, MethodResult, PictureLayout } from '@parley/protocol';
import type { ServerClock } from '../signal/ServerClock.ts';
import type { Request } from './Request.ts';

export type NewLiveTarget = MethodParams<'live.addTarget'>;

/** Whether the meeting is streamed to the world, and, for hosts, where to. For others the methods reject with PERMISSION_DENIED. */
export class LiveStreaming {
  readonly #request: Request;
  #stream: LiveStream | null = null;

  readonly #clock: () => Pick<ServerClock, 'at'>;

  /** @internal */
  constructor(request: Request, clock: () => Pick<ServerClock, 'at'>) {
    this.#request = request;
    this.#clock = clock;
  }

  /** How long the stream has been going on, ms, however the clock here is set; null where nothing is streamed. */
  elapsed(now = Date.now()): number | null {
    return this.#stream && Math.max(0, this.#clock().at(now) - this.#stream.startedAt);
  }

  /** What is streamed; null where nothing is, and in breakout rooms. Its targets only hosts see. */
  get stream(): LiveStream | null {
    return this.#stream;
  }

  /**
   * Streams the main room: on a page that anybody with the link can watch (unless `page` is false), to targets, or both. Rejects
   * with LIVE_RUNNING, LIVE_TARGET_INVALID, LIVE_NOWHERE, RECORDING_CAPACITY (its message has numbers, and says what to do),
   * RECORDING_DISK_FULL (where a page is wanted), RECORDING_FFMPEG_MISSING, RECORDING_OFF, RECORDING_FAILED.
   */
  start(options: MethodParams<'live.start'> = {}): Promise<MethodResult<'live.start'>> {
    return this.#request('live.start', options);
  }

  /** Rejects with LIVE_NOT_RUNNING. */
  async stop(): Promise<void> {
    await this.#request('live.stop', {});
  }

  /** Gives the targetId. Rejects with LIVE_NOT_RUNNING, LIVE_TARGET_INVALID, LIVE_TOO_MANY_TARGETS. */
  async addTarget(target: NewLiveTarget): Promise<string> {
    const { targetId } = await this.#request('live.addTarget', target);
    return targetId;
  }

  /** Rejects with LIVE_NOT_RUNNING, LIVE_TARGET_NOT_FOUND. */
  async removeTarget(targetId: string): Promise<void> {
    await this.#request('live.removeTarget', { targetId });
  }

  /** Arranges people in the picture anew; in a recording that runs as well, as they share it. */
  async setLayout(layout: PictureLayout): Promise<void> {
    await this.#request('live.setLayout', { layout });
  }

  /** @internal */
  setStream(stream: LiveStream | null): void {
    this.#stream = stream;
  }
}
