import type { PictureLayout } from '@parley/protocol';
import type { ProgramSettings } from '@parley/protocol/recorder';
import type { AudioInput, ProgramInput, ProgramParticipant, VideoInput } from '../room/ProgramInput.ts';
import { Arranger } from './Arranger.ts';
import { AudioMixer } from './audio/AudioMixer.ts';
import { Compositor, type Role } from './Compositor.ts';
import type { Frame } from './Frame.ts';
import { PictureQueue } from './PictureQueue.ts';
import { ProgramClock } from './ProgramClock.ts';
import type { Arrangement, Tile } from './tiles.ts';

/** From when a picture or sound was made until it stands in the programme, ms: what packets and decoders may take. */
export const PROGRAM_DELAY_MS = 160;
/** How often is looked whether somebody else speaks for long enough, in pictures. */
const LOOK_EACH = 5;
/** Softer than this nobody is shown as speaking, dBov. */
const SPEAKING_LEVEL = -55;

/** Takes what a programme makes. Times in microseconds since it began. */
export interface ProgramOutput {
  onPicture(frame: Frame, microseconds: number): void;
  /** 20 ms of sound; the array is used again. */
  onSound(samples: Float32Array, microseconds: number): void;
}

export interface ProgramOptions {
  readonly input: ProgramInput;
  readonly settings: ProgramSettings;
  readonly layout: PictureLayout;
  readonly output: ProgramOutput;
  /** Sound alone where false. */
  readonly video: boolean;
  /** Time goes on as `advance` says, from 0 on, and what is given stands where it was made: for what was recorded before. */
  readonly stepped?: boolean;
}

/** Makes one picture and one sound of a room, until it is closed. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #delay: number;
  readonly #clock: ProgramClock;
  readonly #mixer: AudioMixer;
  readonly #arranger: Arranger;
  readonly #compositor: Compositor;
  readonly #queues = new Map<VideoInput, PictureQueue>();
  #arrangement: Arrangement = { tiles: [], more: null };
  #people = new Map<string, ProgramParticipant>();
  #missed = 0;
  #pictures = 0;
  #steppedNow = 0;

  constructor(options: ProgramOptions) {
    const { settings, layout, stepped = false } = options;
    this.#options = options;
    this.#delay = stepped ? 0 : PROGRAM_DELAY_MS;
    this.#arranger = new Arranger(settings, layout);
    this.#compositor = new Compositor(settings);
    const ticks = {
      onPicture: (index: number) => this.#onPicture(index),
      onSound: (index: number) => this.#onSound(index),
      onMissed: (count: number) => (this.#missed += count),
    };
    this.#clock = new ProgramClock(settings.frameRate, ticks, stepped ? 0 : performance.now());
    this.#mixer = new AudioMixer(this.#clock.startedAt, this.#delay);
  }

  /** When what stands at a position of the programme (microseconds) happened, milliseconds since the epoch. */
  wallClock(position: number): number {
    return performance.timeOrigin + this.#clock.startedAt + position / 1000 - this.#delay;
  }

  /** Where in the programme stands what happened at a time (milliseconds since the epoch), microseconds. */
  positionAt(wallClock: number): number {
    return (wallClock - this.wallClock(0)) * 1000;
  }

  /** Pictures that were not made since the process had no time. */
  get missedPictures(): number {
    return this.#missed;
  }

  get pictures(): number {
    return this.#pictures;
  }

  start(): void {
    this.#options.input.on('changed', this.#onChanged);
    this.#onChanged();
    if (!this.#options.stepped) this.#clock.start();
  }

  /** Of a stepped programme: what is to be seen at `now` is asked for. @param now ms since it began */
  look(now: number): void {
    this.#steppedNow = now;
    this.#arrange();
  }

  /** Of a stepped programme: makes what is due at `now`. */
  advance(now: number): void {
    this.#clock.advance(now);
  }

  setLayout(layout: PictureLayout): void {
    this.#arranger.setLayout(layout);
    this.#arrange();
  }

  close(): void {
    this.#clock.stop();
    this.#options.input.off('changed', this.#onChanged);
    this.#mixer.close();
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
  }

  readonly #onChanged = (): void => {
    const { participants } = this.#options.input;
    this.#people = new Map(participants.map((participant) => [participant.participantId, participant]));
    this.#mixer.listenTo(soundsOf(participants));
    this.#arrange();
  };

  #onPicture(index: number): void {
    if (!this.#options.video) return;
    if (index % LOOK_EACH === 0 && !this.#options.stepped) this.#arrange();
    // The middle of the time in which the picture is seen.
    const seen = this.#clock.startedAt + ((index + 0.5) * 1000) / this.#options.settings.frameRate;
    const roles = this.#arrangement.tiles.map((tile) => this.#roleOf(tile, seen));
    const frame = this.#compositor.paint(this.#arrangement, roles, this.#options.input.title);
    this.#pictures++;
    this.#options.output.onPicture(frame, Math.round((index * 1e6) / this.#options.settings.frameRate));
  }

  #onSound(index: number): void {
    this.#options.output.onSound(this.#mixer.mix(index), index * 20_000);
  }

  get #now(): number {
    return this.#options.stepped ? this.#steppedNow : performance.now();
  }

  #arrange(): void {
    if (!this.#options.video) return;
    const next = this.#arranger.arrange(this.#options.input, this.#now);
    if (!isAlike(next, this.#arrangement)) this.#arrangement = next;
    this.#showVideos();
  }

  /** Asks for what is in sight in the size in which it is, and for nothing else. */
  #showVideos(): void {
    const shown = new Set<VideoInput>();
    for (const tile of this.#arrangement.tiles) {
      const video = this.#videoOf(tile);
      if (!video) continue;
      shown.add(video);
      if (!this.#queues.has(video)) this.#queues.set(video, new PictureQueue(video, this.#delay));
      video.show(tile);
    }
    for (const [video, queue] of this.#queues) {
      if (shown.has(video)) continue;
      queue.close();
      this.#queues.delete(video);
    }
  }

  #roleOf(tile: Tile, seen: number): Role {
    const person = this.#people.get(tile.participantId);
    const video = this.#videoOf(tile);
    const level = this.#options.input.levels.get(tile.participantId) ?? -127;
    const muted = person?.microphone?.muted ?? true;
    return {
      tile,
      wearer: { identity: person?.identity ?? '', displayName: person?.displayName ?? '', muted },
      speaking: tile.what === 'camera' && !muted && level > SPEAKING_LEVEL,
      picture: video && this.#queues.get(video)?.at(seen),
    };
  }

  #videoOf({ participantId, what }: Tile): VideoInput | undefined {
    return this.#people.get(participantId)?.[what];
  }
}

function soundsOf(participants: readonly ProgramParticipant[]): Set<AudioInput> {
  const inputs = participants.flatMap(({ microphone, screenAudio }) => [microphone, screenAudio]);
  return new Set(inputs.filter((input) => input !== undefined));
}

/** Whether two arrangements look the same: then nothing is painted anew. */
function isAlike(a: Arrangement, b: Arrangement): boolean {
  return JSON.stringify([a.tiles, a.more]) === JSON.stringify([b.tiles, b.more]);
}
