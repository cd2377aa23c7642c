import { ParleyError, type MethodParams, type PollInfo } from '@parley/protocol';
import { Type, type Static } from 'typebox';
import { isHost } from '../auth/permissions.ts';
import { newId } from '../util/ids.ts';
import type { Participant } from './Participant.ts';
import type { ItemKind } from './ports.ts';
import type { RoomCore } from './RoomCore.ts';

const MAX_POLLS = 50;

const PollRecord = Type.Object({
  pollId: Type.String(),
  question: Type.String(),
  options: Type.Array(Type.String()),
  multiple: Type.Boolean(),
  anonymous: Type.Boolean(),
  open: Type.Boolean(),
  resultsShown: Type.Boolean(),
  createdAt: Type.Integer(),
  /** By identity. Kept for an anonymous poll, too, so that nobody votes twice; shown to nobody. */
  votes: Type.Record(
    Type.String(),
    Type.Object({ displayName: Type.String(), options: Type.Array(Type.Integer()) }),
  ),
});
type PollRecord = Static<typeof PollRecord>;
const POLLS: ItemKind<typeof PollRecord> = { kind: 'poll', schema: PollRecord, lasting: false };

/** Questions to everybody. Who is no host sees results when a host shows them. */
export class Polls {
  readonly #room: RoomCore;
  readonly #polls: Map<string, PollRecord>;

  constructor(room: RoomCore) {
    this.#room = room;
    this.#polls = room.stores.items.load(room.roomId, POLLS);
  }

  /** As this participant may see them, oldest first. */
  stateFor(participant: Participant): PollInfo[] {
    return [...this.#polls.values()]
      .sort((a, b) => a.createdAt - b.createdAt)
      .map((poll) => viewOf(poll, participant));
  }

  /** Throws LIMIT_REACHED. */
  create(by: Participant, params: MethodParams<'poll.create'>): PollInfo {
    if (this.#polls.size >= MAX_POLLS)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'polls', max: MAX_POLLS } });
    const { question, options, multiple = false, anonymous = false } = params;
    const poll: PollRecord = {
      ...{ question, options, multiple, anonymous },
      pollId: newId('PO'),
      open: true,
      resultsShown: false,
      createdAt: Date.now(),
      votes: {},
    };
    this.#save(poll);
    this.#room.audit(by, 'poll.create', { details: { pollId: poll.pollId, question } });
    return viewOf(poll, by);
  }

  /** Throws POLL_NOT_FOUND, WRONG_STATE when it is closed, INVALID_PARAMS. */
  vote({ identity, displayName }: Participant, { pollId, options }: MethodParams<'poll.vote'>): void {
    const poll = this.#get(pollId);
    if (!poll.open) throw new ParleyError('WRONG_STATE');
    if (options.some((option) => option >= poll.options.length) || (!poll.multiple && options.length > 1))
      throw new ParleyError('INVALID_PARAMS', { details: { path: '/options' } });
    this.#save({ ...poll, votes: { ...poll.votes, [identity]: { displayName, options } } });
  }

  /** Throws POLL_NOT_FOUND. */
  close(by: Participant, pollId: string): void {
    this.#save({ ...this.#get(pollId), open: false });
    this.#room.audit(by, 'poll.close', { details: { pollId } });
  }

  /** Throws POLL_NOT_FOUND. */
  showResults(by: Participant, { pollId, shown }: { pollId: string; shown: boolean }): void {
    this.#save({ ...this.#get(pollId), resultsShown: shown });
    this.#room.audit(by, 'poll.showResults', { details: { pollId, shown } });
  }

  /** Throws POLL_NOT_FOUND. */
  delete(by: Participant, pollId: string): void {
    this.#get(pollId);
    this.#polls.delete(pollId);
    this.#room.stores.items.delete(this.#room.roomId, POLLS, pollId);
    this.#room.audit(by, 'poll.delete', { details: { pollId } });
    this.#room.stateChanged();
  }

  /** The meeting has ended. */
  clear(): void {
    this.#polls.clear();
  }

  #save(poll: PollRecord): void {
    this.#polls.set(poll.pollId, poll);
    this.#room.stores.items.save(this.#room.roomId, POLLS, { key: poll.pollId, value: poll });
    this.#room.stateChanged();
  }

  #get(pollId: string): PollRecord {
    const poll = this.#polls.get(pollId);
    if (!poll) throw new ParleyError('POLL_NOT_FOUND');
    return poll;
  }
}

function viewOf({ votes, options, ...poll }: PollRecord, { role, identity }: Participant): PollInfo {
  const seesResults = poll.resultsShown || isHost(role);
  const all = Object.values(votes);
  return {
    ...poll,
    voters: all.filter((vote) => vote.options.length > 0).length,
    own: Object.hasOwn(votes, identity) ? (votes[identity]?.options ?? []) : [],
    options: options.map((text, index) => {
      const chosenBy = all.filter((vote) => vote.options.includes(index));
      return {
        text,
        votes: seesResults ? chosenBy.length : null,
        names: seesResults && !poll.anonymous ? chosenBy.map(({ displayName }) => displayName) : [],
      };
    }),
  };
}
