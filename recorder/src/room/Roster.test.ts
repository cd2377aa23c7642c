import type { ParticipantInfo, PublicationInfo } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { Arranger } from '../program/Arranger.ts';
import { SyntheticRoom } from '../testing/SyntheticRoom.ts';
import { Roster } from './Roster.ts';

const camera: PublicationInfo = {
  publicationId: 'PB_camera',
  source: 'camera',
  kind: 'video',
  muted: false,
  codec: 'video/VP8',
  layering: 'simulcast',
};

function info(identity: string, more: Partial<ParticipantInfo> = {}): ParticipantInfo {
  return {
    ...{ participantId: `PA_${identity}`, identity, displayName: identity, kind: 'web', role: 'participant' },
    ...{ metadata: '', attributes: {}, joinedAt: 1, connection: 'connected', publications: [] },
    ...{ raisedHandAt: null, unmuting: 'free' },
    ...more,
  };
}

function rosterOf(...participants: ParticipantInfo[]): Roster {
  const roster = new Roster({
    ...{ ffmpeg: '', maxFrameRate: 25, log: { debug: nothing, info: nothing, warn: nothing } },
    ...{ wish: nothing, forget: nothing, requestKeyFrame: nothing },
  });
  roster.reset(participants);
  return roster;
}

const nothing = (): void => undefined;
const identities = (roster: Roster) => roster.participants.map(({ identity }) => identity);

describe('the people of a programme', () => {
  it.each([
    [undefined, true],
    ['agreed', true],
    ['asked', false],
    ['refused', false],
  ] as const)('asked for consent, %s: shown is %s', (recordingConsent, isShown) => {
    const roster = rosterOf(info('ann'), info('ben', recordingConsent ? { recordingConsent } : {}));
    expect(identities(roster)).toEqual(isShown ? ['ann', 'ben'] : ['ann']);
    expect(roster.shows('PA_ben')).toBe(isShown);
  });

  it('come when they agree, with what they publish by then, and go when they take it back', () => {
    const roster = rosterOf(info('ann', { joinedAt: 2 }), info('ben', { recordingConsent: 'asked' }));
    roster.handle({
      method: 'publication.added',
      params: { participantId: 'PA_ben', publication: camera },
    });
    expect(identities(roster)).toEqual(['ann']);
    const say = (recordingConsent: 'agreed' | 'refused') =>
      roster.handle({
        method: 'participant.updated',
        params: { participant: info('ben', { recordingConsent, publications: [camera] }) },
      });
    expect(say('agreed')).toBe(true);
    expect(identities(roster)).toEqual(['ben', 'ann']);
    expect(roster.participants[0]?.camera?.publicationId).toBe('PB_camera');
    say('refused');
    expect(identities(roster)).toEqual(['ann']);
  });

  it('do not count where tiles are given out: whoever refuses takes no place and is not the one who is large', () => {
    const roster = rosterOf(info('ann'), info('ben', { recordingConsent: 'refused' }));
    const room = Object.assign(new SyntheticRoom(), { dominant: 'PA_ben', spotlight: ['PA_ben'] });
    Object.defineProperty(room, 'participants', { get: () => roster.participants });
    const arranger = new Arranger({ width: 640, height: 360 }, { kind: 'speaker', focus: 'PA_ben' });
    const { tiles, more } = arranger.arrange(room, 10_000);
    expect(tiles.map(({ participantId, width }) => [participantId, width])).toEqual([['PA_ann', 640]]);
    expect(more).toBeNull();
  });
});
