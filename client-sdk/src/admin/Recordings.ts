import type {
  CreateRecordingLinkBody,
  PictureLayout,
  RecordingInfo,
  RecordingLink,
  StartRecordingBody,
} from '@parley/protocol';
import { pathOf, RestClient, type Access, type Page, type PageRequest } from './RestClient.ts';

export interface RecordingFilter extends PageRequest {
  /** Needed with a token for one room. */
  room?: string;
  meetingId?: string;
}

/** Something that happened in a recording, `atMs` milliseconds after its beginning: pauses left out, parts one after the other. */
export type RecordingEvent = { atMs: number } & (
  | { type: 'marker'; title: string }
  /** Who speaks from here on; null: nobody. */
  | { type: 'speaker'; participantId: string | null }
  | { type: 'joined'; participantId: string; name: string }
  | { type: 'left'; participantId: string }
  | { type: 'layout'; layout: string }
  /** It was paused here, and went on at this time (ISO 8601). */
  | { type: 'paused'; resumedAt: string }
);

export interface RecordingSidecar {
  version: number;
  /** When it began, ISO 8601. */
  startedAt: string;
  /** In the order of their times. */
  events: readonly RecordingEvent[];
}

/**
 * Recordings by REST: for integrators (grant roomRecord), hosts of the room, and hosts who are signed in. Each method rejects
 * with ParleyError; beside what is said, TOKEN_MISSING, PERMISSION_DENIED, RECORDING_NOT_FOUND.
 */
export class Recordings {
  readonly #rest: RestClient;

  /** `serverUrl` is the web address of the server. */
  constructor(serverUrl: string, access: Access = {}) {
    this.#rest = new RestClient(serverUrl, access);
  }

  /** Newest first; those that still run as well. */
  list(filter: RecordingFilter = {}): Promise<Page<RecordingInfo>> {
    return this.#rest.get('/recordings', { ...filter });
  }

  get(recordingId: string): Promise<RecordingInfo> {
    return this.#rest.get(pathOf('recordings', recordingId));
  }

  /** With its files. RECORDING_UNFINISHED while it runs. */
  delete(recordingId: string): Promise<void> {
    return this.#rest.order('DELETE', pathOf('recordings', recordingId));
  }

  /**
   * A link that plays or downloads a file without a token, for at most ten minutes and one person: `identity`, oneself when
   * absent. RECORDING_UNFINISHED.
   */
  async createLink(
    recordingId: string,
    options: CreateRecordingLinkBody = {},
  ): Promise<RecordingLink & { url: string; downloadUrl: string; thumbnailUrl: string }> {
    const path = pathOf('recordings', recordingId);
    const link = await this.#rest.send<RecordingLink>('POST', `${path}/links`, options);
    const url = new URL(link.path, this.#rest.url(''));
    const thumbnail = this.#rest.url(`${path}/thumbnail`);
    thumbnail.search = url.search;
    return { ...link, url: url.href, downloadUrl: `${url.href}&download=1`, thumbnailUrl: thumbnail.href };
  }

  /** Where pages of the server itself, with a signed-in host, find a file. */
  contentUrl(recordingId: string, options: { file?: number; download?: boolean } = {}): string {
    const { file = 1, download = false } = options;
    const url = this.#rest.url(pathOf('recordings', recordingId, 'parts', String(file), 'content'));
    if (download) url.searchParams.set('download', '1');
    return url.href;
  }

  /** What happened in it and who spoke when, where `hasSidecar` is true. */
  getSidecar(recordingId: string): Promise<RecordingSidecar> {
    return this.#rest.get(pathOf('recordings', recordingId, 'sidecar'));
  }

  thumbnailUrl(recordingId: string): string {
    return this.#rest.url(pathOf('recordings', recordingId, 'thumbnail')).href;
  }

  /** Begins to record a room; gives the recordingId. MEETING_NOT_FOUND, and the errors of `Recording.start`. */
  async start(room: string, options: StartRecordingBody = {}): Promise<string> {
    const path = pathOf('rooms', room, 'recordings');
    return (await this.#rest.send<{ recordingId: string }>('POST', path, options)).recordingId;
  }

  /** RECORDING_NOT_RUNNING. */
  stop(room: string, recordingId: string): Promise<void> {
    return this.#order(room, recordingId, 'stop');
  }

  /** RECORDING_NOT_RUNNING, WRONG_STATE. */
  pause(room: string, recordingId: string): Promise<void> {
    return this.#order(room, recordingId, 'pause');
  }

  /** RECORDING_NOT_RUNNING, WRONG_STATE. */
  resume(room: string, recordingId: string): Promise<void> {
    return this.#order(room, recordingId, 'resume');
  }

  /** RECORDING_NOT_RUNNING. */
  mark(room: string, recordingId: string, title: string): Promise<void> {
    return this.#rest.order('POST', pathOf('rooms', room, 'recordings', recordingId, 'marks'), { title });
  }

  /** RECORDING_NOT_RUNNING. */
  setLayout(room: string, recordingId: string, layout: PictureLayout): Promise<void> {
    return this.#rest.order('PATCH', pathOf('rooms', room, 'recordings', recordingId), { layout });
  }

  #order(room: string, recordingId: string, what: string): Promise<void> {
    return this.#rest.order('POST', pathOf('rooms', room, 'recordings', recordingId, what));
  }
}
