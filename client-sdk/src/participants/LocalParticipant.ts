import type { MethodParams, ParticipantInfo, Source } from '@parley/protocol';
import { KIND_OF_SOURCE } from '@parley/protocol/constants';
import { ParleyError } from '@parley/protocol/errors';
import { DeviceError } from '../devices/DeviceError.ts';
import { createLocalTracks, createScreenTracks } from '../devices/devices.ts';
import type { VideoSize } from '../media/encodings.ts';
import type { Published, PublishRequest } from '../media/MediaSession.ts';
import type { Platform } from '../platform/Platform.ts';
import { LocalPublication } from './LocalPublication.ts';
import { Participant } from './Participant.ts';

/** What the local participant needs of its room. */
export interface LocalPort {
  readonly platform: Platform;
  readonly audioConstraints: MediaTrackConstraints;
  readonly videoConstraints: MediaTrackConstraints;
  publish(request: PublishRequest): Promise<Published>;
  unpublish(publicationId: string): Promise<void>;
  setMuted(publicationId: string, muted: boolean): Promise<void>;
  updateSelf(changes: MethodParams<'participant.updateSelf'>): Promise<void>;
  added(publication: LocalPublication): void;
  updated(publication: LocalPublication): void;
  removed(publication: LocalPublication, why: 'unpublished' | 'ended'): void;
  deviceError(error: DeviceError): void;
}

export type DeviceChoice = { deviceId?: string };

/** Oneself. */
export class LocalParticipant extends Participant {
  readonly isLocal = true;
  readonly #port: LocalPort;
  readonly #publications = new Map<Source, LocalPublication>();
  /** Changes of one source are made one after the other, so that quick clicks end where the last one said. */
  readonly #queues = new Map<Source, Promise<unknown>>();
  /** Tracks that the SDK opened, and therefore stops. */
  readonly #ownTracks = new WeakSet<MediaStreamTrack>();
  readonly #deviceIds = new Map<Source, string>();

  constructor(info: ParticipantInfo, port: LocalPort) {
    super(info);
    this.#port = port;
  }

  get publications(): ReadonlyMap<Source, LocalPublication> {
    return this.#publications;
  }

  override getPublication(source: Source): LocalPublication | undefined {
    return this.#publications.get(source);
  }

  /** Whether the source is published and not muted. */
  isEnabled(source: Source): boolean {
    const publication = this.#publications.get(source);
    return publication !== undefined && !publication.muted;
  }

  /** Opens and publishes the microphone, or mutes it. Rejects with DeviceError or ParleyError. */
  setMicrophoneEnabled(enabled: boolean, choice: DeviceChoice = {}): Promise<void> {
    return this.#setEnabled('microphone', enabled, choice);
  }

  /** Opens and publishes the camera, or mutes it and puts its light out. Rejects with DeviceError or ParleyError. */
  setCameraEnabled(enabled: boolean, choice: DeviceChoice = {}): Promise<void> {
    return this.#setEnabled('camera', enabled, choice);
  }

