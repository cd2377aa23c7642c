/** Requests of hosts about streaming the meeting to the world. */
import { Type } from 'typebox';
import { PictureLayout } from '../models.ts';
import { Id, Nothing, strict, type MethodSchema } from './schema.ts';

/** Where to stream to, as streaming services give it: an address, and a key, or both in one. */
export const NewLiveTarget = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: 2048,
      description: '`rtmp://server/application/key`, or rtmps. It is never shown again.',
    }),
    key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1024,
        description: 'Put at the end of `url`, where the service gives both apart.',
      }),
    ),
  },
  strict,
);

export const liveMethods = {
  'live.start': {
    summary:
      'Streams the main room: on a page of this server that anybody with the link can watch, to targets, or both. The answer comes when the recorder runs, or after some seconds while it still starts.',
    params: Type.Object(
      {
        page: Type.Optional(Type.Boolean({ description: 'Whether there is a page; true by default.' })),
        targets: Type.Optional(Type.Array(NewLiveTarget, { maxItems: 16 })),
        layout: Type.Optional(PictureLayout),
      },
      strict,
    ),
    result: Type.Object({
      liveId: Type.String(),
      page: Type.Union([Type.String(), Type.Null()], { description: 'Path of the page on this server.' }),
    }),
  },
  'live.stop': { summary: 'Ends the live stream.', params: Nothing, result: Nothing },
  'live.addTarget': {
    summary: 'Streams to one target more.',
    params: NewLiveTarget,
    result: Type.Object({ targetId: Type.String() }),
  },
  'live.removeTarget': {
    summary: 'Streams no more to a target.',
    params: Type.Object({ targetId: Id }, strict),
    result: Nothing,
  },
  'live.setLayout': {
    summary: 'Arranges people in the picture anew; in a recording that runs as well, as they share it.',
    params: Type.Object({ layout: PictureLayout }, strict),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
