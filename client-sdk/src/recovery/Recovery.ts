import {
  INITIAL_RECOVERY,
  recoveryStep,
  type MediaOutcome,
  type RecoveredBy,
  type RecoveryCommand,
  type RecoveryEvent,
  type RecoveryState,
} from './recoveryReducer.ts';

export interface RecoveryActions {
  /** Resolves when all transports are connected on a new path. */
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
  /** Events that came while the commands of an earlier one were carried out. */
  readonly #waiting: RecoveryEvent[] = [];
  #busy = false;

  /** `maxDuration` is how long mending may take, ms. */
  constructor(actions: RecoveryActions, maxDuration: number) {
    this.#actions = actions;
    this.#maxDuration = maxDuration;
  }

  handle(type: Exclude<RecoveryEvent['type'], MediaOutcome>): void {
    this.#step({ type });
  }

  #step(event: RecoveryEvent): void {
    this.#waiting.push(event);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { state, commands } = recoveryStep(this.#state, next);
      this.#state = state;
      for (const command of commands) this.#run(command);
    }
    this.#busy = false;
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
        return this.#mend(command.attempt, this.#actions.restartIce(), ['iceRestarted', 'iceRestartFailed']);
      case 'rebuildMedia':
        return this.#mend(command.attempt, this.#actions.rebuildMedia(), ['mediaRebuilt', 'rebuildFailed']);
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

  #mend(attempt: number, step: Promise<void>, [done, failed]: [MediaOutcome, MediaOutcome]): void {
    step.then(
      () => this.#step({ type: done, attempt }),
      () => this.#step({ type: failed, attempt }),
    );
  }
}
