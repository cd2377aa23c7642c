import type { PhoneKeyAction } from '@parley/protocol/phoneProcess';

/** What is pressed after `*`, as users of telephone conferences know it. */
const ACTIONS: Readonly<Record<string, PhoneKeyAction>> = {
  '6': 'toggleMute',
  '9': 'toggleHand',
  '0': 'help',
  '1': 'leaveBreakout',
  '2': 'toggleConsent',
};
/** How long after `*` the other key may follow, ms. */
const WITHIN_MS = 3000;

/** Keys of a phone in a meeting: `*` and another one mean something, all else nothing. */
export class KeyCommands {
  readonly #act: (action: PhoneKeyAction) => void;
  #starred: number | undefined;

  constructor(act: (action: PhoneKeyAction) => void) {
    this.#act = act;
  }

  press(key: string): void {
    const starred = this.#starred;
    this.#starred = key === '*' ? performance.now() : undefined;
    if (starred === undefined || performance.now() - starred > WITHIN_MS) return;
    const action = ACTIONS[key];
    if (action) this.#act(action);
  }
}
