import type {
  EgressState,
  MethodParams,
  ParticipantInfo,
  PictureLayout,
  RunningRecording,
} from '@parley/protocol';
import type { ServerClock } from '../signal/ServerClock.ts';
import type { Request } from './Request.ts';

const NOTHING: EgressState = { recordings: [], live: null };

/**
 * Whether the place that one is in is recorded, and what one does about it. Who may record, `permissions.canRecord` says; for
 * others the methods reject with PERMISSION_DENIED.
 */
export class Recording {
  readonly #request: Request;
  readonly #consent: () => ParticipantInfo['recordingConsent'];
  #state: EgressState = NOTHING;

  readonly #clock: () => Pick<ServerClock, 'at'>;

  /** @internal */
  constructor(
    request: Request,
    about: { consent: () => ParticipantInfo['recordingConsent']; clock: () => Pick<ServerClock, 'at'> },
  ) {
    this.#request = request;
    this.#consent = about.consent;
    this.#clock = about.clock;
  }

  /** Those of the place that one is in; mostly one or none. One that has failed stays for a minute, with its message. */
  get list(): readonly RunningRecording[] {
    return this.#state.recordings;
  }

  /** Something is being recorded at this moment. */
  get isRecording(): boolean {
    return this.list.some(({ state }) => state === 'recording');
  }

  /** Whether one agreed to be in recordings and live streams; undefined where the room does not ask. */
  get consent(): ParticipantInfo['recordingConsent'] {
    return this.#consent();
  }

  /** One is to be asked whether one agrees: a recording or a live stream runs, and one has not answered. */
  get asksForConsent(): boolean {
    const isOn = this.list.some(({ state }) => ['starting', 'recording', 'paused'].includes(state));
    return (isOn || this.#state.live !== null) && this.consent === 'asked';
  }

  /**
   * How long a recording is by now, without pauses, ms; of one that runs it grows with time. It does not matter whether the clocks
   * here and of the server agree. `now` is by the clock here.
   */
  elapsed({ recordedMs, at, state }: RunningRecording, now = Date.now()): number {
    return state === 'recording' ? recordedMs + Math.max(0, this.#clock().at(now) - at) : recordedMs;
  }

  /** `elapsed` of the first one of the place that one is in, ms; null where nothing is recorded. */
  get elapsedMs(): number | null {
    const [first] = this.list;
    return first ? this.elapsed(first) : null;
  }

  /**
   * Records the place one is in; gives the recordingId. Rejects with RECORDING_RUNNING, RECORDING_CAPACITY (its message has
   * numbers, and says what to do), RECORDING_DISK_FULL, RECORDING_FFMPEG_MISSING, RECORDING_OFF, RECORDING_FAILED.
   */
  async start(options: MethodParams<'recording.start'> = {}): Promise<string> {
    return (await this.#request('recording.start', options)).recordingId;
  }

  /** The one that runs here, when none is named. RECORDING_NOT_RUNNING. */
  async stop(recordingId?: string): Promise<void> {
    await this.#request('recording.stop', which(recordingId));
  }

  /** RECORDING_NOT_RUNNING, WRONG_STATE. */
  async pause(recordingId?: string): Promise<void> {
    await this.#request('recording.pause', which(recordingId));
  }

  /** RECORDING_NOT_RUNNING, WRONG_STATE. */
  async resume(recordingId?: string): Promise<void> {
    await this.#request('recording.resume', which(recordingId));
  }

  async setLayout(layout: PictureLayout, recordingId?: string): Promise<void> {
    await this.#request('recording.setLayout', { layout, ...which(recordingId) });
  }

  /** The file has a chapter of this title from now on. */
  async mark(title: string, recordingId?: string): Promise<void> {
    await this.#request('recording.mark', { title, ...which(recordingId) });
  }

  /** Says whether one agrees to be in recordings and live streams; it can be taken back. */
  async setConsent(agreed: boolean): Promise<void> {
    await this.#request('recording.consent', { agreed });
  }

  /** @internal */
  setState(state: EgressState): void {
    this.#state = state;
  }
}

const which = (recordingId: string | undefined) => (recordingId === undefined ? {} : { recordingId });
