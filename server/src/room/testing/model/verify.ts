/** Whether the real meeting is as the model says, and whether anybody was told what they should not know. */
import type { AnyNotification } from '@parley/protocol';
import { expect, vi } from 'vitest';
import type { Meeting } from './Meeting.ts';
import { roleOf, type MeetingModel, type PersonModel } from './MeetingModel.ts';
import type { Witness } from './Witness.ts';

/** What was true before a step: what somebody is told during it may belong to either side. */
export interface Before {
  zones: Map<string, number | null>;
  inside: Set<string>;
  admitting: Set<string>;
  breakoutsOpen: boolean;
  hosts: Set<string>;
  texts: Set<string>;
}

export function rememberOf(model: MeetingModel): Before {
  const identities = [...model.people.keys()];
  return {
    zones: new Map(model.present.map(({ identity, zone }) => [identity, zone])),
    inside: new Set(model.present.map(({ identity }) => identity)),
    admitting: new Set(identities.filter((identity) => model.mayAdmit(identity))),
    breakoutsOpen: model.breakouts.open,
    hosts: new Set(identities.filter((identity) => model.isHost(identity))),
    texts: new Set(),
  };
}

export async function verify(model: MeetingModel, meeting: Meeting, before: Before): Promise<void> {
  await vi.waitFor(() => expect(restOf(meeting)).toEqual(expectedRest(model)), {
    timeout: 3000,
    interval: 1,
  });
  expect(stateOf(meeting)).toEqual(expectedState(model, meeting));
  for (const witness of meeting.witnesses) {
    expect({ [witness.identity]: witness.wrongs }).toEqual({ [witness.identity]: [] });
    verifyConsumers(model, meeting, witness);
    for (const notification of witness.heard.splice(0))
      verifyHeard(notification, { model, meeting, before, one: model.get(witness.identity) });
  }
}

/** What takes a moment: the worker makes consumers, and a timer makes the successor. */
function restOf({ harness, room }: Meeting) {
  const consumers = harness.mediaRooms.reduce((sum, { load }) => sum + load.consumers, 0);
  return {
    consumers,
    admitting: room.roster.all
      .filter(({ permissions }) => permissions.canAdmit)
      .map(({ identity }) => identity)
      .sort(),
  };
}

const hears = (one: PersonModel, other: PersonModel): boolean =>
  one !== other && one.canSubscribe && other.publishing && one.zone === other.zone;

function expectedRest(model: MeetingModel) {
  const { present } = model;
  const consumers = present.flatMap((one) => present.filter((other) => hears(one, other))).length;
  const admitting = present.map(({ identity }) => identity).filter((identity) => model.mayAdmit(identity));
  return { consumers, admitting: admitting.sort() };
}

function stateOf({ room }: Meeting) {
  const byHand = room.roster.all.filter(({ raisedHandAt }) => raisedHandAt !== null);
  return {
    inside: room.roster.all.map(({ identity, role, breakoutId, connected, info }) => ({
      ...{ identity, role, breakoutId, connected },
      publishes: info.publications.length > 0,
    })),
    hands: byHand
      .sort((a, b) => Number(a.raisedHandAt) - Number(b.raisedHandAt))
      .map(({ identity }) => identity),
    count: room.info.numParticipants,
    waiting: room.lobby.people.map(({ identity, connection }) => ({ identity, connection })),
    banned: room.bans.all
      .map(({ identity, network }) => ({ identity, network: network !== null }))
      .sort((a, b) => a.identity.localeCompare(b.identity)),
    breakoutsOpen: room.breakouts.isOpen,
  };
}

