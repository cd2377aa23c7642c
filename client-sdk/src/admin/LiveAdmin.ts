import type {
  LiveStream,
  LiveTarget,
  NewLiveTargetBody,
  PictureLayout,
  StartLiveBody,
} from '@parley/protocol';
import { pathOf, RestClient, type Access } from './RestClient.ts';

/**
 * The live stream of a room by REST: for integrators (grant roomRecord or roomAdmin) and hosts of the room. The keys of targets
 * are given, and never told again. Each method rejects with ParleyError; beside what is said, TOKEN_MISSING, PERMISSION_DENIED,
 * ROOM_NOT_FOUND.
 */
export class LiveAdmin {
  readonly #rest: RestClient;
  readonly #path: string;

  /** `serverUrl` is the web address of the server. */
  constructor(serverUrl: string, roomName: string, access: Access = {}) {
    this.#rest = new RestClient(serverUrl, access);
    this.#path = pathOf('rooms', roomName, 'live');
  }

  /**
   * Streams the main room: on a page of the server (the default), to targets, or both. MEETING_NOT_FOUND when nobody meets,
   * LIVE_RUNNING, LIVE_NOWHERE, LIVE_TARGET_INVALID, RECORDING_CAPACITY, RECORDING_DISK_FULL, RECORDING_OFF.
   */
  start(options: StartLiveBody = {}): Promise<LiveStream> {
    return this.#rest.send('POST', this.#path, options);
  }

  /** As it is now, with the state of each target. LIVE_NOT_RUNNING. */
  get(): Promise<LiveStream> {
    return this.#rest.get(this.#path);
  }

  /** LIVE_NOT_RUNNING. */
  stop(): Promise<void> {
    return this.#rest.order('POST', `${this.#path}/stop`);
  }

  /** In a recording that runs as well, as they share the picture. LIVE_NOT_RUNNING. */
  setLayout(layout: PictureLayout): Promise<void> {
    return this.#rest.order('PATCH', this.#path, { layout });
  }

  /** LIVE_NOT_RUNNING. */
  async listTargets(): Promise<LiveTarget[]> {
    return (await this.#rest.get<{ items: LiveTarget[] }>(`${this.#path}/targets`)).items;
  }

  /** Streams to one target more, while it goes on. LIVE_NOT_RUNNING, LIVE_TARGET_INVALID, LIVE_TOO_MANY_TARGETS. */
  addTarget(target: NewLiveTargetBody): Promise<LiveTarget> {
    return this.#rest.send('POST', `${this.#path}/targets`, target);
  }

  /** LIVE_NOT_RUNNING, LIVE_TARGET_NOT_FOUND. */
  removeTarget(targetId: string): Promise<void> {
    return this.#rest.order('DELETE', `${this.#path}/targets${pathOf(targetId)}`);
  }
}
