import { ParleyError, type BreakoutRoom, type BreakoutState, type MethodParams } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import { isHost } from '../auth/permissions.ts';
import { newId } from '../util/ids.ts';
import { EndTimer } from './EndTimer.ts';
import type { Participant } from './Participant.ts';
import type { ItemKind } from './ports.ts';
import { personOf } from './actors.ts';
import type { RoomCore } from './RoomCore.ts';
import { spreadEvenly } from './spreadEvenly.ts';

const MAX_BREAKOUTS = 100;

const BreakoutsRecord = Type.Object({
  open: Type.Boolean(),
  choosing: Type.Boolean(),
  endsAt: Type.Union([Type.Integer(), Type.Null()]),
  rooms: Type.Array(
    Type.Object({
      breakoutId: Type.String(),
      name: Type.String(),
      helpAskedAt: Type.Union([Type.Integer(), Type.Null()]),
    }),
  ),
});
type BreakoutsRecord = Static<typeof BreakoutsRecord>;
const BREAKOUTS: ItemKind<typeof BreakoutsRecord> = {
  kind: 'breakouts',
  schema: BreakoutsRecord,
  lasting: false,
};
const NONE: BreakoutsRecord = { open: false, choosing: false, endsAt: null, rooms: [] };

/**
 * The breakout rooms of a room. Where somebody belongs is remembered by identity, so that late comers and those who dropped
 * out land where they belong; where they are is known to the participant.
 */
export class BreakoutRooms {
  readonly #room: RoomCore;
  readonly #timer: EndTimer;
  #record: BreakoutsRecord;

  constructor(room: RoomCore) {
    this.#room = room;
    this.#record = room.stores.items.load(room.roomId, BREAKOUTS).get('') ?? NONE;
    this.#timer = new EndTimer({
      warn: (endsAt) =>
        room.roster.tellAll({ method: 'room.endingSoon', params: { endsAt, what: 'breakouts' } }),
      over: () => void room.run(() => this.#close(null)),
    });
    if (this.#record.open) this.#timer.set(this.#record.endsAt);
  }

  get isOpen(): boolean {
    return this.#record.open;
  }

  get ids(): string[] {
    return this.#record.rooms.map(({ breakoutId }) => breakoutId);
  }

  /** Where somebody who comes now lands. */
  placeOf(identity: string): string | null {
    const { breakoutId } = this.#room.members.get(identity);
    return this.#record.open && this.#find(breakoutId) ? breakoutId : null;
  }

  nameOf(breakoutId: string | null): string {
    return this.#find(breakoutId)?.name ?? '';
  }

  /** As this participant may see it; null where there are none for them. */
  stateFor(participant: Participant): BreakoutState | null {
    const { open, choosing, endsAt, rooms } = this.#record;
    const seesAll = isHost(participant.role);
    if (rooms.length === 0 || (!open && !seesAll)) return null;
    const peopleIn = (breakoutId: string | null) =>
      this.#room.roster
        .peopleIn(breakoutId)
        .map(({ participantId, identity, displayName }) => ({ participantId, identity, displayName }));
    return {
      open,
      choosing,
      endsAt,
      main: peopleIn(null),
      rooms: rooms.map((room): BreakoutRoom => ({
        ...room,
        people: peopleIn(room.breakoutId),
        assigned: seesAll ? this.#assignedTo(room.breakoutId) : [],
      })),
    };
  }