function expectedState(model: MeetingModel, meeting: Meeting): ReturnType<typeof stateOf> {
  const { present } = model;
  const everybody = [...model.people.values()];
  return {
    inside: present.map((one) => ({
      identity: one.identity,
      role: roleOf(one),
      breakoutId: meeting.breakoutId(one.zone),
      connected: one.connected,
      publishes: one.publishing,
    })),
    hands: present
      .filter(({ hand }) => hand !== null)
      .sort((a, b) => Number(a.hand) - Number(b.hand))
      .map(({ identity }) => identity),
    count: present.length,
    waiting: model.queue.map((identity) => ({
      identity,
      connection: model.get(identity).connected ? 'connected' : 'interrupted',
    })),
    banned: everybody
      .filter(({ banned }) => banned)
      .map(({ identity, networkBanned }) => ({ identity, network: networkBanned }))
      .sort((a, b) => a.identity.localeCompare(b.identity)),
    breakoutsOpen: model.breakouts.open,
  };
}

function verifyConsumers(model: MeetingModel, meeting: Meeting, { identity, consumers }: Witness): void {
  const one = model.get(identity);
  const heard = [...consumers.values()].map((participantId) => meeting.owners.get(participantId)).sort();
  const expected = one.place === 'in' ? model.present.filter((other) => hears(one, other)) : [];
  expect({ [identity]: heard }).toEqual({ [identity]: expected.map((other) => other.identity).sort() });
}

interface Heard {
  model: MeetingModel;
  meeting: Meeting;
  before: Before;
  one: PersonModel;
}

function verifyHeard(notification: AnyNotification, context: Heard): void {
  const { method } = notification;
  const { one, before, model } = context;
  const { identity } = one;
  const said = `${identity} was told ${JSON.stringify(notification)}`;
  if (method.startsWith('knock.')) {
    expect(JSON.stringify(notification), said).not.toMatch(/"(PA|PU|MS|BR)_|text-|secret-room/);
    return;
  }
  if (method === 'lobby.updated' || method === 'room.notice')
    expect(before.admitting.has(identity) || model.mayAdmit(identity), said).toBe(true);
  for (const owner of ownersIn(notification, context)) expect(sharedPlace(owner, context), said).toBe(true);
  for (const text of JSON.stringify(notification).match(/text-\d+-/g) ?? [])
    expect(mayKnow(text, context), said).toBe(true);
  if (/secret-room/.test(JSON.stringify(notification))) expect(seesBreakouts(context), said).toBe(true);
}

/** Whose presence in a place, or whose media, is told of. */
function ownersIn({ method, params }: AnyNotification, { meeting }: Heard): string[] {
  const ids: string[] = [];
  if (method === 'participant.joined' || method === 'participant.updated')
    ids.push(params.participant.participantId);
  if (method === 'media.consumerCreated' || method === 'participant.reacted') ids.push(params.participantId);
  if (method === 'room.moved') ids.push(...params.participants.map(({ participantId }) => participantId));
  ids.push(...(JSON.stringify(params).match(/PU_[\w-]+/g) ?? []));
  // Publications that were made within this step are known afterwards.
  return ids.flatMap((id) => meeting.owners.get(id) ?? []);
}

const placesOf = (identity: string, { model, before }: Heard): (number | null)[] => {
  const { place, zone } = model.get(identity);
  const former = before.zones.get(identity);
  return [...(place === 'in' ? [zone] : []), ...(former === undefined ? [] : [former])];
};

function sharedPlace(other: string, context: Heard): boolean {
  const places = placesOf(other, context);
  return placesOf(context.one.identity, context).some((place) => places.includes(place));
}

function mayKnow(text: string, context: Heard): boolean {
  const { model, one, before } = context;
  if (before.texts.has(text)) return true;
  const message = model.messages.find((candidate) => candidate.text === text);
  return (
    message !== undefined &&
    !message.deleted &&
    placesOf(one.identity, context).some((zone) => model.mayRead(one, message, zone))
  );
}

function seesBreakouts({ model, before, one: { identity } }: Heard): boolean {
  const isIn = before.inside.has(identity) || model.get(identity).place === 'in';
  const isHost = before.hosts.has(identity) || model.isHost(identity);
  return isIn && (isHost || model.breakouts.open || before.breakoutsOpen);
}
