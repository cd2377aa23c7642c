export interface SpeakerLevel {
  participantId: string;
  /** Loudness in dBov, -127 to 0 (RFC 6464). */
  level: number;
}

export interface Speakers {
  /** Loudest first. */
  speakers: SpeakerLevel[];
  /** Who has the floor. */
  dominant: string | null;
}

/** Changes of loudness smaller than this are not worth telling, in dB. */
const LEVEL_STEP = 6;
const SILENT: Speakers = { speakers: [], dominant: null };

/** Makes of the router's observations something that can be told to everybody: only changes, and not too many. */
export class SpeakerTracker {
  readonly #tell: (speakers: Speakers) => void;
  readonly #minInterval: number;
  #current = SILENT;
  #told = SILENT;
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Tells at most once in `minInterval` ms. */
  constructor(tell: (speakers: Speakers) => void, minInterval: number) {
    this.#tell = tell;
    this.#minInterval = minInterval;
  }

  /** Everybody who is heard now. */
  setLevels(speakers: SpeakerLevel[]): void {
    this.#change({ ...this.#current, speakers: [...speakers].sort((a, b) => b.level - a.level) });
  }

  setDominant(participantId: string): void {
    this.#change({ ...this.#current, dominant: participantId });
  }

  /** Their microphone is gone. */
  remove(participantId: string): void {
    const { speakers, dominant } = this.#current;
    this.#change({
      speakers: speakers.filter((speaker) => speaker.participantId !== participantId),
      dominant: dominant === participantId ? null : dominant,
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #change(next: Speakers): void {
    if (this.#closed) return;
    this.#current = next;
    const wait = this.#toldAt + this.#minInterval - performance.now();
    if (wait <= 0) this.#tellIfChanged();
    else this.#timer ??= setTimeout(() => this.#tellIfChanged(), wait).unref();
  }

  #tellIfChanged(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (isAlike(this.#told, this.#current)) return;
    this.#told = this.#current;
    this.#toldAt = performance.now();
    this.#tell(this.#current);
  }
}

function isAlike(a: Speakers, b: Speakers): boolean {
  if (a.dominant !== b.dominant || a.speakers.length !== b.speakers.length) return false;
  const levels = new Map(b.speakers.map(({ participantId, level }) => [participantId, level]));
  return a.speakers.every(({ participantId, level }) => {
    const other = levels.get(participantId);
    return other !== undefined && Math.abs(other - level) < LEVEL_STEP;
  });
}
