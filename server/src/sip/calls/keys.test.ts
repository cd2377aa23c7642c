import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyCommands } from './KeyCommands.ts';
import { PinPad } from './PinPad.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** `.` is a second without a key. */
const play = (keys: string, press: (key: string) => void): void => {
  for (const key of keys) {
    if (key === '.') vi.advanceTimersByTime(1000);
    else press(key);
  }
};

describe('a PIN', () => {
  it.each([
    ['ends with its last digit', 6, '123456', ['123456']],
    ['is not ended by a digit less', 6, '12345...', []],
    ['ends with #', null, '1234#', ['1234']],
    ['shorter than all ends with #', 6, '1234#', ['1234']],
    ['ends with a pause', null, '12..34....', ['1234']],
    ['is begun anew by *', 6, '99*123456', ['123456']],
    ['has at most sixteen digits', null, '12345678901234567#....', ['1234567890123456']],
    ['is not empty', null, '*#....#', []],
    ['is not heard when a key was pressed that no phone has', null, 'A#', []],
    ['is entered once', 4, '12344321....5#', ['1234']],
  ])('%s', (_, length, keys, expected) => {
    const entered: string[] = [];
    const touched = vi.fn();
    const pad = new PinPad({ length, entered: (digits) => entered.push(digits), touched });
    play(keys, (key) => pad.press(key));
    expect(entered).toEqual(expected);
    expect(touched).toHaveBeenCalled();
    pad.close();
  });

  it.each([
    ['# before any digit', '#....#', 0],
    ['# behind the last digit', '1234#', 4],
    ['a key when it was entered', '12345', 4],
  ])('stops nothing that is said by %s', (_, keys, expected) => {
    const touched = vi.fn();
    const pad = new PinPad({ length: 4, entered: () => undefined, touched });
    play(keys, (key) => pad.press(key));
    expect(touched).toHaveBeenCalledTimes(expected);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is forgotten when the call has ended', () => {
    const [entered, touched] = [vi.fn(), vi.fn()];
    const pad = new PinPad({ length: null, entered, touched });
    pad.press('1');
    pad.close();
    expect(vi.getTimerCount()).toBe(0);
    for (const key of '12#') pad.press(key);
    vi.advanceTimersByTime(10_000);
    expect(entered).not.toHaveBeenCalled();
    expect(touched).toHaveBeenCalledTimes(1);
  });
});

describe('keys in a meeting', () => {
  it.each([
    ['*6', ['toggleMute']],
    ['*9*0*1*2', ['toggleHand', 'help', 'leaveBreakout', 'toggleConsent']],
    ['6', []],
    ['**6', ['toggleMute']],
    ['*.6', ['toggleMute']],
    ['*....6', []],
    ['*56', []],
    ['*66', ['toggleMute']],
  ])('%s', (keys, expected) => {
    const done: string[] = [];
    const commands = new KeyCommands((action) => done.push(action));
    play(keys, (key) => commands.press(key));
    expect(done).toEqual(expected);
  });
});
