import type { ProgramInput } from '../room/ProgramInput.ts';
import type { ProgramHappening } from '../sinks/RecordingWriter.ts';

/** Watches who comes, goes and speaks; who does not agree to be recorded is not there. Times are milliseconds since the epoch. */
export class Happenings {
  readonly #input: ProgramInput;
  readonly #tell: (event: ProgramHappening, at: number) => void;
  #names = new Map<string, string>();
  #speaker: string | null = null;

  constructor(input: ProgramInput, tell: (event: ProgramHappening, at: number) => void) {
    this.#input = input;
    this.#tell = tell;
    this.#names = namesOf(input);
    input.on('changed', this.#onChanged);
    input.on('speakers', this.#onSpeakers);
  }

  /** What one must know who begins to listen now. */
  get present(): ProgramHappening[] {
    const joined = [...this.#names].map(
      ([participantId, name]) => ({ type: 'joined', participantId, name }) as const,
    );
    return this.#speaker === null ? joined : [...joined, { type: 'speaker', participantId: this.#speaker }];
  }

  close(): void {
    this.#input.off('changed', this.#onChanged);
    this.#input.off('speakers', this.#onSpeakers);
  }

  readonly #onChanged = (): void => {
    const names = namesOf(this.#input);
    const at = Date.now();
    for (const participantId of this.#names.keys())
      if (!names.has(participantId)) this.#tell({ type: 'left', participantId }, at);
    for (const [participantId, name] of names)
      if (!this.#names.has(participantId)) this.#tell({ type: 'joined', participantId, name }, at);
    this.#names = names;
    if (this.#speaker !== null && !names.has(this.#speaker)) this.#speaker = null;
  };

  readonly #onSpeakers = (): void => {
    const { dominant, levels } = this.#input;
    const speaks = dominant !== null && levels.has(dominant) && this.#names.has(dominant);
    const speaker = speaks ? dominant : this.#speaker;
    if (speaker === this.#speaker) return;
    this.#speaker = speaker;
    this.#tell({ type: 'speaker', participantId: speaker }, Date.now());
  };
}

function namesOf({ participants }: ProgramInput): Map<string, string> {
  return new Map(participants.map(({ participantId, displayName }) => [participantId, displayName]));
}
