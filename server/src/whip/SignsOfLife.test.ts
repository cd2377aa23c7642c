import { describe, expect, it } from 'vitest';
import { SignsOfLife } from './SignsOfLife.ts';

/** What went on between two looks: media with its reports was sent, consent was asked for and answered, reports came. */
type Step = 'sent' | 'sent, reported' | 'asked' | 'nothing';

/** How many of the last looks in a row found nobody. */
function missedAfter(steps: readonly Step[]): number {
  const signs = new SignsOfLife();
  const traffic = { received: 500, receivedMedia: 0, sent: 1500, sentMedia: 0 };
  let former = signs.countWith({ ...traffic });
  let missed = 0;
  for (const step of steps) {
    if (step.startsWith('sent')) traffic.sentMedia += 9000;
    if (step.startsWith('sent')) traffic.sent += 9100;
    if (step.endsWith('reported')) traffic.received += 60;
    if (step === 'asked') traffic.sent += 64;
    const count = signs.countWith({ ...traffic });
    missed = count > former ? 0 : missed + 1;
    former = count;
  }
  return missed;
}

const times = (count: number, step: Step): Step[] => Array.from({ length: count }, () => step);

describe('a player', () => {
  it.each<[string, Step[], number]>([
    ['that reports on what it is sent is there', times(10, 'sent, reported'), 0],
    ['that does not is gone', [...times(3, 'sent, reported'), ...times(4, 'sent')], 4],
    ['is gone though it asked for consent before', [...times(5, 'asked'), ...times(4, 'sent')], 4],
    ['that is sent nothing and asks for consent is there', times(10, 'asked'), 0],
    ['that no longer asks is gone', [...times(3, 'asked'), ...times(4, 'nothing')], 4],
    ['that never asked may be there', times(10, 'nothing'), 0],
    ['that was only just connecting may be there', ['asked', 'asked', ...times(8, 'nothing')], 0],
    ['that asks rarely is none that asks', ['asked', 'nothing', 'asked', 'nothing', 'asked', 'nothing'], 0],
    [
      'that is sent nothing any more may be there',
      [...times(5, 'sent, reported'), ...times(5, 'nothing')],
      0,
    ],
    ['shows up as gone when it is sent something', [...times(5, 'nothing'), ...times(4, 'sent')], 4],
  ])('%s', (_what, steps, missed) => expect(missedAfter(steps)).toBe(missed));
});
