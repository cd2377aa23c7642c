/** Live streams: how they are asked for by REST, and what is kept of them. */
import { Type, type Static } from 'typebox';
import { NewLiveTarget } from '../methods/live.ts';
import { LiveStream, LiveTarget, Moment, MomentOrNull, PictureLayout } from '../models.ts';
import { PersonSchema, strict } from './shared.ts';

export const StartLiveBody = Type.Object(
  {
    page: Type.Optional(
      Type.Boolean({
        description: 'Whether there is a page where anybody with the link can watch; true by default.',
      }),
    ),
    targets: Type.Optional(Type.Array(NewLiveTarget, { maxItems: 16 })),
    layout: Type.Optional(PictureLayout),
  },
  strict,
);
export type StartLiveBody = Static<typeof StartLiveBody>;
export const NewLiveTargetBody = NewLiveTarget;
export type NewLiveTargetBody = Static<typeof NewLiveTargetBody>;
export const LiveTargetList = Type.Object({
  items: Type.Array(LiveTarget, { description: 'In the order in which they were added.' }),
});

/** A live stream as receivers of webhooks see it: as it is then, or was last. */
export const LiveStreamEvent = Type.Object({
  ...LiveStream.properties,
  endedAt: MomentOrNull,
  error: Type.String({
    description: 'Why it ended, for people; empty while it goes on, or as it was asked for.',
  }),
});
export type LiveStreamEvent = Static<typeof LiveStreamEvent>;

/** What is kept of a live stream. No key is in it. */
export const LiveStreamInfo = Type.Object(
  {
    liveId: Type.String(),
    startedAt: Moment,
    startedBy: PersonSchema,
    endedAt: Type.Union([Type.Integer(), Type.Null()], { description: 'null while it goes on.' }),
    hadPage: Type.Boolean({ description: 'Whether it could be watched on a page of this server.' }),
    targets: Type.Array(Type.String(), {
      description: 'Where it was sent to, each once: scheme, host and application, never the key.',
    }),
    message: Type.String({ description: 'Why it ended, for people; empty when somebody ended it.' }),
  },
  { description: 'A live stream that was, or goes on.' },
);
export type LiveStreamInfo = Static<typeof LiveStreamInfo>;
