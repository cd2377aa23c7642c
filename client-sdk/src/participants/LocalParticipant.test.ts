import type { ParticipantInfo } from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import type { Producer } from 'mediasoup-client/types';
import { expect, it } from 'vitest';
import { LocalParticipant, type LocalPort } from './LocalParticipant.ts';

const OPUS = { mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000 };
const ANN: ParticipantInfo = {
  ...{ participantId: 'PA_1', identity: 'ann', displayName: 'Ann', kind: 'web', role: 'participant' },
  ...{ metadata: '', attributes: {}, joinedAt: 0, connection: 'connected', publications: [] },
  ...{ raisedHandAt: null, unmuting: 'free' },
};
const PHONE: ParticipantInfo = {
  ...ANN,
  phone: { callId: 'CL_1', maskedNumber: '', direction: 'out', state: 'answered', onHold: false },
  publications: [
    {
      ...{ publicationId: 'PU_1', source: 'microphone', kind: 'audio', muted: false },
      ...{ codec: 'audio/opus', layering: 'simple' },
    },
  ],
};

it('tells that the phone one speaks by was muted by oneself: the server tells the others alone', async () => {
  const seen: string[] = [];
  // Of what a phone needs.
  const port: Pick<LocalPort, 'setMuted' | 'phoneUpdated'> = {
    setMuted: (publicationId, muted) => {
      seen.push(`${publicationId} ${muted ? 'muted' : 'unmuted'}`);
      return Promise.resolve();
    },
    phoneUpdated: () => seen.push(`told ${local.isEnabled('microphone') ? 'on' : 'off'}`),
  };
  const local = new LocalParticipant(PHONE, port as LocalPort);
  await local.setMicrophoneEnabled(false);
  await local.setMicrophoneEnabled(true);
  expect(seen).toEqual(['PU_1 muted', 'told off', 'PU_1 unmuted', 'told on']);
});

it('comes back muted where a host has muted all meanwhile', async () => {
  const tried: boolean[] = [];
  // The way on which it was sent is gone.
  const producer: Partial<Producer> = { closed: true, rtpParameters: { codecs: [OPUS], encodings: [] } };
  const published = { publicationId: 'PU_1', producer: producer as Producer };
  const track: Partial<MediaStreamTrack> = {
    ...{ kind: 'audio', readyState: 'live', enabled: true },
    ...{ getSettings: () => ({}), addEventListener: () => undefined },
  };
  let updated = 0;
  // Of what publishing needs.
  const port: Pick<LocalPort, 'publish' | 'added' | 'updated'> = {
    publish: () => Promise.resolve(published),
    added: () => undefined,
    updated: () => (updated += 1),
  };
  const local = new LocalParticipant(ANN, port as LocalPort);
  await local.publishTrack(track as MediaStreamTrack, { source: 'microphone' });
  await local.republish((request) => {
    tried.push(request.muted);
    return request.muted
      ? Promise.resolve(published)
      : Promise.reject(new ParleyError('UNMUTE_NEEDS_APPROVAL'));
  });
  expect(tried).toEqual([false, true]);
  expect([local.isEnabled('microphone'), track.enabled]).toEqual([false, false]);
  expect(updated).toBe(1);
});
