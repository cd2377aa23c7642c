import type { RecordingKind } from '@parley/protocol';
import { expect, it, test } from 'vitest';
import { Capacity } from './Capacity.ts';

const machine = (cores: number, load = 0) => ({ cores, load: () => load });
const many = (count: number, kind: RecordingKind): RecordingKind[] => Array<RecordingKind>(count).fill(kind);

const cases: [
  what: string,
  capacity: Capacity,
  kind: RecordingKind,
  running: RecordingKind[],
  fits: boolean,
][] = [
  ['the first on one core', new Capacity(0, machine(1)), 'composite', [], true],
  ['the first on a busy machine', new Capacity(0, machine(2, 5)), 'composite', [], true],
  [
    'as many as there are cores, less one',
    new Capacity(0, machine(4)),
    'composite',
    many(2, 'composite'),
    true,
  ],
  ['one more than that', new Capacity(0, machine(4)), 'composite', many(3, 'composite'), false],
  ['one more on a busy machine', new Capacity(0, machine(4, 3.8)), 'composite', many(1, 'composite'), false],
  [
    'what is configured, whatever the load',
    new Capacity(5, machine(2, 9)),
    'composite',
    many(4, 'composite'),
    true,
  ],
  ['one more than is configured', new Capacity(2, machine(64)), 'composite', many(2, 'composite'), false],
  [
    'twenty times tracks beside nothing else',
    new Capacity(1, machine(2)),
    'tracks',
    many(19, 'tracks'),
    true,
  ],
];
test.each(cases)('%s', (_what, capacity, kind, running, fits) => {
  const ask = (): void => capacity.assertFits(kind, running);
  if (fits) expect(ask).not.toThrow();
  else expect(ask).toThrow(expect.objectContaining({ code: 'RECORDING_CAPACITY' }));
});

it('names the numbers and what to do', () => {
  expect(() => new Capacity(2, machine(2)).assertFits('composite', many(2, 'composite'))).toThrow(
    /2 of 2 programs run; each needs about 1 core, and the machine has 2\. .*recorder\.maxPrograms/,
  );
  expect(() => new Capacity(0, machine(4, 3.94)).assertFits('composite', many(2, 'composite'))).toThrow(
    /3\.9 of 4 cores are in use/,
  );
});