  /** Throws LIMIT_REACHED. */
  create(by: Participant, names: readonly string[]): string[] {
    if (this.#record.rooms.length + names.length > MAX_BREAKOUTS)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'breakouts', max: MAX_BREAKOUTS } });
    const made = names.map((name) => ({ breakoutId: newId('BR'), name: name.trim(), helpAskedAt: null }));
    this.#save({ rooms: [...this.#record.rooms, ...made] });
    this.#room.audit(by, 'breakout.create', { details: { names } });
    return made.map(({ breakoutId }) => breakoutId);
  }

  /** Throws BREAKOUT_NOT_FOUND. */
  rename(by: Participant, { breakoutId, name }: { breakoutId: string; name: string }): void {
    this.#change(breakoutId, { name: name.trim() });
    this.#room.audit(by, 'breakout.rename', { details: { breakoutId, name } });
  }

  /** Throws BREAKOUT_NOT_FOUND. */
  delete(by: Participant, breakoutId: string): void {
    this.#get(breakoutId);
    this.#record = {
      ...this.#record,
      rooms: this.#record.rooms.filter((room) => room.breakoutId !== breakoutId),
    };
    for (const identity of this.#assignedTo(breakoutId))
      this.#room.members.update(identity, { breakoutId: null });
    this.#bringHome(breakoutId);
    this.#save({});
    this.#room.audit(by, 'breakout.delete', { details: { breakoutId } });
  }

  /** Throws BREAKOUT_NOT_FOUND; then nothing was changed. */
  assign(by: Participant, assignments: MethodParams<'breakout.assign'>['assignments']): void {
    for (const { breakoutId } of assignments) if (breakoutId !== null) this.#get(breakoutId);
    for (const { identity, breakoutId } of assignments) this.#assign(identity, breakoutId);
    this.#room.audit(by, 'breakout.assign', { details: { assignments } });
    this.#save({});
  }

  /** Throws WRONG_STATE when there are no breakout rooms. */
  assignRandomly(by: Participant): void {
    const { rooms } = this.#record;
    if (rooms.length === 0) throw new ParleyError('WRONG_STATE');
    const people = this.#room.roster.visiblePeople.filter(({ role }) => !isHost(role));
    const places = spreadEvenly(
      people.map(({ identity }) => identity),
      rooms.map(({ breakoutId }) => breakoutId),
    );
    for (const [identity, breakoutId] of places) this.#assign(identity, breakoutId);
    this.#room.audit(by, 'breakout.assignRandomly');
    this.#save({});
  }

  /** Throws WRONG_STATE when there are none, or they are open. */
  open(by: Participant, { seconds, choosing = false }: MethodParams<'breakout.open'>): void {
    if (this.#record.open || this.#record.rooms.length === 0) throw new ParleyError('WRONG_STATE');
    const endsAt = seconds === undefined ? null : Date.now() + seconds * 1000;
    this.#record = { ...this.#record, open: true, choosing, endsAt };
    const breakouts = this.#record.rooms.map(({ breakoutId, name }) => ({ breakoutId, name }));
    this.#room.events.tell({ type: 'breakoutsOpened', breakouts, endsAt, by: personOf(by) });
    for (const participant of this.#room.roster.all)
      this.#room.move(participant, this.placeOf(participant.identity), 'assigned');
    this.#timer.set(endsAt);
    this.#save({});
    this.#room.audit(by, 'breakout.open', { details: { seconds: seconds ?? null, choosing } });
  }

  /** Throws WRONG_STATE when they are not open. */
  setTime(by: Participant, seconds: number): void {
    if (!this.#record.open) throw new ParleyError('WRONG_STATE');
    const endsAt = seconds === 0 ? null : Date.now() + seconds * 1000;
    this.#timer.set(endsAt);
    this.#save({ endsAt });
    this.#room.audit(by, 'breakout.setTime', { details: { seconds } });
  }

  /** Throws WRONG_STATE when they are not open. */
  close(by: Participant): void {
    if (!this.#record.open) throw new ParleyError('WRONG_STATE');
    this.#close(by);
    this.#room.audit(by, 'breakout.close');
  }

  /**
   * Hosts and recorders go anywhere; others where people may choose, and between there and the main room. Throws WRONG_STATE when they are
   * not open, PERMISSION_DENIED, BREAKOUT_NOT_FOUND.
   */
  visit(participant: Participant, breakoutId: string | null): void {
    if (!this.#record.open) throw new ParleyError('WRONG_STATE');
    const isOwn = breakoutId === this.#room.members.get(participant.identity).breakoutId;
    const goesAnywhere = isHost(participant.role) || participant.isRecorder || this.#record.choosing;
    if (!goesAnywhere && !isOwn && breakoutId !== null) throw new ParleyError('PERMISSION_DENIED');
    if (breakoutId !== null) this.#get(breakoutId);
    // A choice holds when they drop out; the visit of a host is but a visit.
    if (!isHost(participant.role) && breakoutId !== null)
      this.#room.members.update(participant.identity, { breakoutId });
    this.#room.move(participant, breakoutId, 'own');
    if (isHost(participant.role) && breakoutId !== null) this.#change(breakoutId, { helpAskedAt: null });
    else this.#room.stateChanged();
  }

  broadcast(by: Participant, text: string): void {
    this.#room.roster.tellAll({ method: 'breakout.message', params: { text, from: by.displayName } });
    this.#room.audit(by, 'breakout.broadcast', { details: { text } });
  }

  /** Throws WRONG_STATE in the main room. */
  askForHelp({ breakoutId }: Participant, withdraw: boolean): void {
    if (breakoutId === null) throw new ParleyError('WRONG_STATE');
    const { helpAskedAt } = this.#get(breakoutId);
    this.#change(breakoutId, { helpAskedAt: withdraw ? null : (helpAskedAt ?? Date.now()) });
  }

  /** The meeting has ended. */
  clear(): void {
    this.#timer.set(null);
    this.#record = NONE;
  }

  stop(): void {
    this.#timer.set(null);
  }

  #close(by: Participant | null): void {
    if (!this.#record.open) return;
    this.#timer.set(null);
    this.#record = {
      ...this.#record,
      open: false,
      endsAt: null,
      rooms: this.#record.rooms.map((room) => ({ ...room, helpAskedAt: null })),
    };
    for (const participant of this.#room.roster.all) this.#room.move(participant, null, 'closed');
    this.#save({});
    this.#room.events.tell({ type: 'breakoutsClosed', by: by && personOf(by) });
  }

  #bringHome(breakoutId: string): void {
    for (const participant of this.#room.roster.all)
      if (participant.breakoutId === breakoutId) this.#room.move(participant, null, 'closed');
  }

  #assign(identity: string, breakoutId: string | null): void {
    this.#room.members.update(identity, { breakoutId });
    const participant = this.#record.open ? this.#room.roster.findByIdentity(identity) : undefined;
    if (participant) this.#room.move(participant, breakoutId, 'assigned');
  }

  #assignedTo(breakoutId: string): string[] {
    return [...this.#room.members.all].flatMap(([identity, member]) =>
      member.breakoutId === breakoutId ? [identity] : [],
    );
  }

  #change(breakoutId: string, change: Partial<BreakoutsRecord['rooms'][number]>): void {
    this.#get(breakoutId);
    this.#save({
      rooms: this.#record.rooms.map((room) =>
        room.breakoutId === breakoutId ? { ...room, ...change } : room,
      ),
    });
  }

  #save(change: Partial<BreakoutsRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#room.stores.items.save(this.#room.roomId, BREAKOUTS, { key: '', value: this.#record });
    this.#room.stateChanged();
  }

  #find(breakoutId: string | null): BreakoutsRecord['rooms'][number] | undefined {
    return this.#record.rooms.find((room) => room.breakoutId === breakoutId);
  }

  #get(breakoutId: string): BreakoutsRecord['rooms'][number] {
    const room = this.#find(breakoutId);
    if (!room) throw new ParleyError('BREAKOUT_NOT_FOUND');
    return room;
  }
}
