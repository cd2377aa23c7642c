import type { ParticipantInfo } from '@parley/protocol';
import { expect, it } from 'vitest';
import { LocalParticipant, type LocalPort } from './LocalParticipant.ts';

const PHONE: ParticipantInfo = {
  ...{ participantId: 'PA_1', identity: 'ann', displayName: 'Ann', kind: 'web', role: 'participant' },
  ...{
    metadata: '',
    attributes: {},
    joinedAt: 0,
    connection: 'connected',
    raisedHandAt: null,
    unmuting: 'free',
  },
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
