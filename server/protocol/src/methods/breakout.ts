/** Requests about breakout rooms. */
import { Type } from 'typebox';
import { BreakoutId, DisplayName, Identity } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

const Name = DisplayName;
const Text = Type.String({ minLength: 1, maxLength: 2000 });

export const breakoutMethods = {
  'breakout.create': {
    summary: 'Makes breakout rooms of these names, beside those there are. Nobody is moved yet.',
    params: Type.Object({ names: Type.Array(Name, { minItems: 1, maxItems: 100 }) }, strict),
    result: Type.Object({ breakoutIds: Type.Array(Type.String()) }),
  },
  'breakout.rename': {
    summary: 'Gives a breakout room another name.',
    params: Type.Object({ breakoutId: Id, name: Name }, strict),
    result: Nothing,
  },
  'breakout.delete': {
    summary: 'Removes a breakout room; who is in it returns to the main room.',
    params: Type.Object({ breakoutId: Id }, strict),
    result: Nothing,
  },
  'breakout.assign': {
    summary:
      'Says who belongs where, by identity, also of people who are yet to come; null is the main room. Where the breakout rooms are open, those who are there move at once.',
    params: Type.Object(
      {
        assignments: Type.Array(Type.Object({ identity: Identity, breakoutId: BreakoutId }, strict), {
          minItems: 1,
          maxItems: 500,
        }),
      },
      strict,
    ),
    result: Nothing,
  },
  'breakout.assignRandomly': {
    summary: 'Spreads everybody who is no host evenly and at random over the breakout rooms.',
    params: Nothing,
    result: Nothing,
  },
  'breakout.open': {
    summary:
      'Opens the breakout rooms: everybody moves to where they belong. With `seconds`, all return when the time is over.',
    params: Type.Object(
      {
        seconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400 })),
        choosing: Type.Optional(Type.Boolean({ description: 'People may choose their breakout room.' })),
      },
      strict,
    ),
    result: Nothing,
  },
  'breakout.setTime': {
    summary: 'Sets how many seconds the breakout rooms stay open from now on; 0 is without end.',
    params: Type.Object({ seconds: Type.Integer({ minimum: 0, maximum: 86_400 }) }, strict),
    result: Nothing,
  },
  'breakout.close': {
    summary: 'Everybody returns to the main room. The breakout rooms stay for the next time.',
    params: Nothing,
    result: Nothing,
  },
  'breakout.visit': {
    summary:
      'Goes to a breakout room oneself, or with null back to the main room. Hosts go anywhere; others where people may choose, and back.',
    params: Type.Object({ breakoutId: BreakoutId }, strict),
    result: Nothing,
  },
  'breakout.broadcast': {
    summary: 'Shows a text in every room.',
    params: Type.Object({ text: Text }, strict),
    result: Nothing,
  },
  'breakout.askForHelp': {
    summary: 'Calls a host to the breakout room that one is in; `withdraw` takes it back.',
    params: Type.Object({ withdraw: Type.Optional(Type.Boolean()) }, strict),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
