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
});
