import type { Source } from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import type { Platform } from '../platform/Platform.ts';
import { DeviceError } from './DeviceError.ts';
import { createLocalTracks, createScreenTracks, isOpenedHere } from './devices.ts';

export type DeviceSource = Extract<Source, 'microphone' | 'camera'>;

export interface CaptureOptions {
  readonly platform: Platform;
  readonly audioConstraints: MediaTrackConstraints;
  readonly videoConstraints: MediaTrackConstraints;
}

/** Opens the local participant's devices, remembers which were chosen, and knows which tracks it may stop. */
export class Capture {
  readonly #options: CaptureOptions;
  readonly #chosen = new Map<DeviceSource, string>();
  readonly #adopted = new WeakSet<MediaStreamTrack>();
  #closed = false;

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  /** The device to open from now on. */
  choose(source: DeviceSource, deviceId: string): void {
    this.#chosen.set(source, deviceId);
  }

  /** From now on, whatever the browser takes by default. */
  forgetChoice(source: DeviceSource): void {
    this.#chosen.delete(source);
  }

  /** Opens `deviceId`, or else the chosen device. Rejects with DeviceError. */
  async open(source: DeviceSource, deviceId = this.#chosen.get(source)): Promise<MediaStreamTrack> {
    const { platform, audioConstraints, videoConstraints } = this.#options;
    const choice = deviceId ? { deviceId: { exact: deviceId } } : {};
    const constraints =
      source === 'microphone'
        ? { audio: { ...audioConstraints, ...choice } }
        : { video: { ...videoConstraints, ...choice } };
    const [track] = this.#kept(await createLocalTracks(constraints, platform));
    if (!track) throw new DeviceError('notFound');
    return track;
  }

  /** Asks for a screen: its picture first, then its sound where there is any. Rejects with DeviceError. */
  async openScreen(options: {
    audio: boolean;
    contentHint: 'detail' | 'motion';
  }): Promise<MediaStreamTrack[]> {
    const { audio, contentHint } = options;
    const tracks = this.#kept(await createScreenTracks({ video: true, audio }, this.#options.platform));
    for (const track of tracks) if (track.kind === 'video') track.contentHint = contentHint;
    return tracks.sort((one, other) => Number(other.kind === 'video') - Number(one.kind === 'video'));
  }

  /** Stops this track, too, when it is no longer used. */
  adopt(track: MediaStreamTrack): void {
    this.#adopted.add(track);
  }

  owns(track: MediaStreamTrack): boolean {
    return isOpenedHere(track) || this.#adopted.has(track);
  }

  /** Stops a track that is no longer used, unless the app opened it. */
  stop(track: MediaStreamTrack | undefined): void {
    if (track && this.owns(track)) track.stop();
  }

  /** What is still being opened is stopped as soon as it is there. */
  close(): void {
    this.#closed = true;
  }

  #kept(tracks: MediaStreamTrack[]): MediaStreamTrack[] {
    if (!this.#closed) return tracks;
    for (const track of tracks) track.stop();
    throw new ParleyError('WRONG_STATE');
  }
}
