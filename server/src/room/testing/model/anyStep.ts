import { LOBBY_POLICIES } from '@parley/protocol';
import fc from 'fast-check';
import * as breakout from './breakingOut.ts';
import { connection, crash, join, leave } from './comingAndGoing.ts';
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
  lobby: fc.constantFrom(...LOBBY_POLICIES),
  chatHistory: fc.constantFrom('all', 'sinceJoined'),
  privateChat: fc.constantFrom('everyone', 'withHosts', 'nobody'),
  duplicateIdentity: fc.constantFrom('replace', 'refuse'),
});
const anyChange = anySettings.chain((settings) =>
  fc
    .constantFrom(...(Object.keys(settings) as (keyof ModelSettings)[]))
    .map((key) => ({ [key]: settings[key] })),
);

/** A step that is called what it is, for the report of a counterexample. */
function step<T extends unknown[]>(
  name: string,
  plan: (...args: T) => Planner,
  ...args: { [K in keyof T]: fc.Arbitrary<T[K]> }
): fc.Arbitrary<Step> {
  return fc
    .tuple<T>(...args)
    .map(
      (values) =>
        new Step(`${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`, plan(...values)),
    );
}

/** Each as often as it stands here. */
export const anySteps: fc.Arbitrary<Step>[] = [
  ...Array.from({ length: 6 }, () => step('join', join, who, yes)),
  step('leave', leave, who, fc.constantFrom('left', 'connectionLost')),
  step('connection', connection, who, fc.constantFrom('connected', 'interrupted')),
  step('connection', connection, by, fc.constantFrom('connected', 'interrupted')),
  step('crash', crash),
  step('admit', hosting.admit, by, who),
  step('admitAll', hosting.admitAll, by),
  step('deny', hosting.deny, by, who, yes),
  step('sendToLobby', hosting.sendToLobby, by, who),
  step('remove', hosting.remove, by, who, yes),
  step('banAnywhere', hosting.banAnywhere, who),
  step('liftBan', hosting.liftBan, who),
  step('liftBan', hosting.liftBan, who),
  step('setRole', hosting.setRole, by, who, fc.constantFrom('owner', 'host', 'participant', 'viewer')),
  step('update', hosting.update, by, anyChange),
  fc.oneof(
    { weight: 3, arbitrary: step('raiseHand', hosting.raiseHand, who) },
    { weight: 1, arbitrary: step('end', hosting.end, by) },
  ),
  step('raiseHand', hosting.raiseHand, who),
  step('lowerHand', hosting.lowerHand, by, fc.oneof(who, fc.constant('all'))),
  step('breakout.create', breakout.create, by, fc.integer({ min: 1, max: 3 })),
  step('breakout.delete', breakout.remove, by, index),
  step('breakout.assign', breakout.assign, by, who, place),
  step('breakout.assign', breakout.assign, by, who, place),
  step('breakout.assignRandomly', breakout.assignRandomly, by),
  step('breakout.open', breakout.open, by, yes),
  step('breakout.open', breakout.open, by, yes),
  step('breakout.close', breakout.close, by),
  step('breakout.visit', breakout.visit, who, place),
  step('breakout.visit', breakout.visit, by, place),
  step('breakout.broadcast', breakout.broadcast, by),
  step('say', talking.say, who, fc.constant(null)),
  step('say', talking.say, who, fc.option(who)),
  step('say', talking.say, who, who),
  step('edit', talking.edit, who, index),
  step('delete', talking.deleteMessage, by, index),
  step('reactTo', talking.reactTo, who, index, yes),
  fc.oneof(
    { weight: 3, arbitrary: step('history', talking.readHistory, who) },
    { weight: 1, arbitrary: step('clear', talking.clearChat, by) },
  ),
  step('history', talking.readHistory, who),
  ...Array.from({ length: 3 }, () => step('publish', talking.publish, who)),
  step('unpublish', talking.unpublish, who),
];
