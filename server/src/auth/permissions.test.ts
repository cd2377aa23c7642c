import type { Permissions, Role, Source, VideoGrant } from '@parley/protocol';
import { expect, test } from 'vitest';
import { OPEN_POLICIES, mayActOn, mayGiveRole, permissionsOf } from './permissions.ts';

const ALL: Source[] = ['microphone', 'camera', 'screen', 'screenAudio'];
const EVERYBODY: Permissions = {
  canPublish: true,
  canPublishSources: ALL,
  canPublishData: true,
  canSubscribe: true,
  canUpdateOwnMetadata: false,
  roomAdmin: false,
  canChat: true,
  canUploadFiles: true,
  canRecord: false,
  canRename: false,
  canAdmit: false,
  canDial: false,
  hidden: false,
};
const HOSTING = { roomAdmin: true, canRecord: true, canAdmit: true, canDial: true };
const NOT_PUBLISHING = { canPublish: false, canPublishSources: [], canPublishData: false };

const VIEWING = { ...NOT_PUBLISHING, canUploadFiles: false };

const rows: [name: string, grant: VideoGrant, role: Role, expected: Partial<Permissions>][] = [
  ['nothing said grants all', {}, 'participant', {}],
  ['no publishing, and no data with it', { canPublish: false }, 'participant', NOT_PUBLISHING],
  [
    'no publishing, but data',
    { canPublish: false, canPublishData: true },
    'participant',
    { ...NOT_PUBLISHING, canPublishData: true },
  ],
  ['no data', { canPublishData: false }, 'participant', { canPublishData: false, canChat: false }],
  ['no subscribing', { canSubscribe: false }, 'participant', { canSubscribe: false }],
  [
    'some sources, in our words and order',
    { canPublishSources: ['screen_share_audio', 'screen_share', 'microphone'] },
    'participant',
    { canPublishSources: ['microphone', 'screen', 'screenAudio'] },
  ],
  ['a camera', { canPublishSources: ['camera'] }, 'participant', { canPublishSources: ['camera'] }],
  [
    'an empty list of sources',
    { canPublishSources: [] },
    'participant',
    { canPublish: false, canPublishSources: [] },
  ],
  [
    'sources do not win over canPublish: false',
    { canPublish: false, canPublishSources: ['camera'] },
    'participant',
    NOT_PUBLISHING,
  ],
  [
    'own metadata',
    { canUpdateOwnMetadata: true },
    'participant',
    { canUpdateOwnMetadata: true, canRename: true },
  ],
  ['hidden', { hidden: true }, 'participant', { hidden: true }],
  ['admin by being host', {}, 'host', HOSTING],
  ['admin by being owner', { roomAdmin: false }, 'owner', HOSTING],
  ['a viewer', { canPublish: true, canPublishSources: ['camera'] }, 'viewer', VIEWING],
  ['a viewer who may chat', { canPublishData: true }, 'viewer', { ...VIEWING, canPublishData: true }],
];
test.each(rows)('%s', (_name, grant, role, expected) => {
  expect(permissionsOf(grant, role)).toEqual({ ...EVERYBODY, ...expected });
});

test.each<[string, Role, Partial<typeof OPEN_POLICIES>, Partial<Permissions>]>([
  [
    'hosts only publish',
    'participant',
    { publishing: 'hosts' },
    { canPublishSources: ['screen', 'screenAudio'] },
  ],
  ['hosts only share', 'participant', { sharing: 'hosts' }, { canPublishSources: ['microphone', 'camera'] }],
  ['hosts only chat', 'participant', { chatting: 'hosts' }, { canChat: false }],
  ['nobody chats, not even hosts', 'host', { chatting: 'nobody' }, { canChat: false }],
  ['nobody shares files', 'host', { uploading: 'nobody' }, { canUploadFiles: false }],
  ['everybody records', 'participant', { recording: 'everyone' }, { canRecord: true }],
  ['hosts are not narrowed', 'host', { publishing: 'hosts', sharing: 'hosts', chatting: 'hosts' }, {}],
])('settings of the room: %s', (_name, role, policies, expected) => {
  const open = permissionsOf({}, role);
  expect(permissionsOf({}, role, { ...OPEN_POLICIES, ...policies })).toEqual({ ...open, ...expected });
});

test('nobody but an owner acts on an owner or makes one', () => {
  expect(mayActOn('host', 'host')).toBe(true);
  expect(mayActOn('host', 'owner')).toBe(false);
  expect(mayActOn('owner', 'owner')).toBe(true);
  expect(mayActOn('participant', 'viewer')).toBe(false);
  expect(mayGiveRole('host', 'participant', 'host')).toBe(true);
  expect(mayGiveRole('host', 'participant', 'owner')).toBe(false);
  expect(mayGiveRole('owner', 'host', 'owner')).toBe(true);
});
