/** Microphone and camera before a meeting: opens, switches and closes them, and tells how each is doing. */
import { createLocalTracks, DeviceError } from '@parley/client-sdk';
import { AUDIO_CONSTRAINTS, VIDEO_CONSTRAINTS } from '../../lib/captureConstraints.ts';
import type { DeviceProblem } from '../../lib/errorTexts.ts';
import type { DeviceChoice, DeviceChoices } from './joinChoices.ts';

export type DeviceName = 'microphone' | 'camera';

export type DeviceState =
  | { status: 'off' }
  | { status: 'starting' }
  | { status: 'on'; track: MediaStreamTrack }
  | { status: 'failed'; problem: DeviceProblem };

export type PreviewState = Readonly<Record<DeviceName, DeviceState>>;

interface Wish {
  on: boolean;
  /** Empty for the one the browser prefers. */
  deviceId: string;
}

const OFF: DeviceState = { status: 'off' };

export class DevicePreview {
  readonly #listeners = new Set<() => void>();
  readonly #wishes: Record<DeviceName, Wish>;
  /** Counts the attempts of each device, so that one that was overtaken is thrown away when it ends. */
  readonly #attempts: Record<DeviceName, number> = { microphone: 0, camera: 0 };
  #state: PreviewState = { microphone: OFF, camera: OFF };

  constructor(wishes: Record<DeviceName, Wish>) {
    this.#wishes = { microphone: { ...wishes.microphone }, camera: { ...wishes.camera } };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): PreviewState => this.#state;

  /** Opens what is wished for; both at once, so that the browser asks once. */
  async start(): Promise<void> {
    const wanted = (['microphone', 'camera'] as const).filter((device) => this.#wishes[device].on);
    if (wanted.length === 2 && (await this.#openBoth())) return;
    // One may be missing or refused while the other works.
    await Promise.all(wanted.map((device) => this.#open(device)));
  }

  async setEnabled(device: DeviceName, on: boolean): Promise<void> {
    this.#wishes[device].on = on;
    if (on) await this.#open(device);
    else this.#close(device);
  }

  async setDevice(device: DeviceName, deviceId: string): Promise<void> {
    this.#wishes[device] = { on: true, deviceId };
    await this.#open(device);
  }

  /** Gives the open tracks away; whoever takes them stops them. One that is just starting is to be opened anew. */
  take(): DeviceChoices {
    const taken = { microphone: this.#choiceOf('microphone'), camera: this.#choiceOf('camera') };
    for (const device of ['microphone', 'camera'] as const) {
      this.#attempts[device] += 1;
      this.#set(device, OFF);
    }
    return taken;
  }

  /** Stops everything. It may be started again. */
  stop(): void {
    this.#close('microphone');
    this.#close('camera');
  }

  async #openBoth(): Promise<boolean> {
    const attempts = { microphone: this.#begin('microphone'), camera: this.#begin('camera') };
    try {
      const tracks = await createLocalTracks({
        audio: constraintsOf('microphone', this.#wishes.microphone),
        video: constraintsOf('camera', this.#wishes.camera),
      });
      for (const track of tracks) {
        const device = track.kind === 'audio' ? 'microphone' : 'camera';
        this.#finish(device, { attempt: attempts[device], track });
      }
      return true;
    } catch {
      // Told by opening each on its own, unless this was overtaken meanwhile.
      return this.#attempts.microphone !== attempts.microphone || this.#attempts.camera !== attempts.camera;
    }
  }

  async #open(device: DeviceName): Promise<void> {
    const attempt = this.#begin(device);
    const constraints = constraintsOf(device, this.#wishes[device]);
    try {
      const [track] = await createLocalTracks(
        device === 'microphone' ? { audio: constraints } : { video: constraints },
      );
      if (track !== undefined) this.#finish(device, { attempt, track });
    } catch (error) {
      if (this.#attempts[device] !== attempt) return;
      this.#set(device, { status: 'failed', problem: error instanceof DeviceError ? error.kind : 'other' });
    }
  }

  #begin(device: DeviceName): number {
    this.#trackOf(device)?.stop();
    this.#set(device, { status: 'starting' });
    return (this.#attempts[device] += 1);
  }

  #finish(device: DeviceName, { attempt, track }: { attempt: number; track: MediaStreamTrack }): void {
    if (this.#attempts[device] !== attempt) {
      track.stop();
      return;
    }
    // Unplugged, or taken away by the system: a track that is stopped by us does not say so.
    track.addEventListener('ended', () => {
      if (this.#trackOf(device) === track) this.#set(device, { status: 'failed', problem: 'notFound' });
    });
    this.#set(device, { status: 'on', track });
  }

  #close(device: DeviceName): void {
    this.#attempts[device] += 1;
    this.#trackOf(device)?.stop();
    this.#set(device, OFF);
  }

  #choiceOf(device: DeviceName): DeviceChoice {
    const { status } = this.#state[device];
    return { on: status === 'on' || status === 'starting', track: this.#trackOf(device) };
  }

  #trackOf(device: DeviceName): MediaStreamTrack | null {
    const state = this.#state[device];
    return state.status === 'on' ? state.track : null;
  }

  #set(device: DeviceName, state: DeviceState): void {
    this.#state = { ...this.#state, [device]: state };
    for (const listener of this.#listeners) listener();
  }
}

function constraintsOf(device: DeviceName, { deviceId }: Wish): MediaTrackConstraints {
  const constraints = device === 'microphone' ? AUDIO_CONSTRAINTS : VIDEO_CONSTRAINTS;
  // `ideal` and not `exact`: a device that is gone since last time gives way to another.
  return deviceId === '' ? constraints : { ...constraints, deviceId: { ideal: deviceId } };
}
