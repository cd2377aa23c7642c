export interface PatienceLimits {
  /** How long nothing may come, ms. */
  readonly silence: number;
  /** How long it may take in all, ms. */
  readonly most: number;
}

/** Waits for something slow as long as it goes on. */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #onOver: () => void;
  readonly #most: NodeJS.Timeout;
  #silence: NodeJS.Timeout;

  constructor(limits: PatienceLimits, onOver: () => void) {
    this.#limits = limits;
    this.#onOver = onOver;
    this.#most = setTimeout(() => this.#end(), limits.most);
    this.#silence = this.#listen();
  }

  /** It goes on. Does nothing once it is over. */
  sign(): void {
    clearTimeout(this.#silence);
    this.#silence = this.#listen();
  }

  stop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#most);
  }

  #listen(): NodeJS.Timeout {
    return setTimeout(() => this.#end(), this.#limits.silence);
  }

  #end(): void {
    this.stop();
    this.#onOver();
  }
}
