import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SpeakerTracker, type Speakers } from './SpeakerTracker.ts';

const ann = (level: number) => ({ participantId: 'ann', level });
const bob = (level: number) => ({ participantId: 'bob', level });
let told: Speakers[];
let tracker: SpeakerTracker;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  told = [];
  tracker = new SpeakerTracker((speakers) => told.push(speakers), 500);
});
afterEach(() => {
  tracker.close();
  vi.useRealTimers();
});

describe('SpeakerTracker', () => {
  it('tells the first change at once, loudest first', () => {
    tracker.setLevels([bob(-50), ann(-20)]);
    expect(told).toEqual([{ speakers: [ann(-20), bob(-50)], dominant: null }]);
  });

  it('gathers what changes within the interval', () => {
    tracker.setLevels([ann(-20)]);
    tracker.setDominant('ann');
    tracker.setLevels([ann(-20), bob(-40)]);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(told.slice(1)).toEqual([{ speakers: [ann(-20), bob(-40)], dominant: 'ann' }]);
  });

  it('is silent about small changes and about none', () => {
    tracker.setLevels([ann(-20)]);
    vi.advanceTimersByTime(500);
    tracker.setLevels([ann(-24)]);
    vi.advanceTimersByTime(500);
    expect(told).toHaveLength(1);
    tracker.setLevels([ann(-26)]);
    expect(told).toHaveLength(2);
  });

  it('tells silence, and who keeps the floor', () => {
    tracker.setDominant('ann');
    vi.advanceTimersByTime(500);
    tracker.setLevels([ann(-20)]);
    vi.advanceTimersByTime(500);
    tracker.setLevels([]);
    expect(told.at(-1)).toEqual({ speakers: [], dominant: 'ann' });
  });

  it('takes the floor from somebody who is gone', () => {
    tracker.setLevels([ann(-20), bob(-30)]);
    tracker.setDominant('ann');
    tracker.remove('ann');
    vi.advanceTimersByTime(500);
    expect(told.at(-1)).toEqual({ speakers: [bob(-30)], dominant: null });
  });

  it('says nothing once closed', () => {
    tracker.setLevels([ann(-20)]);
    tracker.setLevels([]);
    tracker.close();
    tracker.setDominant('bob');
    vi.advanceTimersByTime(5_000);
    expect(told).toHaveLength(1);
  });
});
