import type { PromptName } from '@parley/protocol/phoneProcess';
import type { Leg } from './Leg.ts';
import { PinPad } from './PinPad.ts';

/** Without a key it is asked again after so long, ms, and so often in all. */
const PATIENCE_MS = 10_000;
const TIMES = 3;

export interface PinQuestionOptions {
  prompt: PromptName;
  length: number | null;
  entered: (digits: string) => void;
}

/** Asks a caller for a PIN, once more where nothing is pressed, and ends the call of one who says nothing. */
export class PinQuestion {
  readonly #leg: Leg;
  readonly #pad: PinPad;
  #left = TIMES;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(leg: Leg, options: PinQuestionOptions) {
    this.#leg = leg;
    this.#pad = new PinPad({
      length: options.length,
      entered: (digits) => {
        this.close();
        options.entered(digits);
      },
      touched: () => {
        clearTimeout(this.#timer);
        leg.stopSaying();
        this.#waitForKeys();
      },
    });
    leg.keyListener = (key) => this.#pad.press(key);
    leg.once('ended', () => this.close());
    void this.#ask(options.prompt);
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#pad.close();
  }

  async #ask(prompt: PromptName): Promise<void> {
    if (this.#isOver) return;
    this.#left -= 1;
    await this.#leg.say([prompt]);
    this.#waitForKeys();
  }

  #waitForKeys(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#left > 0) void this.#ask('enter-pin');
      else void this.#leg.endAfter('goodbye', { by: 'server', why: 'No PIN was entered.' });
    }, PATIENCE_MS);
  }
}
