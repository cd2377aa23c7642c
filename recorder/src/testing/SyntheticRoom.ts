import { EventEmitter } from 'node:events';
import { yuvOfHex } from '../program/colour.ts';
import { frameLength } from '../program/Frame.ts';
import type {
  AudioBlock,
  AudioInput,
  FrameListener,
  Picture,
  ProgramInput,
  ProgramInputEvents,
  ProgramParticipant,
  TileSize,
  VideoInput,
} from '../room/ProgramInput.ts';

/** A camera that shows one colour. */
export class SyntheticVideo extends EventEmitter<{ picture: [Picture]; changed: [] }> implements VideoInput {
  readonly publicationId: string;
  readonly source: 'camera' | 'screen';
  colour: string;
  muted = false;
  tile: TileSize | null = null;
  picture: Picture | undefined;

  constructor(source: 'camera' | 'screen', colour: string) {
    super();
    this.publicationId = `${source} ${colour}`;
    this.source = source;
    this.colour = colour;
  }

  show(tile: TileSize | null): void {
    this.tile = tile;
  }

  receiveFrames(...listeners: FrameListener[]): () => void {
    listeners.length = 0; // Nothing is sent but what is heard and seen.
    return () => undefined;
  }

  /** Hands over a picture as if it had been taken just now. */
  send(now: number): void {
    if (!this.tile || this.muted) return;
    const { width, height } = this.tile;
    const data = Buffer.alloc(frameLength({ width, height }));
    const { y, u, v } = yuvOfHex(this.colour);
    const pixels = width * height;
    data
      .fill(y, 0, pixels)
      .fill(u, pixels, pixels * 1.25)
      .fill(v, pixels * 1.25);
    this.picture = { width, height, data, capturedAt: now, decodedAt: now };
    this.emit('picture', this.picture);
  }
}

/** A microphone with one tone. */
export class SyntheticAudio extends EventEmitter<{ changed: [] }> implements AudioInput {
  readonly publicationId: string;
  readonly source = 'microphone' as const;
  readonly frequency: number;
  loudness = 0.2;
  muted = false;
  readonly #listeners = new Set<(block: AudioBlock) => void>();
  #sent = 0;

  constructor(frequency: number) {
    super();
    this.publicationId = `tone ${frequency}`;
    this.frequency = frequency;
  }

  listen(listener: (block: AudioBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  receiveFrames(...listeners: FrameListener[]): () => void {
    listeners.length = 0; // Nothing is sent but what is heard and seen.
    return () => undefined;
  }

  /** @param index of the block of 20 ms, for a tone without breaks */
  send(index: number, capturedAt: number): void {
    if (this.muted) return;
    const samples = new Float32Array(1920);
    for (let i = 0; i < 960; i++) {
      const time = (index * 960 + i) / 48_000;
      samples[2 * i] = samples[2 * i + 1] = this.loudness * Math.sin(2 * Math.PI * this.frequency * time);
    }
    this.#sent++;
    for (const listener of this.#listeners) listener({ samples, capturedAt });
  }

  get sent(): number {
    return this.#sent;
  }
}

export interface SyntheticPerson extends ProgramParticipant {
  readonly camera?: SyntheticVideo;
  readonly screen?: SyntheticVideo;
  readonly microphone?: SyntheticAudio;
}

export interface PersonWish {
  readonly name: string;
  readonly colour?: string;
  readonly screen?: string;
  readonly frequency?: number;
}

/** A room of colours and tones. */
export class SyntheticRoom extends EventEmitter<ProgramInputEvents> implements ProgramInput {
  participants: readonly SyntheticPerson[] = [];
  levels = new Map<string, number>();
  dominant: string | null = null;
  spotlight: readonly string[] = [];
  readonly title = 'Planning';
  readonly breakoutId = null;
  connection: 'connected' | 'interrupted' | 'ended' = 'connected';
  #timer: NodeJS.Timeout | undefined;
  #blocks = 0;
  #startedAt = 0;

  join(...wishes: readonly PersonWish[]): void {
    this.participants = [...this.participants, ...wishes.map(personOf)];
    this.emit('changed');
  }

  leave(name: string): void {
    this.participants = this.participants.filter(({ displayName }) => displayName !== name);
    this.emit('changed');
  }

  /** Something of somebody is another, as a new object says. */
  change(name: string, change: (person: SyntheticPerson) => Partial<SyntheticPerson>): void {
    this.participants = this.participants.map((person) =>
      person.displayName === name ? { ...person, ...change(person) } : person,
    );
    this.emit('changed');
  }

  person(name: string): SyntheticPerson {
    const person = this.participants.find(({ displayName }) => displayName === name);
    if (!person) throw new Error(`${name} is not here`);
    return person;
  }

  speak(name: string): void {
    const { participantId } = this.person(name);
    this.dominant = participantId;
    this.levels = new Map([[participantId, -20]]);
    this.emit('speakers');
  }

  /** Pictures and sound as they come in, until `stop`. */
  run(): void {
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#send(), 10);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #send(): void {
    const now = performance.now();
    while (this.#startedAt + (this.#blocks + 1) * 20 <= now) {
      const capturedAt = this.#startedAt + this.#blocks * 20;
      for (const { microphone } of this.participants) microphone?.send(this.#blocks, capturedAt);
      if (this.#blocks % 2 === 0)
        for (const { camera, screen } of this.participants) [camera, screen].forEach((one) => one?.send(now));
      this.#blocks++;
    }
  }
}

function personOf({ name, colour, screen, frequency }: PersonWish): SyntheticPerson {
  return {
    participantId: `p-${name}`,
    identity: name.toLowerCase(),
    displayName: name,
    kind: 'web',
    role: 'participant',
    joinedAt: 0,
    interrupted: false,
    raisedHandAt: null,
    ...(colour === undefined ? {} : { camera: new SyntheticVideo('camera', colour) }),
    ...(screen === undefined ? {} : { screen: new SyntheticVideo('screen', screen) }),
    ...(frequency === undefined ? {} : { microphone: new SyntheticAudio(frequency) }),
  };
}
