import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSettingsPatch } from '@parley/protocol';
import { RoomsHarness, type Joined } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterEach(() => harness.reset());
afterAll(() => harness.close());

const open = (settings: RoomSettingsPatch) => harness.rooms.createRoom({ name: 'demo', settings });
const host = () => harness.enter('hanna', { role: 'host' });
const id = ({ participant }: Joined) => participant.participantId;
const say = ({ room, participant }: Joined, text: string, more: object = {}) =>
  room.chat.send(participant, { text, ...more });
const heard = ({ ear }: Joined) => ear.of('chat.message').map(({ message }) => message.text);
const history = ({ room, participant }: Joined, page = {}) =>
  room.chat.history(participant, page).messages.map(({ text }) => text);
const coded = (code: string): unknown => expect.objectContaining({ code });

describe('chat', () => {
  it('reaches everybody, the sender too, in one order', async () => {
    const [ann, bob] = [await harness.enter('ann'), await harness.enter('bob')];
    const first = say(ann, 'one');
    const second = say(bob, 'two', { replyTo: first.messageId });
    expect(heard(ann)).toEqual(['one', 'two']);
    expect(heard(bob)).toEqual(['one', 'two']);
    expect(second.seq).toBeGreaterThan(first.seq);
    expect(second).toMatchObject({ replyTo: first.messageId, from: { identity: 'bob' }, to: null });
  });

  it('to one is read by the two and nobody else, also later', async () => {
    const [ann, bob, cat] = [
      await harness.enter('ann'),
      await harness.enter('bob'),
      await harness.enter('cat'),
    ];
    const { messageId } = say(ann, 'psst', { to: id(bob) });
    expect([heard(ann), heard(bob), heard(cat)]).toEqual([['psst'], ['psst'], []]);
    expect([history(ann), history(bob), history(cat)]).toEqual([['psst'], ['psst'], []]);
    for (const act of [
      () => cat.room.chat.react(cat.participant, { messageId, emoji: '👍', on: true }),
      () => cat.room.chat.delete(cat.participant, messageId),
      () => say(cat, 'me too', { replyTo: messageId }),
    ])
      expect(act).toThrow(coded('MESSAGE_NOT_FOUND'));
  });

  it('is edited by its sender, deleted by sender or host, and reacted to once by each', async () => {
    const [hanna, ann, bob] = [await host(), await harness.enter('ann'), await harness.enter('bob')];
    const { chat } = ann.room;
    const { messageId } = say(ann, 'helo');
    chat.edit(ann.participant, { messageId, text: 'hello' });
    expect(bob.ear.last('chat.updated')?.message).toMatchObject({
      text: 'hello',
      editedAt: expect.any(Number),
    });
    expect(() => chat.edit(bob.participant, { messageId, text: 'x' })).toThrow(coded('PERMISSION_DENIED'));
    for (const { participant } of [ann, bob, bob])
      chat.react(participant, { messageId, emoji: '👍', on: true });
    expect(bob.ear.last('chat.updated')?.message.reactions).toEqual([
      { emoji: '👍', identities: ['ann', 'bob'] },
    ]);
    for (const { participant } of [ann, bob]) chat.react(participant, { messageId, emoji: '👍', on: false });
    expect(bob.ear.last('chat.updated')?.message.reactions).toEqual([]);
    expect(() => chat.react(bob.participant, { messageId, emoji: 'ha', on: true })).toThrow(
      coded('INVALID_PARAMS'),
    );
    expect(() => chat.delete(bob.participant, messageId)).toThrow(coded('PERMISSION_DENIED'));
    chat.delete(hanna.participant, messageId);
    expect(ann.ear.last('chat.updated')?.message).toMatchObject({ text: '', deletedAt: expect.any(Number) });
    expect(() => chat.edit(ann.participant, { messageId, text: 'again' })).toThrow(
      coded('MESSAGE_NOT_FOUND'),
    );
  });

  it('is shown to late comers, all of it or since they came, as the room allows', async () => {
    await open({ chatHistory: 'all' });
    const ann = await harness.enter('ann');
    say(ann, 'before');
    const bob = await harness.enter('bob');
    expect(history(bob)).toEqual(['before']);
    await harness.rooms.updateRoom('demo', { chatHistory: 'sinceJoined' });
    say(ann, 'between');
    const cat = await harness.enter('cat');
    say(ann, 'after');
    expect(history(cat)).toEqual(['after']);
    expect(history(await host())).toEqual(['before', 'between', 'after']);
    // A reconnect takes nothing away.
    expect(history(await harness.enter('cat'))).toEqual(['after']);
  });

  it('comes in pages, newest last', async () => {
    const ann = await harness.enter('ann');
    const sent = Array.from({ length: 25 }, (_, number) => say(ann, `message ${number}`));
    const latest = ann.room.chat.history(ann.participant, { limit: 10 });
    expect(latest.messages.map(({ text }) => text)).toEqual(sent.slice(15).map(({ text }) => text));
    expect(latest.more).toBe(true);
    const before = latest.messages[0]?.seq ?? 0;
    const older = ann.room.chat.history(ann.participant, { limit: 15, before });
    expect(older.messages.map(({ text }) => text)).toEqual(sent.slice(0, 15).map(({ text }) => text));
    expect(older.more).toBe(false);
  });

  it('of a breakout room stays there', async () => {
    const [hanna, ann, bob] = [await host(), await harness.enter('ann'), await harness.enter('bob')];
    const [red = ''] = hanna.room.breakouts.create(hanna.participant, ['Red']);
    hanna.room.breakouts.assign(hanna.participant, [{ identity: 'ann', breakoutId: red }]);
    say(ann, 'in main');
    hanna.room.breakouts.open(hanna.participant, {});
    say(ann, 'in red');
    expect(heard(bob)).toEqual(['in main']);
    expect(history(bob)).toEqual(['in main']);
    expect(history(ann)).toEqual(['in main', 'in red']);
    hanna.room.breakouts.visit(hanna.participant, red);
    expect(history(hanna)).toEqual(['in red']);
    hanna.room.breakouts.close(hanna.participant);
    expect(history(hanna)).toEqual(['in main']);
  });

  it('is restricted and cleared by hosts', async () => {
    await open({ chatting: 'hosts', privateChat: 'withHosts' });
    const [hanna, ann, bob] = [await host(), await harness.enter('ann'), await harness.enter('bob')];
    expect(() => say(ann, 'hello')).toThrow(coded('PERMISSION_DENIED'));
    expect(() => say(ann, 'hello', { to: id(bob) })).toThrow(coded('PERMISSION_DENIED'));
    say(ann, 'a question', { to: id(hanna) });
    say(hanna, 'an answer', { to: id(ann) });
    say(hanna, 'to all');
    hanna.room.chat.clear(hanna.participant);
    expect(bob.ear.of('chat.cleared')).toHaveLength(1);
    expect(history(bob)).toEqual([]);
    expect(history(ann)).toEqual(['a question', 'an answer']);
    await harness.rooms.updateRoom('demo', { chatting: 'nobody' });
    expect(() => say(hanna, 'hello')).toThrow(coded('PERMISSION_DENIED'));
  });

  it('refuses what says nothing and what answers nothing', async () => {
    const ann = await harness.enter('ann');
    expect(() => say(ann, ' \n ')).toThrow(coded('INVALID_PARAMS'));
    expect(() => say(ann, 'x', { replyTo: 'MS_none' })).toThrow(coded('MESSAGE_NOT_FOUND'));
    expect(() => say(ann, 'x', { to: 'PA_none' })).toThrow(coded('PARTICIPANT_NOT_FOUND'));
  });

  it('survives that the server is started anew', async () => {
    const ann = await harness.enter('ann');
    say(ann, 'kept');
    harness.crash();
    expect(history(await harness.enter('ann'))).toEqual(['kept']);
  });
});

