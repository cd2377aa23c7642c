import { ParleyError, type PhoneCall, type PhoneLink } from '@parley/client-sdk';
import { describe, expect, it, test } from 'vitest';
import {
  callNews,
  callWords,
  dialErrorText,
  isAnswered,
  isOver,
  MAILBOX_MS,
  maybeMailbox,
  otherEnd,
  phoneWords,
  transferErrorText,
} from './callTexts.ts';

const call = (change: Partial<PhoneCall> = {}): PhoneCall => ({
  ...{ callId: 'CL_1', direction: 'out', state: 'ringing', number: '+12025550143', displayName: 'Ann' },
  ...{ breakoutId: null, participantId: null, by: 'host', startedAt: 0, answeredAt: null, message: '' },
  ...change,
});
const link = { callId: 'CL_1', maskedNumber: '+1 202 ••••43', direction: 'out', onHold: false } as const;

test.each([
  ['dialing', '', 'Calling…'],
  ['busy', 'The line is busy. Try again later.', 'The line is busy. Try again later.'],
  ['failed', '', 'Could not be called'],
  ['answered', 'The transfer did not work.', 'In the meeting. The transfer did not work.'],
  ['ended', '', 'Hung up'],
] as const)('%s with "%s" reads "%s"', (state, message, words) => {
  expect(callWords({ state, message })).toBe(words);
});

test('which states are over, and which answered', () => {
  const states = ['dialing', 'ringing', 'earlyMedia', 'answered', 'onHold'] as const;
  expect(states.filter(isOver)).toEqual([]);
  expect(states.filter(isAnswered)).toEqual(['answered', 'onHold']);
  expect((['busy', 'noAnswer', 'cancelled', 'failed', 'ended'] as const).every(isOver)).toBe(true);
});

test.each([
  ['Ann', '+12025550143', { name: 'Ann', number: '+1 202 555 0143' }],
  ['+1 202 ••••43', '+12025550143', { name: '+1 202 555 0143', number: '' }],
  ['', '', { name: 'Number withheld', number: '' }],
  ['101', '101', { name: '101', number: '' }],
])('"%s" at "%s" is told as %j', (displayName, number, told) => {
  expect(otherEnd({ displayName, number })).toEqual(told);
});

test('only calls that did not work are news', () => {
  expect(callNews(call({ state: 'noAnswer', message: 'Nobody answered.' }))).toBe('Ann: Nobody answered.');
  expect(callNews(call())).toBeUndefined();
  expect(callNews(call({ state: 'ended' }))).toBeUndefined();
});

test('one is asked about a mailbox soon after the answer, of calls that were made', () => {
  const answered = { state: 'answered', answeredAt: 1000 } as const;
  expect(maybeMailbox(call(answered), 1000 + MAILBOX_MS - 1)).toBe(true);
  expect(maybeMailbox(call(answered), 1000 + MAILBOX_MS)).toBe(false);
  expect(maybeMailbox(call({ ...answered, direction: 'in' }), 1001)).toBe(false);
  expect(maybeMailbox(call(), 1)).toBe(false);
});

describe('below the name of who speaks by phone', () => {
  const ann = { kind: 'phone', displayName: 'Ann' } as const;
  const answered = { ...link, state: 'answered' } as const;
  const wordsOf = (phone: PhoneLink, number?: string) => phoneWords({ ...ann, phone }, { number });

  it('stands the number, as much as one may see', () => {
    expect(wordsOf(answered)).toBe('By phone, +1 202 ••••43');
    expect(wordsOf(answered, '+12025550143')).toBe('By phone, +1 202 555 0143');
    expect(phoneWords({ ...ann, phone: answered }, { number: undefined, short: true })).toBe('+1 202 ••••43');
  });
  it('stands no number twice', () => {
    const unknown = { ...ann, displayName: '+1 202 ••••43', phone: answered };
    expect(phoneWords(unknown, { number: undefined })).toBe('By phone');
  });
  it('stands that it is held, or rings', () => {
    expect(wordsOf({ ...answered, onHold: true })).toMatch(/^On hold · By/);
    expect(wordsOf({ ...link, state: 'earlyMedia' })).toMatch(/^Not answered yet/);
  });
  it('stands nothing for who has no phone', () => {
    const bob = { kind: 'web', displayName: 'Bob', phone: undefined } as const;
    expect(phoneWords(bob, { number: undefined })).toBeUndefined();
  });
});

describe('a call that cannot be made', () => {
  const refused = (message: string) => dialErrorText(new ParleyError('PHONE_NUMBER_REFUSED', { message }));
  const limited = (limit: string, max: number) =>
    dialErrorText(new ParleyError('PHONE_LIMIT_REACHED', { details: { limit, max } }));

  it('says why, and who can allow it', () => {
    const { title, text } = refused('+1900 cannot be called. Premium services may not be called.');
    expect(title).toMatch(/may not be called/);
    expect(text).toMatch(/Premium .* operator .* prefixes/);
    expect(refused('The operator can allow it.').text).toBe('The operator can allow it.');
  });

  test.each([
    ['sip.limits.maxCalls', /All lines are busy/],
    ['sip.limits.maxCallsPerRoom', /into this meeting/],
    ['sip.limits.maxCallsPerPerson', /as many calls as you may/],
    ['maxCalls of the trunk carrier', /lines of the trunk/],
    ['minutesPerDay of the trunk carrier', /minutes of today/],
    ['constructor', /No further call/],
  ])('says what to do about %s', (limit, title) => {
    const told = limited(limit, 30);
    expect(told.title).toMatch(title);
    expect(told.text).toMatch(/again|Hang one up|anew/);
  });

  it('names a limit that it does not know, and its value', () => {
    expect(limited('sip.limits.new', 7).text).toMatch(/The limit is sip\.limits\.new: 7\.$/);
    const unnamed = new ParleyError('PHONE_LIMIT_REACHED', { message: 'Too many.' });
    expect(dialErrorText(unnamed).text).toBe('Too many.');
  });

  it('has words for each error of dialling', () => {
    for (const code of ['PHONES_OFF', 'PHONE_NUMBER_INVALID', 'PERMISSION_DENIED', 'WRONG_STATE'] as const)
      expect(dialErrorText(new ParleyError(code)).title).not.toBe('The call could not be made');
    expect(dialErrorText(new TypeError('x')).text).toBe('Try again.');
  });
});

test('a call that cannot be handed over says why, and what to do', () => {
  const told = (code: 'WRONG_STATE' | 'CALL_NOT_FOUND' | 'PHONE_NUMBER_INVALID') =>
    transferErrorText(new ParleyError(code));
  expect(told('WRONG_STATE').text).toMatch(/once it is answered/);
  expect(told('CALL_NOT_FOUND').title).toMatch(/over/);
  expect(told('PHONE_NUMBER_INVALID').title).toMatch(/no number/);
  const details = { reason: 'unreachable' };
  const unreachable = new ParleyError('WRONG_STATE', { message: 'Dial it into the meeting.', details });
  expect(transferErrorText(unreachable).text).toBe('Dial it into the meeting.');
});
