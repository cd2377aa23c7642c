import { expect } from 'vitest';
import { isHostRole, roleOf, type MeetingModel, type PersonModel } from './MeetingModel.ts';
import type { Planner } from './Step.ts';

/** A room that was made at some time, whether or not it is still there. */
const numberOf = ({ roomsMade }: MeetingModel, index: number | null): number | null =>
  index === null ? null : index % Math.max(1, roomsMade);
const exists = ({ breakouts }: MeetingModel, room: number | null): boolean =>
  room === null || breakouts.rooms.has(room);

export const create =
  (by: string, count: number): Planner =>
  (model) => {
    const done = model.isHost(by);
    const names = Array.from({ length: count }, (_, index) => `secret-room ${model.roomsMade + index}`);
    if (done)
      for (let made = 0; made < count; made += 1) {
        model.breakouts.rooms.add(model.roomsMade);
        model.roomsMade += 1;
      }
    return {
      done,
      act: async (meeting) => {
        const ids = await meeting.perform(by, 'breakout.create', (actor, room) =>
          room.breakouts.create(actor, names),
        );
        meeting.breakoutIds.push(...ids);
      },
    };
  };

export const remove =
  (by: string, index: number): Planner =>
  (model) => {
    const room = numberOf(model, index);
    const done = model.isHost(by) && room !== null && model.breakouts.rooms.has(room);
    if (done) {
      model.breakouts.rooms.delete(room);
      for (const one of model.people.values()) {
        if (one.assigned === room) one.assigned = null;
        if (one.zone === room) one.zone = null;
      }
    }
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'breakout.delete', (actor, { breakouts }) =>
          breakouts.delete(actor, meeting.breakoutId(room) ?? 'BR_none'),
        ),
    };
  };

function assignTo(model: MeetingModel, one: PersonModel, room: number | null): void {
  one.assigned = room;
  if (model.breakouts.open && one.place === 'in') one.zone = room;
}

export const assign =
  (by: string, whom: string, index: number | null): Planner =>
  (model) => {
    const room = numberOf(model, index);
    const done = model.isHost(by) && exists(model, room);
    if (done) assignTo(model, model.get(whom), room);
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'breakout.assign', (actor, { breakouts }) =>
          breakouts.assign(actor, [{ identity: whom, breakoutId: meeting.breakoutId(room) }]),
        ),
    };
  };

/** Where chance sends them is seen afterwards: evenly, and hosts stay where they are. */
export const assignRandomly =
  (by: string): Planner =>
  (model) => {
    const { rooms } = model.breakouts;
    const done = model.isHost(by) && rooms.size > 0;
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'breakout.assignRandomly', (actor, { breakouts }) =>
          breakouts.assignRandomly(actor),
        ),
      after: (meeting) => {
        if (!done) return;
        const sizes = new Map([...rooms].map((room) => [room, 0]));
        for (const one of model.present.filter((other) => !isHostRole(roleOf(other)))) {
          const { breakoutId } = meeting.room.members.get(one.identity);
          const room = meeting.breakoutIds.indexOf(breakoutId ?? '');
          assignTo(model, one, room);
          sizes.set(room, (sizes.get(room) ?? Infinity) + 1);
        }
        expect(Math.max(...sizes.values()) - Math.min(...sizes.values())).toBeLessThanOrEqual(1);
      },
    };
  };

export const open =
  (by: string, choosing: boolean): Planner =>
  (model) => {
    const { breakouts } = model;
    const done = model.isHost(by) && !breakouts.open && breakouts.rooms.size > 0;
    if (done) {
      Object.assign(breakouts, { open: true, choosing });
      for (const one of model.present) one.zone = one.assigned;
    }
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'breakout.open', (actor, room) => room.breakouts.open(actor, { choosing })),
    };
  };

export const close =
  (by: string): Planner =>
  (model) => {
    const done = model.isHost(by) && model.breakouts.open;
    if (done) {
      model.breakouts.open = false;
      for (const one of model.present) one.zone = null;
    }
    return {
      done,
      act: (meeting) => meeting.perform(by, 'breakout.close', (actor, room) => room.breakouts.close(actor)),
    };
  };

export const visit =
  (who: string, index: number | null): Planner =>
  (model) => {
    const one = model.get(who);
    const room = numberOf(model, index);
    const isHost = isHostRole(roleOf(one));
    const { open: areOpen, choosing } = model.breakouts;
    const mayGo = isHost || choosing || room === null || room === one.assigned;
    const done = one.place === 'in' && areOpen && exists(model, room) && mayGo;
    if (done) {
      if (!isHost && room !== null) one.assigned = room;
      one.zone = room;
    }
    return {
      done,
      act: (meeting) =>
        meeting.perform(who, 'breakout.visit', (actor, { breakouts }) =>
          breakouts.visit(actor, meeting.breakoutId(room)),
        ),
    };
  };

export const broadcast =
  (by: string): Planner =>
  (model, before) => {
    const done = model.isHost(by);
    const text = model.newText();
    if (done) before.texts.add(text);
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'breakout.broadcast', (actor, room) => room.breakouts.broadcast(actor, text)),
    };
  };
