import type { MethodParams, ParticipantInfo, PublicationInfo, Source } from '@parley/protocol';
import { ParleyError, type ErrorCode } from '@parley/protocol/errors';
import { Capture, type CaptureOptions, type DeviceSource } from '../devices/Capture.ts';
import { DeviceError } from '../devices/DeviceError.ts';
import type { PublishOptions } from '../media/encodings.ts';
import type { Published, PublishRequest } from '../media/MediaSession.ts';
import { LocalPublication } from './LocalPublication.ts';
import type { Request } from '../room/Request.ts';
import { Participant } from './Participant.ts';
import { publicationInfoOf, sizeOf } from './publicationInfo.ts';

/** Why one's own publication came to its end: by wish, with its device or screen, refused by the server, or by a host. */
export type UnpublishReason = 'unpublished' | 'ended' | 'refused' | 'removedByHost';

type Publish = (request: PublishRequest) => Promise<Published>;

/** What the local participant needs of its room. */
export interface LocalPort extends CaptureOptions {
  publish: Publish;
  unpublish(publicationId: string): Promise<void>;
  setMuted(publicationId: string, muted: boolean): Promise<void>;
  updateSelf(changes: MethodParams<'participant.updateSelf'>): Promise<void>;
  request: Request;
  added(publication: LocalPublication): void;
  updated(publication: LocalPublication): void;
  /** The phone that one speaks by was muted or unmuted by oneself, which the server tells the others alone. */
  phoneUpdated(): void;
  removed(publication: LocalPublication, why: UnpublishReason): void;
  deviceError(error: DeviceError): void;
}

export interface DeviceChoice {
  deviceId?: string;
}

export interface PublishTrackOptions extends PublishOptions {
  source: Source;
  muted?: boolean;
  /** Stop the track when it is unpublished, though the app opened it. */
  stopOnUnpublish?: boolean;
}

/** The server no longer knows it, or will be told anew after the reconnect that is going on. */
const SETTLED_ELSEWHERE: ReadonlySet<ErrorCode> = new Set([
  'PUBLICATION_NOT_FOUND',
  'SESSION_NOT_FOUND',
  'MEDIA_UNAVAILABLE',
]);
/** Publishing again will never work. */
const REFUSED: ReadonlySet<ErrorCode> = new Set(['PERMISSION_DENIED', 'MEDIA_REJECTED', 'LIMIT_REACHED']);

/** Oneself. */
export class LocalParticipant extends Participant {
  readonly isLocal = true;
  readonly #port: LocalPort;
  readonly #capture: Capture;
  readonly #publications = new Map<Source, LocalPublication>();
  /** Changes of one source are made one after the other, so that quick clicks end where the last one said. */
  readonly #queues = new Map<Source, Promise<unknown>>();
  /** What a phone sends in place of one's own microphone. */
  #spoken: PublicationInfo | undefined;

  constructor(info: ParticipantInfo, port: LocalPort) {
    super(info);
    this.#spoken = spokenIn(info);
    this.#port = port;
    this.#capture = new Capture(port);
  }

  get publications(): ReadonlyMap<Source, LocalPublication> {
    return this.#publications;
  }

  override getPublication(source: Source): LocalPublication | undefined {
    return this.#publications.get(source);
  }

