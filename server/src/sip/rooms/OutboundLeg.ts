import type { LegEnd } from '@parley/protocol/phoneProcess';
import type { Room } from '../../room/Room.ts';
import type { Call } from './Call.ts';
import { grantsOf, networkOfCall } from './grants.ts';
import type { LegEvent } from './Leg.ts';
import { RoomLeg, type RoomLegTools } from './RoomLeg.ts';

/** Who waits for whom is called. */
export interface OutboundWatcher {
  answered(): void;
  ended(end: LegEnd): void;
}

/** Where whoever is called comes to; or as whom they speak. */
export interface Into {
  room: string;
  breakoutId: string | null;
  participantId: string | null;
  watcher?: OutboundWatcher;
}

/** A call that was made from a room: who answers comes in, and what their line sends before is heard there. */
export class OutboundLeg extends RoomLeg {
  readonly #watcher: OutboundWatcher | undefined;
  readonly #tools: RoomLegTools;
  readonly #into: Into;

  constructor(call: Call, into: Into, tools: RoomLegTools) {
    super(call, tools);
    this.#into = into;
    this.#watcher = into.watcher;
    this.#tools = tools;
  }

  override handle(event: LegEvent): void {
    super.handle(event);
    if (event.type === 'ended') this.#watcher?.ended(event.end);
  }

  protected override answered(): void {
    this.#enter();
    this.#watcher?.answered();
  }

  protected override sounds(): void {
    // A computer falls silent when its phone is there, and not before.
    if (this.#into.participantId === null) this.#enter();
  }

  #enter(): void {
    if (this.visit) return;
    const { breakoutId, participantId } = this.#into;
    const room = this.#tools.findRoom(this.#into.room);
    if (!room) return this.call.hangUp('server', 'The meeting has ended.', 'meeting-ended');
    if (participantId !== null) return this.#speakFor(room, participantId);
    const identity = this.freeIdentity(room.name);
    // Whoever was called was asked to come: neither lobby nor lock keeps them out, and they come to who called.
    room.members.update(identity, { admission: 'admitted', ...(breakoutId !== null && { breakoutId }) });
    const { displayName } = this.call.shown;
    const caller = { room: room.name, identity, displayName, role: 'participant' } as const;
    this.begin({ grants: grantsOf(this.call, caller), network: networkOfCall(this.call) }, null);
  }

  #speakFor(room: Room, participantId: string): void {
    const participant = room.roster.all.find((one) => one.participantId === participantId);
    if (!participant || participant.info.phone)
      this.call.hangUp('server', 'Whoever was to speak by the phone is not in the meeting.', 'goodbye');
    else this.speakFor({ participant, room });
  }
}
