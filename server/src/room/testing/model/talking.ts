import { expect } from 'vitest';
import type { ChatMessage } from '@parley/protocol';
import type { Meeting } from './Meeting.ts';
import { isHostRole, roleOf, type MeetingModel, type MessageModel } from './MeetingModel.ts';
import type { Planner } from './Step.ts';

const isIn = (model: MeetingModel, who: string): boolean => model.get(who).place === 'in';

/** A message that exists no more cannot be named. */
function messageAt(
  model: MeetingModel,
  index: number,
): { number: number; message: MessageModel | undefined } {
  const number = model.messages.length === 0 ? 0 : index % model.messages.length;
  return { number, message: model.messages[number] };
}

/** `to` is null for everybody. */
export const say =
  (who: string, to: string | null): Planner =>
  (model) => {
    const one = model.get(who);
    const { privateChat } = model.settings;
    const mayPrivately =
      isHostRole(roleOf(one)) ||
      privateChat === 'everyone' ||
      (privateChat === 'withHosts' && to !== null && isHostRole(roleOf(model.get(to))));
    const done = isIn(model, who) && (to === null || (isIn(model, to) && mayPrivately));
    const text = model.newText();
    if (done) {
      const zone = to === null ? one.zone : null;
      model.messages.push({ from: who, to, zone, text, deleted: false, cleared: false });
    }
    const receivers = model.present.filter(({ identity, zone }) =>
      to === null ? zone === one.zone : identity === who || identity === to,
    );
    return {
      done,
      act: async (meeting) => {
        const message = await meeting.perform(who, 'chat.send', (actor, room) =>
          room.chat.send(actor, { text, ...(to !== null && { to: meeting.participantId(to) }) }),
        );
        meeting.messageIds.push(message.messageId);
      },
      after: (meeting) => {
        if (done) expect(whoHeard(meeting, text)).toEqual(receivers.map(({ identity }) => identity).sort());
      },
    };
  };

/** Each as often as they were told. */
function whoHeard({ witnesses }: Meeting, text: string): string[] {
  return witnesses
    .flatMap(({ identity, heard }) =>
      heard.flatMap(({ method, params }) =>
        method === 'chat.message' && params.message.text === text ? [identity] : [],
      ),
    )
    .sort();
}

/** Whether somebody may do something about a message that they may read. */
const isThere = (
  model: MeetingModel,
  who: string,
  message: MessageModel | undefined,
): message is MessageModel =>
  message !== undefined && !message.deleted && isIn(model, who) && model.mayRead(model.get(who), message);

export const edit =
  (who: string, index: number): Planner =>
  (model) => {
    const { number, message } = messageAt(model, index);
    const done = isThere(model, who, message) && message.from === who;
    const text = model.newText();
    if (done) message.text = text;
    return {
      done,
      act: (meeting) =>
        meeting.perform(who, 'chat.edit', (actor, room) =>
          room.chat.edit(actor, { messageId: meeting.messageIds[number] ?? 'MS_none', text }),
        ),
    };
  };

export const deleteMessage =
  (who: string, index: number): Planner =>
  (model) => {
    const { number, message } = messageAt(model, index);
    const done = isThere(model, who, message) && (message.from === who || isHostRole(roleOf(model.get(who))));
    if (done) message.deleted = true;
    return {
      done,
      act: (meeting) =>
        meeting.perform(who, 'chat.delete', (actor, room) =>
          room.chat.delete(actor, meeting.messageIds[number] ?? 'MS_none'),
        ),
    };
  };

export const reactTo =
  (who: string, index: number, on: boolean): Planner =>
  (model) => {
    const { number, message } = messageAt(model, index);
    return {
      done: isThere(model, who, message),
      act: (meeting) =>
        meeting.perform(who, 'chat.react', (actor, room) =>
          room.chat.react(actor, { messageId: meeting.messageIds[number] ?? 'MS_none', emoji: '👍', on }),
        ),
    };
  };

export const clearChat =
  (by: string): Planner =>
  (model) => {
    const done = model.isHost(by);
    if (done) for (const message of model.messages) if (message.to === null) message.cleared = true;
    return {
      done,
      act: (meeting) => meeting.perform(by, 'chat.clear', (actor, room) => room.chat.clear(actor)),
    };
  };

/** Everything that they may read, and nothing else, in the order in which it was sent. */
export const readHistory =
  (who: string): Planner =>
  (model) => {
    const one = model.get(who);
    const done = one.place === 'in';
    const readable = model.messages.filter((message) => model.mayRead(one, message));
    let seen: ChatMessage[] = [];
    return {
      done,
      act: async (meeting) => {
        const page = await meeting.perform(who, 'chat.history', (actor, room) =>
          room.chat.history(actor, { limit: 100 }),
        );
        seen = page.messages;
      },
      after: () => {
        if (!done) return;
        const expected = readable.slice(-100).map(({ text, deleted }) => (deleted ? '' : text));
        expect(seen.map(({ text }) => text)).toEqual(expected);
      },
    };
  };

export const publish =
  (who: string): Planner =>
  (model) => {
    const one = model.get(who);
    const done = one.place === 'in' && !one.publishing && roleOf(one) !== 'viewer';
    if (done) one.publishing = true;
    return { done, act: (meeting) => meeting.publish(who) };
  };

export const unpublish =
  (who: string): Planner =>
  (model) => {
    const one = model.get(who);
    const done = one.publishing;
    one.publishing = false;
    return { done, act: (meeting) => meeting.unpublish(who) };
  };
