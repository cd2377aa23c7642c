import {
  INITIAL_RECOVERY,
  recoveryStep,
  type RecoveredBy,
  type RecoveryCommand,
  type RecoveryEvent,
  type RecoveryState,
} from './recoveryReducer.ts';

export interface RecoveryActions {
  restartIce(): Promise<void>;
  /** Resolves when media flows again. */
  rebuildMedia(): Promise<void>;
  /** Resolves when one is in the room again, with media. Never rejects: what cannot work ends the room. */
  rejoin(): Promise<void>;
  reconnecting(): void;
  reconnected(by: RecoveredBy): void;
  giveUp(): void;
}

/** Carries out what the reducer decides. */
export class Recovery {
  readonly #actions: RecoveryActions;
  readonly #maxDuration: number;
  #state: RecoveryState = INITIAL_RECOVERY;
  #mediaTimer: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  /** `maxDuration` is how long mending may take, ms. */
  constructor(actions: RecoveryActions, maxDuration: number) {
    this.#actions = actions;
    this.#maxDuration = maxDuration;
  }

  get recovering(): boolean {
    return this.#state.recovering;
  }

  handle(type: RecoveryEvent['type']): void {
    const { state, commands } = recoveryStep(this.#state, { type });
    this.#state = state;
    for (const command of commands) this.#run(command);
  }

  #run(command: RecoveryCommand): void {
    switch (command.type) {
      case 'startMediaTimer':
        clearTimeout(this.#mediaTimer);
        this.#mediaTimer = setTimeout(() => this.handle('mediaTimer'), command.ms);
        return;
      case 'stopMediaTimer':
        return clearTimeout(this.#mediaTimer);
      case 'startDeadline':
        clearTimeout(this.#deadline);
        this.#deadline = setTimeout(() => this.handle('deadline'), this.#maxDuration);
        return;
      case 'stopDeadline':
        return clearTimeout(this.#deadline);
      case 'restartIce':
        // One that is refused need not wait for its timer.
        this.#actions.restartIce().catch(() => this.handle('mediaFailed'));
        return;
      case 'rebuildMedia':
        this.#actions.rebuildMedia().then(
          () => this.handle('mediaRebuilt'),
          () => this.handle('rebuildFailed'),
        );
        return;
      case 'rejoin':
        void this.#actions.rejoin().then(() => this.handle('rejoined'));
        return;
      case 'announceReconnecting':
        return this.#actions.reconnecting();
      case 'announceReconnected':
        return this.#actions.reconnected(command.by);
      case 'giveUp':
        return this.#actions.giveUp();
    }
  }
}
