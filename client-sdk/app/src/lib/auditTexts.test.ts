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
  const folder = join(import.meta.dirname, '../../../../server/src/room');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const actions = sources.flatMap((name) =>
    [
      ...readFileSync(join(folder, name), 'utf8').matchAll(
        /audit\((?:by|null), [^']{0,12}'([\w.]+)'(?: : '([\w.]+)')?/g,
      ),
    ].flatMap(([, one = '', other]) => (other === undefined ? [one] : [one, other])),
  );
  expect(actions.length).toBeGreaterThan(25);
  const unknown = actions.filter((action) =>
    auditText({ by: ann, to: bob, action, details: {} }).includes(action),
  );
  expect(unknown).toEqual([]);
});
