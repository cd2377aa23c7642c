import type { RoomState } from '@parley/protocol';
import { Type } from 'typebox';
import type { Participant } from './Participant.ts';
import type { ItemKind } from './ports.ts';
import type { RoomCore } from './RoomCore.ts';

const StageRecord = Type.Object({
  spotlight: Type.Array(Type.String(), { description: 'Identities, so that a reconnect does not end it.' }),
  timer: Type.Union([
    Type.Object({ label: Type.String(), startedAt: Type.Integer(), endsAt: Type.Integer() }),
    Type.Null(),
  ]),
});
const STAGE: ItemKind<typeof StageRecord> = { kind: 'stage', schema: StageRecord, lasting: false };

/** What hosts show everybody: who is in the spotlight, and a timer. */
export class Stage {
  readonly #room: RoomCore;
  #spotlight: string[];
  #timer: RoomState['timer'];

  constructor(room: RoomCore) {
    this.#room = room;
    const stored = room.stores.items.load(room.roomId, STAGE).get('');
    this.#spotlight = stored?.spotlight ?? [];
    this.#timer = stored?.timer ?? null;
  }

  get state(): Pick<RoomState, 'spotlight' | 'timer'> {
    const shown = this.#spotlight.flatMap(
      (identity) => this.#room.roster.findByIdentity(identity)?.participantId ?? [],
    );
    return { spotlight: shown, timer: this.#timer };
  }

  /** Throws PARTICIPANT_NOT_FOUND. */
  setSpotlight(by: Participant, participantIds: readonly string[]): void {
    const people = participantIds.map((participantId) => this.#room.roster.get(participantId));
    this.#spotlight = [...new Set(people.map(({ identity }) => identity))];
    this.#room.audit(by, 'room.spotlight', { details: { identities: this.#spotlight } });
    this.#changed();
  }

  setTimer(by: Participant, { seconds, label = '' }: { seconds: number; label?: string }): void {
    const startedAt = Date.now();
    this.#timer = seconds === 0 ? null : { label, startedAt, endsAt: startedAt + seconds * 1000 };
    this.#room.audit(by, 'room.setTimer', { details: { seconds, label } });
    this.#changed();
  }

  /** The meeting has ended. */
  clear(): void {
    this.#spotlight = [];
    this.#timer = null;
  }

  #changed(): void {
    const value = { spotlight: this.#spotlight, timer: this.#timer };
    this.#room.stores.items.save(this.#room.roomId, STAGE, { key: '', value });
    this.#room.stateChanged();
  }
}
