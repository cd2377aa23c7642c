import { expect, it } from 'vitest';
import { canDialIn, invitationText } from './dialInTexts.ts';

const URL = 'https://meet.example.org/r/demo';
const numbers = [
  { label: 'Berlin', number: '+493012345678' },
  { label: '', number: '+12025550143' },
];

it('names the link, all numbers and the PIN', () => {
  expect(invitationText('Standup', URL, { numbers, pin: '12345678' })).toBe(
    [
      'You are invited to “Standup”.',
      '',
      'Join by this link:',
      URL,
      '',
      'Or by phone:',
      'Berlin: +49 301 234 5678',
      '+1 202 555 0143',
      'PIN: 123 456 78, then #',
    ].join('\n'),
  );
});

it('says nothing of phones where nobody can dial in', () => {
  for (const phone of [null, { numbers: [], pin: '12345678' }, { numbers, pin: null }]) {
    expect(invitationText('Standup', URL, phone)).not.toMatch(/phone|PIN/i);
    if (phone !== null) expect(canDialIn(phone)).toBe(false);
  }
  expect(canDialIn({ numbers, pin: '1' })).toBe(true);
});
