import { isHostRole, roleOf } from './MeetingModel.ts';
import type { Planner } from './Step.ts';

/** In another tab when `newTab`, else with the session they have, if there is one. */
export const join =
  (who: string, newTab: boolean): Planner =>
  (model) => {
    const one = model.get(who);
    const tab = newTab || one.place === 'in';
    if (one.isGuest) one.networkKnown = true;
    const isTaken = one.place === 'in' && one.connected && model.settings.duplicateIdentity === 'refuse';
    if (model.isBanned(one) || isTaken)
      return {
        done: false,
        act: (meeting) => meeting.join(one, { newTab: tab, shouldEnter: false, replaces: false }),
      };
    const shouldEnter = !model.mustKnock(one);
    const replaces = one.place !== 'out';
    one.connected = true;
    if (shouldEnter) {
      // The former tab leaves first, and with it what was theirs only while they were there.
      if (one.place === 'in') model.depart(one);
      model.update();
      one.connected = true;
      model.enter(one);
    } else model.knock(one);
    return { done: true, act: (meeting) => meeting.join(one, { newTab: tab, shouldEnter, replaces }) };
  };

/** All who have no session come, one after the other. */
export const everybodyComes = (): Planner => (model, before) => {
  // Hosts come first: else there might be a successor in between, whom the model does not see.
  const absent = [...model.people.values()]
    .filter((one) => (one.place === 'out' || one.returning) && !model.isBanned(one))
    .sort((a, b) => Number(isHostRole(roleOf(b))) - Number(isHostRole(roleOf(a))));
  const plans = absent.map(({ identity }) => {
    const plan = join(identity, false)(model, before);
    model.update();
    return plan;
  });
  return {
    done: true,
    act: async (meeting) => {
      for (const { act } of plans) await act(meeting);
    },
  };
};

export const leave =
  (who: string, reason: 'left' | 'connectionLost'): Planner =>
  (model) => {
    const one = model.get(who);
    // A place that was kept through a crash has no session that could leave it.
    if (!one.returning) model.depart(one);
    return { done: true, act: (meeting) => meeting.leave(who, reason) };
  };

export const connection =
  (who: string, state: 'connected' | 'interrupted'): Planner =>
  (model) => {
    const one = model.get(who);
    if (one.place !== 'out' && !one.returning) one.connected = state === 'connected';
    return { done: true, act: (meeting) => meeting.setConnection(who, state) };
  };

export const crash = (): Planner => (model) => {
  model.crash();
  return { done: true, act: (meeting) => meeting.crash() };
};