  /** Whether the source is published and not muted. */
  isEnabled(source: Source): boolean {
    if (source === 'microphone' && this.#spoken) return !this.#spoken.muted;
    const publication = this.#publications.get(source);
    return publication !== undefined && !publication.muted;
  }

  /** Opens and publishes the microphone, or mutes it; that of one's phone, where one speaks by one. Rejects with DeviceError or ParleyError. */
  setMicrophoneEnabled(enabled: boolean, choice: DeviceChoice = {}): Promise<void> {
    const spoken = this.#spoken;
    if (!spoken) return this.#setEnabled('microphone', enabled, choice);
    return this.#inTurn('microphone', async () => {
      await this.#port.setMuted(spoken.publicationId, !enabled);
      this.setSpoken({ ...spoken, muted: !enabled });
      this.#port.phoneUpdated();
    });
  }

  /** Opens and publishes the camera, or mutes it and puts its light out. Rejects with DeviceError or ParleyError. */
  setCameraEnabled(enabled: boolean, choice: DeviceChoice = {}): Promise<void> {
    return this.#setEnabled('camera', enabled, choice);
  }

  /** Asks for a screen and publishes it, with its sound where it has any and `audio` is not false; or stops. */
  setScreenShareEnabled(enabled: boolean, options: { audio?: boolean } & PublishOptions = {}): Promise<void> {
    return this.#inTurn('screen', async () => {
      if (!enabled) return this.#stopSharing('unpublished');
      if (this.#publications.has('screen')) return;
      const { audio = true, contentHint = 'detail' } = options;
      const [video, sound] = await this.#capture.openScreen({ audio, contentHint });
      if (!video) return;
      try {
        await this.#publish(video, { source: 'screen', contentHint });
      } catch (error) {
        this.#capture.stop(sound);
        throw error;
      }
      // A screen without its sound is still worth sharing.
      if (sound) await this.#publish(sound, { source: 'screenAudio' }).catch(() => undefined);
    });
  }

  /** Changes to another microphone or camera. Rejects with DeviceError; the former one goes on then. */
  switchDevice(kind: 'audioinput' | 'videoinput', deviceId: string): Promise<void> {
    const source = kind === 'audioinput' ? 'microphone' : 'camera';
    return this.#inTurn(source, async () => {
      const publication = this.#publications.get(source);
      if (publication?.track && !(publication.muted && source === 'camera')) {
        const track = await this.#openOther(source, deviceId, publication);
        await this.#replaceTrack(publication, track);
        this.#port.updated(publication);
      }
      this.#capture.choose(source, deviceId);
    });
  }

  /** Publishes a track of one's own; whoever opened it stops it. Rejects with ParleyError. */
  publishTrack(track: MediaStreamTrack, options: PublishTrackOptions): Promise<LocalPublication> {
    return this.#inTurn(options.source, () => {
      if (options.stopOnUnpublish) this.#capture.adopt(track);
      return this.#publish(track, options);
    });
  }

  unpublish(source: Source): Promise<void> {
    return this.#inTurn(source, () => this.#unpublish(source, 'unpublished'));
  }

  /** Changes display name, metadata or attributes. Rejects with PERMISSION_DENIED. */
  updateSelf(changes: MethodParams<'participant.updateSelf'>): Promise<void> {
    return this.#port.updateSelf(changes);
  }

  /** Publishes everything anew, after the media was lost. Rejects when this media, too, is lost. @internal */
  async republish(publish: Publish): Promise<void> {
    const sources = [...this.#publications.keys()];
    await Promise.all(sources.map((source) => this.#inTurn(source, () => this.#republish(source, publish))));
  }

  /** @internal */
  findPublicationById(publicationId: string): LocalPublication | undefined {
    for (const publication of this.#publications.values())
      if (publication.publicationId === publicationId) return publication;
    return undefined;
  }

  /** One joins the end of the queue of those who want to speak. */
  async raiseHand(): Promise<void> {
    await this.#port.request('participant.raiseHand', {});
  }

  async lowerHand(): Promise<void> {
    await this.#port.request('participant.lowerHand', {});
  }

  /** Asks the hosts to be allowed to unmute, where `unmuting` is `needsApproval`. */
  async requestUnmute(options: { withdraw?: boolean } = {}): Promise<void> {
    await this.#port.request('participant.requestUnmute', options);
  }

  /** Shows an emoji to everybody for a moment. */
  async react(emoji: string): Promise<void> {
    await this.#port.request('participant.react', { emoji });
  }

  /** @internal */
  override setInfo(info: ParticipantInfo): void {
    super.setInfo(info);
    this.#spoken = spokenIn(info);
  }

  /** What one's phone sends was muted or unmuted. @internal */
  setSpoken(publication: PublicationInfo): void {
    if (this.#spoken?.publicationId === publication.publicationId) this.#spoken = publication;
  }

  /** The server says that a host muted it. @internal */
  mutedByHost(publication: LocalPublication): void {
    publication.setMuted(true);
    this.#silence(publication);
  }

  /** The server says that a host ended it. @internal */
  removedByHost(publication: LocalPublication): void {
    this.#forget(publication, 'removedByHost');
  }

  /** @internal */
  close(): void {
    this.#capture.close();
    for (const publication of this.#publications.values()) {
      this.#capture.stop(publication.track);
      publication.close();
    }
    this.#publications.clear();
  }

  #setEnabled(source: DeviceSource, enabled: boolean, { deviceId }: DeviceChoice): Promise<void> {
    return this.#inTurn(source, async () => {
      if (deviceId !== undefined) this.#capture.choose(source, deviceId);
      const publication = this.#publications.get(source);
      if (!publication) {
        if (enabled) await this.#publish(await this.#capture.open(source), { source });
      } else if (enabled) await this.#unmute(publication);
      else await this.#mute(publication);
    });
  }

  async #publish(track: MediaStreamTrack, options: PublishTrackOptions): Promise<LocalPublication> {
    const { source, muted = false, contentHint } = options;
    try {
      if (this.#publications.has(source)) throw new ParleyError('SOURCE_TAKEN');
      const request = { source, track, muted, size: sizeOf(track), contentHint };
      const published = await this.#port.publish(request);
      const publication = new LocalPublication(
        publicationInfoOf(request, published),
        { producer: published.producer, track, options: { contentHint } },
        {
          mute: (one) => this.#inTurn(source, () => this.#mute(one)),
          unmute: (one) => this.#inTurn(source, () => this.#unmute(one)),
        },
      );
      this.#publications.set(source, publication);
      this.#watch(publication, track);
      this.#port.added(publication);
      return publication;
    } catch (error) {
      this.#capture.stop(track);
      throw error;
    }
  }

  async #republish(source: Source, publish: Publish): Promise<void> {
    const publication = this.#publications.get(source);
    // One that was published while the others waited is on the new media already.
    if (!publication || publication.isSent) return;
    const { track, muted, options } = publication;
    // A camera that is off has nothing to send; it is published anew when it is switched on.
    if (!track || track.readyState === 'ended') return this.#unpublish(source, 'unpublished');
    const request = { source, track, muted, size: sizeOf(track), ...options };
    try {
      const published = await publish(request);
      publication.setInfo(publicationInfoOf(request, published));
      publication.setProducer(published.producer);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'UNMUTE_NEEDS_APPROVAL' && !muted) return this.#republishMuted(publication, publish);
      if (!REFUSED.has(error.code)) throw error;
      await this.#unpublish(source, 'refused');
    }
  }

  /** A host has muted all meanwhile. */
  async #republishMuted(publication: LocalPublication, publish: Publish): Promise<void> {
    this.mutedByHost(publication);
    await this.#republish(publication.source, publish);
    this.#port.updated(publication);
  }

  async #stopSharing(why: UnpublishReason): Promise<void> {
    await this.#inTurn('screenAudio', () => this.#unpublish('screenAudio', why));
    await this.#unpublish('screen', why);
  }

  async #unpublish(source: Source, why: UnpublishReason): Promise<void> {
    const publication = this.#publications.get(source);
    if (!publication) return;
    this.#forget(publication, why);
    await this.#port.unpublish(publication.publicationId).catch(ignoreSettled);
  }

  #forget(publication: LocalPublication, why: UnpublishReason): void {
    this.#publications.delete(publication.source);
    this.#capture.stop(publication.track);
    publication.close();
    this.#port.removed(publication, why);
  }

  async #mute(publication: LocalPublication): Promise<void> {
    if (publication.muted) return;
    publication.setMuted(true);
    this.#silence(publication);
    this.#port.updated(publication);
    await this.#port.setMuted(publication.publicationId, true).catch(ignoreSettled);
  }

  async #unmute(publication: LocalPublication): Promise<void> {
    if (!publication.muted) return;
    const { source, track } = publication;
    if ((!track || track.readyState === 'ended') && (source === 'camera' || source === 'microphone')) {
      await this.#replaceTrack(publication, await this.#capture.open(source));
    }
    publication.resume();
    publication.setMuted(false);
    this.#port.updated(publication);
    await this.#port.setMuted(publication.publicationId, false).catch(ignoreSettled);
  }

  /** A camera that only sends nothing would keep its light on, and people would not believe that it is off. */
  #silence(publication: LocalPublication): void {
    publication.pause();
    const { track } = publication;
    if (publication.source !== 'camera' || !track || !this.#capture.owns(track)) return;
    track.stop();
    void publication.replaceTrack(undefined).catch(() => undefined);
  }

  async #replaceTrack(publication: LocalPublication, track: MediaStreamTrack): Promise<void> {
    const former = publication.track;
    await publication.replaceTrack(track);
    this.#capture.stop(former);
    this.#watch(publication, track);
  }

  /** Phones cannot open two cameras at once: then the one in use has to be closed first. */
  async #openOther(
    source: DeviceSource,
    deviceId: string,
    { track: former }: LocalPublication,
  ): Promise<MediaStreamTrack> {
    try {
      return await this.#capture.open(source, deviceId);
    } catch (error) {
      const isInUse = error instanceof DeviceError && error.kind === 'inUse';
      if (!isInUse || source !== 'camera' || !former || !this.#capture.owns(former)) throw error;
      former.stop();
      return this.#capture.open(source, deviceId);
    }
  }

  /** A device that is pulled out, or a share that is stopped from the browser's own bar. */
  #watch(publication: LocalPublication, track: MediaStreamTrack): void {
    const { source } = publication;
    track.addEventListener('ended', () => {
      if (publication.track !== track || this.#publications.get(source) !== publication) return;
      void this.#inTurn(source, () => this.#lost(publication)).catch(() => undefined);
    });
  }

  async #lost(publication: LocalPublication): Promise<void> {
    const { source } = publication;
    if (source === 'screen') return this.#stopSharing('ended');
    if (source === 'screenAudio') return this.#unpublish(source, 'ended');
    this.#capture.forgetChoice(source);
    // One that is muted is opened when it is wanted again.
    if (publication.muted) return publication.replaceTrack(undefined);
    try {
      await this.#replaceTrack(publication, await this.#capture.open(source));
      this.#port.updated(publication);
      this.#port.deviceError(DeviceError.lost(source, 'replaced'));
    } catch (cause) {
      await this.#mute(publication);
      await publication.replaceTrack(undefined);
      this.#port.deviceError(DeviceError.lost(source, 'muted', cause));
    }
  }

  #inTurn<T>(source: Source, task: () => Promise<T>): Promise<T> {
    const result = (this.#queues.get(source) ?? Promise.resolve()).then(task);
    this.#queues.set(
      source,
      result.catch(() => undefined),
    );
    return result;
  }
}

function ignoreSettled(error: unknown): void {
  if (!(error instanceof ParleyError) || !SETTLED_ELSEWHERE.has(error.code)) throw error;
}

const spokenIn = ({ phone, publications }: ParticipantInfo): PublicationInfo | undefined =>
  phone && publications.find(({ source }) => source === 'microphone');
