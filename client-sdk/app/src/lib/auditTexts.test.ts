import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { auditText } from './auditTexts.ts';

const ann = { identity: 'ann', displayName: 'Ann' };
const bob = { identity: 'bob', displayName: 'Bob' };

test.each([
  ['participant.remove', {}, 'Ann removed Bob'],
  ['participant.mute', { source: 'microphone', hard: false }, 'Ann muted Bob'],
  ['participant.mute', { source: 'camera', hard: false }, 'Ann stopped the camera of Bob'],
  ['participant.mute', { publicationIds: ['a'] }, 'Ann muted Bob'],
  ['participant.setRole', { from: 'participant', role: 'host' }, 'Ann made Bob a host'],
  ['participant.rename', { from: 'Bo' }, 'Ann renamed Bo to Bob'],
  ['room.update', { locked: true }, 'Ann locked the meeting'],
  ['room.update', { hasPassword: false }, 'Ann took away the password'],
  ['room.update', { lobby: 'off', title: 'x' }, 'Ann changed who waits in the lobby and the title'],
  ['room.setTimer', { seconds: 300 }, 'Ann set a timer of 5 min'],
  ['invite.create', { role: 'viewer', label: 'press' }, 'Ann made an invite link for a viewer: press'],
  ['invite.revoke', { label: '' }, 'Ann revoked an invite link'],
  [
    'recording.start',
    { kind: 'audio', breakoutId: 'B' },
    'Ann started to record the sound of a breakout room',
  ],
  ['live.addTarget', { target: 'rtmp://a/b' }, 'Ann added a target of the live stream: rtmp://a/b'],
  ['phone.dial', { number: '+4930123456' }, 'Ann called +4930123456'],
  ['phone.cancel', { number: '' }, 'Ann ended the call with a phone'],
  [
    'phone.transfer',
    { number: '+4930123456', target: '+4989123' },
    'Ann handed the call with +4930123456 over to +4989123',
  ],
  ['phone.transfer', { number: '+4930123456', toCallId: 'x' }, 'Ann handed the call with +4930123456 over'],
  ['pin.renew', {}, 'Ann made a new PIN for callers'],
  ['pin.create', { identity: 'bob', label: 'car' }, 'Ann made a PIN for bob: car'],
  ['pin.revoke', { identity: 'bob', label: '' }, 'Ann revoked the PIN of bob'],
  ['something.new', {}, 'Ann: something.new (Bob)'],
  ['constructor', {}, 'Ann: constructor (Bob)'],
])('%s with %j reads "%s"', (action, details, words) => {
  expect(auditText({ by: ann, to: bob, action, details })).toBe(words);
});

it('names the server where nobody did it', () => {
  expect(auditText({ by: null, to: bob, action: 'lobby.successor', details: {} })).toMatch(/^No host/);
  expect(auditText({ by: null, to: null, action: 'room.update', details: {} })).toBe(
    'The server changed nothing',
  );
});

it('has a sentence for every action that the server writes down', () => {
  const sources = ['room', 'sip/book'].flatMap((name) => {
    const folder = join(import.meta.dirname, '../../../../server/src', name);
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => join(folder, file));
  });
  const actions = sources.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(/audit\((?:by|null), [^']{0,12}'([\w.]+)'(?: : '([\w.]+)')?/g),
    ].flatMap(([, one = '', other]) => (other === undefined ? [one] : [one, other])),
  );
  expect(actions.length).toBeGreaterThan(25);
  const unknown = actions.filter((action) =>
    auditText({ by: ann, to: bob, action, details: {} }).includes(action),
  );
  expect(unknown).toEqual([]);
});