  /** Asks for a screen and publishes it, with its sound where it has any and `audio` is not false; or stops. */
  setScreenShareEnabled(
    enabled: boolean,
    options: { audio?: boolean; contentHint?: 'detail' | 'motion' } = {},
  ): Promise<void> {
    return this.#inTurn('screen', async () => {
      if (!enabled) {
        await this.unpublish('screenAudio');
        await this.#unpublish('screen', 'unpublished');
        return;
      }
      if (this.#publications.has('screen')) return;
      const tracks = await createScreenTracks(
        { video: true, audio: options.audio ?? true },
        this.#port.platform,
      );
      for (const track of tracks) {
        this.#ownTracks.add(track);
        if (track.kind === 'video') track.contentHint = options.contentHint ?? 'detail';
        await this.#publish(track, { source: track.kind === 'video' ? 'screen' : 'screenAudio' });
      }
    });
  }

  /** Changes to another microphone or camera. Rejects with DeviceError; the former one goes on then. */
  switchDevice(kind: 'audioinput' | 'videoinput', deviceId: string): Promise<void> {
    const source = kind === 'audioinput' ? 'microphone' : 'camera';
    return this.#inTurn(source, async () => {
      this.#deviceIds.set(source, deviceId);
      const publication = this.#publications.get(source);
      if (!publication?.track || (publication.muted && source === 'camera')) return;
      await this.#replaceTrack(publication, await this.#open(source));
    });
  }

  /** Publishes a track of one's own; whoever opened it stops it. Rejects with ParleyError. */
  publishTrack(
    track: MediaStreamTrack,
    options: { source: Source; muted?: boolean; stopOnUnpublish?: boolean },
  ): Promise<LocalPublication> {
    return this.#inTurn(options.source, () => {
      if (options.stopOnUnpublish) this.#ownTracks.add(track);
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

  /** Publishes everything anew, after the media was lost. @internal */
  async republish(): Promise<void> {
    const sources = [...this.#publications.keys()];
    await Promise.all(sources.map((source) => this.#inTurn(source, () => this.#republish(source))));
  }

  /** @internal */
  findPublicationById(publicationId: string): LocalPublication | undefined {
    for (const publication of this.#publications.values())
      if (publication.publicationId === publicationId) return publication;
    return undefined;
  }

  /** The server says that a host muted it. @internal */
  mutedByHost(publication: LocalPublication, muted: boolean): void {
    publication.setMuted(muted);
    if (!muted) return;
    publication.producer?.pause();
    if (publication.source === 'camera') this.#stopCamera(publication);
  }

  /** @internal */
  close(): void {
    for (const publication of this.#publications.values()) {
      this.#stop(publication.track);
      publication.close();
    }
    this.#publications.clear();
  }

  #setEnabled(source: 'microphone' | 'camera', enabled: boolean, { deviceId }: DeviceChoice): Promise<void> {
    return this.#inTurn(source, async () => {
      if (deviceId !== undefined) this.#deviceIds.set(source, deviceId);
      const publication = this.#publications.get(source);
      if (!publication) {
        if (enabled) await this.#publish(await this.#open(source), { source });
      } else if (enabled) await this.#unmute(publication);
      else await this.#mute(publication);
    });
  }

  async #publish(
    track: MediaStreamTrack,
    options: { source: Source; muted?: boolean },
  ): Promise<LocalPublication> {
    const { source, muted = false } = options;
    if (this.#publications.has(source)) throw new ParleyError('SOURCE_TAKEN');
    const size = sizeOf(track);
    const { publicationId, producer } = await this.#port.publish({ source, track, muted, size });
    const info = {
      publicationId,
      source,
      kind: KIND_OF_SOURCE[source],
      muted,
      codec: producer.rtpParameters.codecs[0]?.mimeType ?? '',
      layering: 'simple' as const,
      ...size,
    };
    const publication = new LocalPublication(
      info,
      { producer, track },
      {
        mute: (one) => this.#inTurn(source, () => this.#mute(one)),
        unmute: (one) => this.#inTurn(source, () => this.#unmute(one)),
      },
    );
    this.#publications.set(source, publication);
    this.#watch(publication, track);
    this.#port.added(publication);
    return publication;
  }

  async #republish(source: Source): Promise<void> {
    const publication = this.#publications.get(source);
    if (!publication) return;
    const { track, muted } = publication;
    if (!track || track.readyState === 'ended') {
      // A camera that is off has nothing to send; it is published anew when it is switched on.
      await this.#unpublish(source, 'unpublished');
      return;
    }
    const size = sizeOf(track);
    const { publicationId, producer } = await this.#port.publish({ source, track, muted, size });
    publication.setInfo({
      publicationId,
      source,
      kind: publication.kind,
      muted,
      codec: publication.codec,
      layering: publication.layering,
      ...size,
    });
    publication.setProducer(producer);
  }

  async #unpublish(source: Source, why: 'unpublished' | 'ended'): Promise<void> {
    const publication = this.#publications.get(source);
    if (!publication) return;
    this.#publications.delete(source);
    this.#stop(publication.track);
    publication.close();
    this.#port.removed(publication, why);
    await this.#port.unpublish(publication.publicationId).catch((error: unknown) => {
      // The server may have dropped it before.
      if (!(error instanceof ParleyError) || error.code !== 'PUBLICATION_NOT_FOUND') throw error;
    });
  }

  async #mute(publication: LocalPublication): Promise<void> {
    if (publication.muted) return;
    publication.producer?.pause();
    if (publication.source === 'camera') this.#stopCamera(publication);
    publication.setMuted(true);
    this.#port.updated(publication);
    await this.#port.setMuted(publication.publicationId, true);
  }

  async #unmute(publication: LocalPublication): Promise<void> {
    if (!publication.muted) return;
    const { source, track } = publication;
    if ((!track || track.readyState === 'ended') && (source === 'camera' || source === 'microphone')) {
      await this.#replaceTrack(publication, await this.#open(source));
    }
    publication.producer?.resume();
    publication.setMuted(false);
    this.#port.updated(publication);
    await this.#port.setMuted(publication.publicationId, false);
  }

  async #replaceTrack(publication: LocalPublication, track: MediaStreamTrack): Promise<void> {
    const former = publication.track;
    await publication.producer?.replaceTrack({ track });
    publication.setTrack(track);
    this.#stop(former);
    this.#watch(publication, track);
    this.#port.updated(publication);
  }

  /** A camera that only sends nothing would keep its light on, and people would not believe it is off. */
  #stopCamera(publication: LocalPublication): void {
    const { track } = publication;
    if (!track || !this.#ownTracks.has(track)) return;
    track.stop();
    publication.setTrack(undefined);
    void publication.producer?.replaceTrack({ track: null }).catch(() => undefined);
  }

  async #open(source: 'microphone' | 'camera'): Promise<MediaStreamTrack> {
    const { platform, audioConstraints, videoConstraints } = this.#port;
    const deviceId = this.#deviceIds.get(source);
    const choice = deviceId ? { deviceId: { exact: deviceId } } : {};
    const constraints =
      source === 'microphone'
        ? { audio: { ...audioConstraints, ...choice } }
        : { video: { ...videoConstraints, ...choice } };
    const [track] = await createLocalTracks(constraints, platform);
    if (!track) throw new DeviceError('notFound');
    this.#ownTracks.add(track);
    return track;
  }

  /** A device that is pulled out, or a share that is stopped from the browser's own bar. */
  #watch(publication: LocalPublication, track: MediaStreamTrack): void {
    const { source } = publication;
    track.addEventListener('ended', () => {
      if (publication.track !== track || this.#publications.get(source) !== publication) return;
      void this.#inTurn(source, () => this.#lost(publication, source)).catch(() => undefined);
    });
  }

  async #lost(publication: LocalPublication, source: Source): Promise<void> {
    if (source !== 'microphone' && source !== 'camera') {
      await this.#unpublish(source, 'ended');
      return;
    }
    this.#deviceIds.delete(source);
    try {
      await this.#replaceTrack(publication, await this.#open(source));
    } catch (error) {
      this.#port.deviceError(DeviceError.from(error));
      await this.#unpublish(source, 'ended');
    }
  }

  #stop(track: MediaStreamTrack | undefined): void {
    if (track && this.#ownTracks.has(track)) track.stop();
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

function sizeOf(track: MediaStreamTrack): VideoSize | undefined {
  const { width, height } = track.getSettings();
  return track.kind === 'video' && width && height ? { width, height } : undefined;
}
