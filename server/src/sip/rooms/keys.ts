import { ParleyError } from '@parley/protocol';
import type { KEY_ACTIONS } from '@parley/protocol/phoneProcess';
import type { Call } from './Call.ts';
import { askToUnmute } from './uplink.ts';
import type { Visit } from './Visit.ts';

export type KeyAction = (typeof KEY_ACTIONS)[number];

/** What keys ask for: the same, under the same rules, as buttons do. The answer is spoken. */
export async function pressKey(call: Call, visit: Visit, action: KeyAction): Promise<void> {
  if (action === 'help') return call.say('help');
  try {
    await ACTIONS[action](call, visit);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    call.say('not-allowed');
    if (error.code === 'UNMUTE_NEEDS_APPROVAL' && visit.stay) await askToUnmute(visit.stay);
  }
}

const ACTIONS: Record<Exclude<KeyAction, 'help'>, (call: Call, visit: Visit) => Promise<void>> = {
  async toggleMute(call, visit) {
    const muted = visit.microphone?.muted !== true;
    await visit.setMuted(muted);
    call.say(muted ? 'muted' : 'unmuted');
  },
  // What becomes of the hand is told to everybody, the phone among them.
  async toggleHand(_call, visit) {
    const { participant, room } = stayOf(visit);
    if (participant.raisedHandAt === null)
      await room.perform(participant, 'participant.raiseHand', () => room.floor.raiseHand(participant));
    else
      await room.perform(participant, 'participant.lowerHand', () => room.floor.lowerHand(participant, {}));
  },
  async leaveBreakout(_call, visit) {
    const { participant, room } = stayOf(visit);
    if (participant.breakoutId === null) throw new ParleyError('WRONG_STATE');
    await room.perform(participant, 'breakout.visit', () => room.breakouts.visit(participant, null));
  },
  async toggleConsent(call, visit) {
    const { participant, room } = stayOf(visit);
    const { recordingConsent } = participant.info;
    if (recordingConsent === undefined) throw new ParleyError('WRONG_STATE');
    const agreed = recordingConsent !== 'agreed';
    await room.perform(participant, 'recording.consent', () => room.recording.consent(participant, agreed));
    call.say(agreed ? 'recording-agreed' : 'recording-refused');
  },
};

function stayOf({ stay }: Visit): NonNullable<Visit['stay']> {
  if (!stay) throw new ParleyError('WRONG_STATE');
  return stay;
}
