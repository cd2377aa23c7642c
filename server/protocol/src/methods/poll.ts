/** Requests about polls. */
import { Type } from 'typebox';
import { PollInfo } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

export const pollMethods = {
  'poll.create': {
    summary: 'Asks everybody a question.',
    params: Type.Object(
      {
        question: Type.String({ minLength: 1, maxLength: 500 }),
        options: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 2, maxItems: 20 }),
        multiple: Type.Optional(Type.Boolean({ description: 'More than one option may be chosen.' })),
        anonymous: Type.Optional(
          Type.Boolean({ description: 'Nobody, not even hosts, learns who chose what.' }),
        ),
      },
      strict,
    ),
    result: Type.Object({ poll: PollInfo }),
  },
  'poll.vote': {
    summary: 'Votes, or votes anew: the numbers of the options, counted from 0.',
    params: Type.Object(
      {
        pollId: Id,
        options: Type.Array(Type.Integer({ minimum: 0, maximum: 19 }), { maxItems: 20, uniqueItems: true }),
      },
      strict,
    ),
    result: Nothing,
  },
  'poll.close': {
    summary: 'Ends the vote.',
    params: Type.Object({ pollId: Id }, strict),
    result: Nothing,
  },
  'poll.showResults': {
    summary: 'Shows everybody the results, or hides them again. Hosts always see them.',
    params: Type.Object({ pollId: Id, shown: Type.Boolean() }, strict),
    result: Nothing,
  },
  'poll.delete': {
    summary: 'Takes a poll away.',
    params: Type.Object({ pollId: Id }, strict),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
