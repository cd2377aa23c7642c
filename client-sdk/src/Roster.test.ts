import type { JoinedRoom, ParticipantInfo, PublicationInfo, RoomSettings } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { SubscriptionBatcher } from './media/SubscriptionBatcher.ts';
import { Roster, type EmitRoomEvent } from './Roster.ts';

const publication = (
  publicationId: string,
  source: PublicationInfo['source'] = 'camera',
): PublicationInfo => ({
  publicationId,
  source,
  kind: source === 'microphone' ? 'audio' : 'video',
  muted: false,
  codec: 'video/VP8',
  layering: 'simulcast',
});
const participant = (participantId: string, ...publications: PublicationInfo[]): ParticipantInfo => ({
  participantId,
  identity: `identity of ${participantId}`,
  displayName: participantId,
  kind: 'web',
  role: 'participant',
  metadata: '',
  attributes: {},
  joinedAt: 0,
  connection: 'connected',
  publications,
  raisedHandAt: null,
  unmuting: 'free',
});
const SETTINGS: RoomSettings = {
  ...{ title: '', metadata: '', lobbyText: '', maxParticipants: 0, emptyTimeout: 0, maxDuration: 0 },
  ...{ hostAbsentTimeout: 0, opensAt: null, closesAt: null, guestsAllowed: true, locked: false },
  ...{ guestRole: 'participant', lobby: 'off', successor: 'nobody', duplicateIdentity: 'replace' },
  ...{ publishing: 'everyone', sharing: 'everyone', chatting: 'everyone', privateChat: 'everyone' },
  ...{ uploading: 'everyone', recording: 'hosts', renaming: 'everyone', unmuting: 'everyone' },
  chatHistory: 'all',
  ...{ autoRecord: 'off', autoRecordFormat: 'mp4', recordingConsent: 'notify', recordBreakouts: false },
};
const roomWith = (...participants: ParticipantInfo[]): JoinedRoom => ({
  state: 'joined',
  room: {
    roomId: 'RM_1',
    name: 'demo',
    settings: SETTINGS,
    hasPassword: false,
    createdAt: 0,
    numParticipants: 1,
    meetingStartedAt: 0,
  },
  self: participant('me'),
  permissions: {
    canPublish: true,
    canPublishSources: [],
    canPublishData: true,
    canSubscribe: true,
    canUpdateOwnMetadata: true,
    roomAdmin: false,
    ...{
      canChat: true,
      canUploadFiles: true,
      canRecord: false,
      canRename: true,
      canAdmit: false,
      canDial: false,
    },
    hidden: false,
  },
  breakoutId: null,
  participants,
  roomState: {
    ...{ spotlight: [], polls: [], calls: null, hostPresent: false },
    ...{ timer: null, endsAt: null, breakouts: null },
  },
  egress: { recordings: [], live: null },
  iceServers: [],
  rtpCapabilities: {},
  mediaGeneration: 1,
});

function start(options: { autoSubscribe?: boolean } = {}) {
  const events: string[] = [];
  const emit: EmitRoomEvent = (event, ...about) => {
    if (about.length > 0) events.push(event);
  };
  const batcher = new SubscriptionBatcher(() => undefined);
  const roster = new Roster(emit, {
    batcher,
    adaptiveStream: false,
    autoSubscribe: options.autoSubscribe ?? true,
  });
  const take = () => events.splice(0);
  return { roster, batcher, take, ids: () => [...roster.remote.keys()] };
}

describe('Roster', () => {
  it('tells after a reconnect what changed meanwhile, as it would have been told', () => {
    const { roster, take, ids } = start();
    roster.reset(roomWith(participant('ann', publication('a1')), participant('bob', publication('b1'))));
    const ann = roster.remote.get('ann');
    take();
    roster.reset(
      roomWith(
        participant('ann', { ...publication('a1'), muted: true }, publication('a2', 'screen')),
        participant('cem', publication('c1')),
      ),
    );
    expect(ids()).toEqual(['ann', 'cem']);
    expect(roster.remote.get('ann')).toBe(ann);
    expect(ann?.getPublication('camera')?.muted).toBe(true);
    expect(take()).toEqual([
      'publicationRemoved',
      'participantLeft',
      'publicationUpdated',
      'publicationAdded',
      'participantUpdated',
      'participantJoined',
      'publicationAdded',
    ]);
  });

  it('replaces a publication of the same source that is another one', () => {
    const { roster, take } = start();
    roster.reset(roomWith(participant('ann', publication('a1'))));
    take();
    roster.reset(roomWith(participant('ann', publication('a2'))));
    expect(take()).toEqual(['publicationRemoved', 'publicationAdded', 'participantUpdated']);
    expect(roster.remote.get('ann')?.getPublication('camera')?.publicationId).toBe('a2');
  });

  it('does not mind what it has heard already, or what is about nobody', () => {
    const { roster, take, ids } = start();
    const ann = participant('ann');
    roster.handle({ method: 'participant.joined', params: { participant: ann } });
    roster.handle({ method: 'participant.joined', params: { participant: ann } });
    roster.handle({ method: 'participant.left', params: { participantId: 'bob', reason: 'left' } });
    roster.handle({
      method: 'publication.added',
      params: { participantId: 'bob', publication: publication('b1') },
    });
    roster.handle({
      method: 'publication.removed',
      params: { participantId: 'ann', publicationId: 'unknown' },
    });
    expect(ids()).toEqual(['ann']);
    expect(take()).toEqual(['participantJoined']);
  });

  it('forgets a speaker who left', () => {
    const { roster } = start();
    roster.reset(roomWith(participant('ann')));
    roster.handle({
      method: 'room.activeSpeakers',
      params: { speakers: [{ participantId: 'ann', level: -30 }], dominant: 'ann' },
    });
    expect(roster.speakers.map(({ participantId }) => participantId)).toEqual(['ann']);
    expect(roster.dominant?.isSpeaking).toBe(true);
    roster.handle({ method: 'participant.left', params: { participantId: 'ann', reason: 'left' } });
    expect(roster.speakers).toEqual([]);
    expect(roster.dominant).toBeNull();
  });

  it('wants nothing that was not asked for where the app subscribes by itself', () => {
    const { roster, batcher } = start({ autoSubscribe: false });
    roster.reset(roomWith(participant('ann', publication('a1'), publication('a2', 'screen'))));
    const camera = roster.remote.get('ann')?.getPublication('camera');
    expect(camera?.subscribed).toBe(false);
    camera?.setSubscribed(true);
    roster.reset(roomWith(participant('ann', publication('a1'), publication('a2', 'screen'))));
    expect([batcher.wants('a1'), batcher.wants('a2')]).toEqual([true, false]);
    batcher.close();
  });
});
