import { ParleyError } from '@parley/protocol';
import { isHost } from '../auth/permissions.ts';
import type { Participant } from './Participant.ts';
import type { RoomCore } from './RoomCore.ts';

/** One emoji and nothing else (https://www.unicode.org/reports/tr51/#def_rgi_set). */
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;

/** Throws INVALID_PARAMS. */
export function assertEmoji(emoji: string): void {
  if (!ONE_EMOJI.test(emoji))
    throw new ParleyError('INVALID_PARAMS', { details: { path: '/emoji', message: 'must be one emoji' } });
}

/** How people show that they want to say something: raised hands, the wish to unmute, reactions. */
export class Floor {
  readonly #room: RoomCore;
  #lastRaisedAt = 0;

  constructor(room: RoomCore) {
    this.#room = room;
  }

  raiseHand(participant: Participant): void {
    if (participant.raisedHandAt !== null) return;
    // Two hands in one millisecond have an order, too.
    const raisedHandAt = (this.#lastRaisedAt = Math.max(Date.now(), this.#lastRaisedAt + 1));
    this.#room.members.update(participant.identity, { raisedHandAt });
    participant.setRaisedHand(raisedHandAt);
  }

  /** One's own, that of another, or all. Throws PERMISSION_DENIED, PARTICIPANT_NOT_FOUND. */
  lowerHand(
    by: Participant,
    { participantId, all = false }: { participantId?: string; all?: boolean },
  ): void {
    const { roster } = this.#room;
    const others = all ? roster.visible : participantId === undefined ? [by] : [roster.get(participantId)];
    if (others.some((other) => other !== by) && !isHost(by.role)) throw new ParleyError('PERMISSION_DENIED');
    for (const other of others) {
      if (other.raisedHandAt === null) continue;
      this.#room.members.update(other.identity, { raisedHandAt: null });
      other.setRaisedHand(null);
      if (other !== by) this.#room.audit(by, 'participant.lowerHand', { to: other });
    }
  }

  /** Throws WRONG_STATE when they may unmute anyway. */
  requestUnmute(participant: Participant, withdraw: boolean): void {
    const { unmuting } = participant.info;
    if (unmuting === 'free') throw new ParleyError('WRONG_STATE');
    if ((unmuting === 'requested') !== withdraw) return;
    participant.setAsksToUnmute(!withdraw);
  }

  /** Throws INVALID_PARAMS. */
  react(participant: Participant, emoji: string): void {
    assertEmoji(emoji);
    const { participantId, breakoutId } = participant;
    this.#room.roster.tellIn(breakoutId, { method: 'participant.reacted', params: { participantId, emoji } });
  }
}