describe('polls', () => {
  const poll = (anonymous: boolean, multiple = false) => ({
    ...{ question: 'Tea?', options: ['yes', 'no'], anonymous, multiple },
  });
  const shown = (joined: Joined) => joined.room.polls.stateFor(joined.participant)[0];

  it('show their results to hosts, and to others when a host says so; names unless anonymous', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    const { polls } = hanna.room;
    const { pollId } = polls.create(hanna.participant, poll(false));
    polls.vote(ann.participant, { pollId, options: [0] });
    polls.vote(ann.participant, { pollId, options: [1] });
    expect(shown(ann)).toMatchObject({
      voters: 1,
      own: [1],
      options: [{ votes: null }, { votes: null, names: [] }],
    });
    expect(shown(hanna)).toMatchObject({ options: [{ votes: 0 }, { votes: 1, names: ['ann'] }] });
    polls.showResults(hanna.participant, { pollId, shown: true });
    expect(shown(ann)).toMatchObject({ options: [{ votes: 0 }, { votes: 1, names: ['ann'] }] });
    polls.close(hanna.participant, pollId);
    expect(() => polls.vote(ann.participant, { pollId, options: [0] })).toThrow(coded('WRONG_STATE'));
    await expect.poll(() => ann.ear.last('room.stateUpdated')?.roomState.polls[0]?.open).toBe(false);
  });

  it('that are anonymous tell nobody who chose what; that are single take one choice', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    const { polls } = hanna.room;
    const { pollId } = polls.create(hanna.participant, poll(true));
    polls.vote(ann.participant, { pollId, options: [0] });
    expect(shown(hanna)).toMatchObject({ options: [{ votes: 1, names: [] }, {}] });
    for (const options of [[0, 1], [2]])
      expect(() => polls.vote(ann.participant, { pollId, options })).toThrow(coded('INVALID_PARAMS'));
    const several = polls.create(hanna.participant, poll(false, true));
    polls.vote(ann.participant, { pollId: several.pollId, options: [0, 1] });
    expect(polls.stateFor(ann.participant)[1]).toMatchObject({ own: [0, 1] });
  });

  it('survive that the server is started anew', async () => {
    const hanna = await host();
    hanna.room.polls.create(hanna.participant, poll(false));
    harness.crash();
    expect((await host()).answer.roomState.polls).toMatchObject([{ question: 'Tea?' }]);
  });
});
