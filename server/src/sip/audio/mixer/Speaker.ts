import { FRAME } from '../dsp/units.ts';

/** Prompts that one leg is told. */
export class Speaker {
  #parts: readonly Int16Array[] = [];
  #loop = false;
  #part = 0;
  #at = 0;
  #token = 0;
  #over: 'alone' | 'room' = 'alone';

  /** What is to be said from now on. `token` names it when it is through. */
  say(
    parts: readonly Int16Array[],
    { token, loop = false, over = 'alone' }: { token: number; loop?: boolean; over?: 'alone' | 'room' },
  ): void {
    this.#parts = parts.filter(({ length }) => length > 0);
    this.#loop = loop;
    this.#token = token;
    this.#over = over;
    this.#part = 0;
    this.#at = 0;
  }

  get over(): 'alone' | 'room' {
    return this.#over;
  }

  get isSpeaking(): boolean {
    return this.#part < this.#parts.length;
  }

  /** Adds a frame to the sum. Returns the token of what it was the end of. */
  addTo(sum: Int32Array): number | undefined {
    let to = 0;
    while (to < FRAME && this.isSpeaking) {
      const part = this.#parts[this.#part] ?? new Int16Array(0);
      const count = Math.min(FRAME - to, part.length - this.#at);
      for (let index = 0; index < count; index += 1)
        sum[to + index] = (sum[to + index] ?? 0) + (part[this.#at + index] ?? 0);
      to += count;
      this.#at += count;
      if (this.#at >= part.length) this.#advance();
    }
    return this.isSpeaking ? undefined : this.#token;
  }

  stop(): void {
    this.#parts = [];
    this.#part = 0;
  }

  #advance(): void {
    this.#at = 0;
    this.#part += 1;
    if (this.#loop && this.#part >= this.#parts.length) this.#part = 0;
  }
}
