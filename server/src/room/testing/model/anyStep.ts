import { LOBBY_POLICIES } from '@parley/protocol';
import fc from 'fast-check';
import * as breakout from './breakingOut.ts';
import { connection, crash, everybodyComes, join, leave } from './comingAndGoing.ts';
import * as hosting from './hosting.ts';
import { IDENTITIES, type ModelSettings } from './MeetingModel.ts';
import { Step, type Planner } from './Step.ts';
import * as talking from './talking.ts';

const who = fc.constantFrom(...IDENTITIES);
/** Hosts are asked more often: others may do little. */
const by = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('olga', 'hanna') },
  { weight: 2, arbitrary: who },
);
const yes = fc.boolean();
const index = fc.nat({ max: 7 });
const place = fc.option(fc.nat({ max: 3 }));

export const anySettings: fc.Arbitrary<ModelSettings> = fc.record({
  lobby: fc.constantFrom(...LOBBY_POLICIES, 'off', 'guests', 'notHosts'),
  chatHistory: fc.constantFrom('all', 'sinceJoined'),
  privateChat: fc.constantFrom('everyone', 'withHosts', 'nobody'),
  duplicateIdentity: fc.constantFrom('replace', 'refuse'),
});
const anyChange = anySettings.chain((settings) =>
  fc
    .constantFrom(...(Object.keys(settings) as (keyof ModelSettings)[]))
    .map((key) => ({ [key]: settings[key] })),
);

/** A step that is called what it is, for the report of a counterexample. One in twelve is tried though it will
 * be refused, and all who knock though they are banned. */
function step<T extends unknown[]>(
  name: string,
  plan: (...args: T) => Planner,
  ...args: { [K in keyof T]: fc.Arbitrary<T[K]> }
): fc.Arbitrary<Step> {
  const insists = fc.nat({ max: 11 }).map((chance) => chance === 0 || name === 'join');
  return fc.tuple(fc.tuple<T>(...args), insists).map(([values, insisting]) => {
    const shown = values.map((value) => JSON.stringify(value)).join(', ');
    return new Step(`${name}(${shown})`, plan(...values), insisting);
  });
}

const connected = fc.constantFrom('connected' as const, 'interrupted' as const);
const role = fc.constantFrom('owner' as const, 'host' as const, 'participant' as const, 'viewer' as const);

/** How often each is chosen, compared with the others. */
const WEIGHTED: [number, fc.Arbitrary<Step>][] = [
  [20, step('join', join, who, yes)],
  [5, step('everybodyComes', everybodyComes)],
  [2, step('leave', leave, who, fc.constantFrom('left', 'connectionLost'))],
  [5, step('connection', connection, who, connected)],
  [2, step('crash', crash)],
  [12, step('admit', hosting.admit, by, who)],
  [4, step('admitAll', hosting.admitAll, by)],
  [3, step('deny', hosting.deny, by, who, yes)],
  [6, step('sendToLobby', hosting.sendToLobby, by, who)],
  [3, step('remove', hosting.remove, by, who, yes)],
  [1, step('banAnywhere', hosting.banAnywhere, fc.constantFrom('bob', 'vic', 'gus', 'gil'))],
  [12, step('liftBan', hosting.liftBan, who)],
  [8, step('setRole', hosting.setRole, by, who, role)],
  [6, step('update', hosting.update, by, anyChange)],
  [1, step('end', hosting.end, by)],
  [8, step('raiseHand', hosting.raiseHand, who)],
  [3, step('lowerHand', hosting.lowerHand, by, fc.oneof(who, fc.constant('all')))],
  [6, step('breakout.create', breakout.create, by, fc.integer({ min: 1, max: 3 }))],
  [4, step('breakout.delete', breakout.remove, by, index)],
  [16, step('breakout.assign', breakout.assign, by, who, place)],
  [8, step('breakout.assignRandomly', breakout.assignRandomly, by)],
  [20, step('breakout.open', breakout.open, by, yes)],
  [5, step('breakout.close', breakout.close, by)],
  [24, step('breakout.visit', breakout.visit, who, place)],
  [2, step('breakout.broadcast', breakout.broadcast, by)],
  [16, step('say', talking.say, who, fc.constant(null))],
  [16, step('say', talking.say, who, fc.option(who))],
  [16, step('edit', talking.edit, who, index)],
  [10, step('delete', talking.deleteMessage, who, index)],
  [14, step('reactTo', talking.reactTo, who, index, yes)],
  [1, step('clear', talking.clearChat, by)],
  [8, step('history', talking.readHistory, who)],
  [24, step('publish', talking.publish, who)],
  [6, step('unpublish', talking.unpublish, who)],
];

export const anySteps = [fc.oneof(...WEIGHTED.map(([weight, arbitrary]) => ({ weight, arbitrary })))];
