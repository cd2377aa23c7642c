/** How long after a key the PIN is taken for whole, ms. */
const PAUSE_MS = 4000;
/** More digits than any PIN has; whoever holds a key down is not listened to for ever. */
const MAX_DIGITS = 16;

export interface PinPadOptions {
  /** All PINs have so many digits: the last of them ends it. null: only `#` or a pause does. */
  length: number | null;
  /** Digits, at least one. They are a secret. */
  entered: (digits: string) => void;
  /** The first key: what is being said may stop. */
  touched: () => void;
}

/** Keys of a phone until they are a PIN, once: as many as it has, up to `#`, or up to a pause. `*` begins anew. */
export class PinPad {
  readonly #options: PinPadOptions;
  #digits = '';
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: PinPadOptions) {
    this.#options = options;
  }

  press(key: string): void {
    // Many press # behind a PIN that its last digit has ended: that must not stop the answer to it.
    if (this.#isOver || (key === '#' && this.#digits === '')) return;
    clearTimeout(this.#timer);
    this.#options.touched();
    if (key === '#') return this.#end();
    if (key === '*') this.#digits = '';
    if (/^\d$/.test(key)) this.#digits += key;
    if (this.#digits.length >= (this.#options.length ?? MAX_DIGITS)) return this.#end();
    this.#timer = setTimeout(() => this.#end(), PAUSE_MS);
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#digits = '';
  }

  #end(): void {
    const digits = this.#digits;
    if (digits === '') return;
    this.close();
    this.#options.entered(digits);
  }
}
