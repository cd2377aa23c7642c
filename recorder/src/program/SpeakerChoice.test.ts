import { describe, expect, it } from 'vitest';
import { HOLD_MS, SpeakerChoice, TAKEOVER_MS } from './SpeakerChoice.ts';

const all = () => true;

describe('who is shown as speaking', () => {
  it('is at once whoever speaks first', () => {
    expect(new SpeakerChoice().update(0, 'ann', all)).toBe('ann');
  });

  it('stays through a short word of another', () => {
    const choice = new SpeakerChoice();
    choice.update(0, 'ann', all);
    expect(choice.update(10_000, 'bob', all)).toBe('ann');
    expect(choice.update(10_000 + TAKEOVER_MS - 1, 'bob', all)).toBe('ann');
    expect(choice.update(10_000 + TAKEOVER_MS, 'ann', all)).toBe('ann');
  });

  it('is another once they have spoken for long enough', () => {
    const choice = new SpeakerChoice();
    choice.update(0, 'ann', all);
    choice.update(10_000, 'bob', all);
    expect(choice.update(10_000 + TAKEOVER_MS, 'bob', all)).toBe('bob');
  });

  it('does not change twice in a short time', () => {
    const choice = new SpeakerChoice();
    choice.update(0, 'ann', all);
    choice.update(100, 'bob', all);
    expect(choice.update(HOLD_MS - 1, 'bob', all)).toBe('ann');
    expect(choice.update(HOLD_MS, 'bob', all)).toBe('bob');
  });

  it('gives up who has left, and waits for nobody then', () => {
    const choice = new SpeakerChoice();
    choice.update(0, 'ann', all);
    const withoutAnn = (id: string) => id !== 'ann';
    expect(choice.update(100, 'ann', withoutAnn)).toBeNull();
    expect(choice.update(200, 'bob', withoutAnn)).toBe('bob');
  });
});
