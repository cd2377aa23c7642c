import type { Role } from '@parley/protocol';
import {
  isHostRole,
  roleOf,
  type MeetingModel,
  type ModelSettings,
  type PersonModel,
} from './MeetingModel.ts';
import type { Planner } from './Step.ts';

/** Who was let in, or told to go, has a session or none; it is no longer in the lobby. */
function letIn(model: MeetingModel, one: PersonModel): void {
  model.depart(one);
  one.admission = 'admitted';
}

function mayActOn(model: MeetingModel, by: string, whom: string): boolean {
  const target = model.get(whom);
  if (!model.isHost(by) || target.place !== 'in') return false;
  return roleOf(model.get(by)) === 'owner' || roleOf(target) !== 'owner' || by === whom;
}

export const admit =
  (by: string, whom: string): Planner =>
  (model) => {
    const done = model.mayAdmit(by) && model.queue.includes(whom);
    if (done) letIn(model, model.get(whom));
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'lobby.admit', (actor, room) => room.lobby.admit(actor, meeting.knockId(whom))),
    };
  };

export const admitAll =
  (by: string): Planner =>
  (model) => {
    const done = model.mayAdmit(by);
    if (done) for (const identity of [...model.queue]) letIn(model, model.get(identity));
    return {
      done,
      act: (meeting) => meeting.perform(by, 'lobby.admitAll', (actor, room) => room.lobby.admitAll(actor)),
    };
  };

export const deny =
  (by: string, whom: string, ban: boolean): Planner =>
  (model) => {
    const one = model.get(whom);
    const done = model.mayAdmit(by) && one.place === 'lobby';
    if (done) model.depart(one);
    if (done && ban) model.ban(one);
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'lobby.deny', (actor, room) =>
          room.lobby.deny(actor, meeting.knockId(whom), ban),
        ),
    };
  };

export const sendToLobby =
  (by: string, whom: string): Planner =>
  (model) => {
    const one = model.get(whom);
    const done = mayActOn(model, by, whom) && by !== whom;
    if (done) {
      one.admission = 'sentBack';
      model.knock(one);
    }
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'participant.sendToLobby', (actor, room) =>
          room.moderation.sendToLobby(actor, meeting.participantId(whom)),
        ),
    };
  };

export const remove =
  (by: string, whom: string, ban: boolean): Planner =>
  (model) => {
    const one = model.get(whom);
    const done = mayActOn(model, by, whom) && by !== whom;
    if (done) removeFrom(model, one, ban);
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'participant.remove', (actor, room) =>
          room.moderation.remove(actor, { participantId: meeting.participantId(whom), ban }),
        ),
    };
  };

function removeFrom(model: MeetingModel, one: PersonModel, ban: boolean): void {
  model.depart(one);
  one.admission = 'none';
  one.messagesBefore = null;
  if (one.decidedRole !== null && isHostRole(one.decidedRole)) one.decidedRole = null;
  if (ban) model.ban(one);
}

/** By REST, wherever they are. */
export const banAnywhere =
  (whom: string): Planner =>
  (model) => {
    const one = model.get(whom);
    if (one.place === 'lobby') {
      model.depart(one);
      model.ban(one);
    } else if (one.place === 'in' || !one.banned) removeFrom(model, one, true);
    return { done: true, act: (meeting) => meeting.desk.ban(meeting.asIntegrator, whom) };
  };

export const liftBan =
  (whom: string): Planner =>
  (model) => {
    const one = model.get(whom);
    const done = one.banned;
    one.banned = one.networkBanned = false;
    return { done, act: (meeting) => meeting.desk.liftBan(meeting.asIntegrator, whom) };
  };

export const setRole =
  (by: string, whom: string, role: Role): Planner =>
  (model) => {
    const one = model.get(whom);
    const isOwner = model.isHost(by) && roleOf(model.get(by)) === 'owner';
    const done =
      model.isHost(by) && one.place === 'in' && (isOwner || (roleOf(one) !== 'owner' && role !== 'owner'));
    if (done) {
      if (roleOf(one) !== role) one.decidedRole = role;
      if (role === 'viewer') one.publishing = false;
    }
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'participant.setRole', (actor, room) =>
          room.moderation.setRole(actor, { participantId: meeting.participantId(whom), role }),
        ),
    };
  };

export const update =
  (by: string, change: Partial<ModelSettings>): Planner =>
  (model) => {
    const done = model.isHost(by);
    if (done) Object.assign(model.settings, change);
    return {
      done,
      act: (meeting) => meeting.perform(by, 'room.update', (actor, room) => room.update(actor, change)),
    };
  };

export const end =
  (by: string): Planner =>
  (model) => {
    const done = model.isHost(by);
    if (done) model.end();
    return { done, act: (meeting) => meeting.perform(by, 'room.end', (actor, room) => room.end(actor)) };
  };

export const raiseHand =
  (who: string): Planner =>
  (model) => {
    const one = model.get(who);
    const done = one.place === 'in';
    if (done) one.hand ??= model.next();
    return {
      done,
      act: (meeting) =>
        meeting.perform(who, 'participant.raiseHand', (actor, room) => room.floor.raiseHand(actor)),
    };
  };

/** `whom` is somebody, or `all`. */
export const lowerHand =
  (by: string, whom: string): Planner =>
  (model) => {
    const targets = whom === 'all' ? model.present : [model.get(whom)];
    const areIn = targets.every(({ place }) => place === 'in');
    const isOwn = targets.every(({ identity }) => identity === by);
    const done = model.get(by).place === 'in' && areIn && (isOwn || isHostRole(roleOf(model.get(by))));
    if (done) for (const target of targets) target.hand = null;
    return {
      done,
      act: (meeting) =>
        meeting.perform(by, 'participant.lowerHand', (actor, room) =>
          room.floor.lowerHand(
            actor,
            whom === 'all' ? { all: true } : { participantId: meeting.participantId(whom) },
          ),
        ),
    };
  };
