import { LocalParticipant, type Participant } from '@parley/client-sdk';

/** Whether somebody can be heard, be it by their computer or by a phone. */
export const isMicrophoneOn = (participant: Participant): boolean =>
  participant instanceof LocalParticipant
    ? participant.isEnabled('microphone')
    : participant.getPublication('microphone')?.muted === false;
