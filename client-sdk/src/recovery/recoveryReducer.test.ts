import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INITIAL_RECOVERY, recoveryStep, type RecoveryEvent, type RecoveryState } from './recoveryReducer.ts';

type Type = RecoveryEvent['type'];
/** Outcomes are those of the latest attempt. */
const eventOf = (type: Type, { attempt }: RecoveryState): RecoveryEvent => {
  switch (type) {
    case 'iceRestarted':
    case 'iceRestartFailed':
    case 'mediaRebuilt':
    case 'rebuildFailed':
      return { type, attempt };
    default:
      return { type };
  }
};
const run = (...types: Type[]) => {
  let state: RecoveryState = INITIAL_RECOVERY;
  const commands: string[] = [];
  for (const type of types) {
    const step = recoveryStep(state, eventOf(type, state));
    state = step.state;
    commands.push(
      ...step.commands.map((command) => ('by' in command ? `${command.type}:${command.by}` : command.type)),
    );
  }
  return { state, commands };
};

describe('recoveryStep', () => {
  it.each<[string, Type[], string[]]>([
    [
      'resumes',
      ['signalDropped', 'signalResumed'],
      ['announceReconnecting', 'startDeadline', 'stopDeadline', 'announceReconnected:resume'],
    ],
    [
      'says nothing of a short gap',
      ['mediaInterrupted', 'mediaConnected'],
      ['startMediaTimer', 'stopMediaTimer'],
    ],
    [
      'restarts ICE after a longer gap',
      ['mediaInterrupted', 'mediaTimer', 'mediaConnected'],
      [
        'startMediaTimer',
        'announceReconnecting',
        'startDeadline',
        'restartIce',
        'startMediaTimer',
        'stopMediaTimer',
        'stopDeadline',
        'announceReconnected:iceRestart',
      ],
    ],
    [
      'makes the media anew when ICE finds no path, and again until it works',
      ['mediaFailed', 'mediaTimer', 'rebuildFailed', 'mediaTimer', 'mediaRebuilt'],
      [
        'announceReconnecting',
        'startDeadline',
        'restartIce',
        'startMediaTimer',
        'stopMediaTimer',
        'rebuildMedia',
        'startMediaTimer',
        'stopMediaTimer',
        'rebuildMedia',
        'stopDeadline',
        'announceReconnected:mediaReset',
      ],
    ],
    [
      'joins anew when the session is gone',
      ['signalDropped', 'sessionLost', 'rejoined'],
      [
        'announceReconnecting',
        'startDeadline',
        'stopMediaTimer',
        'rejoin',
        'stopDeadline',
        'announceReconnected:rejoin',
      ],
    ],
    [
      'gives up at the deadline, once',
      ['signalDropped', 'deadline', 'deadline', 'signalResumed'],
      ['announceReconnecting', 'startDeadline', 'stopMediaTimer', 'stopDeadline', 'giveUp'],
    ],
  ])('%s', (_name, events, commands) => {
    expect(run(...events).commands).toEqual(commands);
  });

  it('waits for the session before it asks for a new path', () => {
    const { commands } = run('signalDropped', 'mediaFailed', 'mediaTimer', 'signalResumed');
    expect(commands.filter((command) => command === 'restartIce')).toHaveLength(1);
    expect(commands.indexOf('restartIce')).toBeGreaterThan(1);
  });

  it('always has a way on while it is mending, and says each change once', () => {
    const types = [
      'signalDropped',
      'signalResumed',
      'sessionLost',
      'rejoined',
      'mediaInterrupted',
      'mediaFailed',
      'mediaConnected',
      'mediaReset',
      'mediaRebuilt',
      'rebuildFailed',
      'mediaTimer',
    ] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Type>(...types), { maxLength: 60 }), (events) => {
        const { state, commands } = run(...events);
        const said = commands
          .filter((command) => command.startsWith('announce'))
          .map((command) => command.split(':')[0]);
        said.forEach((word, index) =>
          expect(word).toBe(index % 2 === 0 ? 'announceReconnecting' : 'announceReconnected'),
        );
        expect(state.recovering).toBe(said.length % 2 === 1);
        const deadlines = commands.filter((command) => command.endsWith('Deadline'));
        expect(deadlines.at(-1) === 'startDeadline').toBe(state.recovering);
        if (state.recovering)
          expect(recoveryStep(state, { type: 'deadline' }).commands.at(-1)).toEqual({ type: 'giveUp' });
      }),
    );
  });

  it('does not heed what an earlier attempt comes to', () => {
    const first = run('mediaReset').state;
    const second = recoveryStep(first, { type: 'mediaReset' }).state;
    for (const type of ['mediaRebuilt', 'rebuildFailed'] as const) {
      expect(recoveryStep(second, { type, attempt: first.attempt })).toEqual({ state: second, commands: [] });
    }
  });

  it('joins anew once, however often the session is lost meanwhile', () => {
    const { commands } = run('sessionLost', 'sessionLost', 'mediaReset', 'mediaFailed', 'sessionLost');
    expect(commands.filter((command) => command === 'rejoin')).toHaveLength(1);
  });

  it('ends in a working room once the network lets it, whatever happened before', () => {
    const world = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 80 });
    fc.assert(
      fc.property(world, (choices) => {
        const simulation = new Simulation();
        for (const [choice, works] of choices) simulation.happen(choice, works);
        for (let step = 0; step < 20 && !simulation.works; step += 1) simulation.answerWell();
        expect(simulation.works).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

/** A world in which only what can happen does: answers to what was asked, timers that were set, breaks of what is whole. */
class Simulation {
  #state = INITIAL_RECOVERY;
  readonly #asked = new Map<number, 'restartIce' | 'rebuildMedia'>();
  #timer = false;
  #rejoining = 0;

  get works(): boolean {
    const { signal, media, recovering } = this.#state;
    return signal === 'up' && media === 'up' && !recovering;
  }

  happen(choice: number, works: boolean): void {
    const possible: (() => void)[] = [
      () => this.#step({ type: 'mediaInterrupted' }),
      () => this.#step({ type: 'mediaFailed' }),
      () => this.#step({ type: 'mediaReset' }),
      () => this.#step({ type: 'sessionLost' }),
    ];
    if (this.#state.signal === 'up') possible.push(() => this.#step({ type: 'signalDropped' }));
    if (this.#state.signal === 'down') possible.push(() => this.#step({ type: 'signalResumed' }));
    if (this.#timer) possible.push(() => this.#fire());
    if (this.#rejoining > 0) possible.push(() => this.#rejoin());
    for (const attempt of this.#asked.keys()) possible.push(() => this.#answer(attempt, works));
    possible[choice % possible.length]?.();
  }

  /** The next answer is a good one. What was never asked is never answered. */
  answerWell(): void {
    const [attempt] = this.#asked.keys();
    if (this.#state.signal === 'down') this.#step({ type: 'signalResumed' });
    else if (this.#rejoining > 0) this.#rejoin();
    else if (attempt !== undefined) this.#answer(attempt, true);
    else if (this.#timer) this.#fire();
  }

  #fire(): void {
    this.#timer = false;
    this.#step({ type: 'mediaTimer' });
  }

  #rejoin(): void {
    this.#rejoining -= 1;
    this.#step({ type: 'rejoined' });
  }

  #answer(attempt: number, works: boolean): void {
    const asked = this.#asked.get(attempt);
    this.#asked.delete(attempt);
    if (asked === 'restartIce') this.#step({ type: works ? 'iceRestarted' : 'iceRestartFailed', attempt });
    else this.#step({ type: works ? 'mediaRebuilt' : 'rebuildFailed', attempt });
  }

  #step(event: RecoveryEvent): void {
    const { state, commands } = recoveryStep(this.#state, event);
    this.#state = state;
    for (const command of commands) {
      if (command.type === 'restartIce' || command.type === 'rebuildMedia')
        this.#asked.set(command.attempt, command.type);
      else if (command.type === 'startMediaTimer') this.#timer = true;
      else if (command.type === 'stopMediaTimer') this.#timer = false;
      else if (command.type === 'rejoin') this.#rejoining += 1;
    }
  }
}
