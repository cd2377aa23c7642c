/** Settings of publishers by WHIP and players by WHEP. */
import { Type } from 'typebox';

export const Whip = Type.Object(
  {
    connectTimeout: Type.Integer({
      minimum: 1000,
      default: 20_000,
      description:
        'Milliseconds in which a publisher by WHIP or a player by WHEP has to connect, or to come back after its path broke.',
    }),
    silenceTimeout: Type.Integer({
      minimum: 1000,
      default: 30_000,
      description: 'Milliseconds without media after which a publisher by WHIP leaves.',
    }),
    goneTimeout: Type.Integer({
      minimum: 1000,
      default: 30_000,
      description:
        'Milliseconds without a sign of life after which a publisher by WHIP or a player by WHEP that was connected is gone.',
    }),
    knockTimeout: Type.Integer({
      minimum: 1000,
      default: 60_000,
      description:
        'Milliseconds that a publisher or a player that has to wait in the lobby stays there between two tries.',
    }),
  },
  { additionalProperties: false, default: {} },
);
