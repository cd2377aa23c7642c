/** Requests about recording the place one is in. */
import { Type } from 'typebox';
import { MarkTitle, PictureLayout, RecordingFormat, RecordingKind } from '../models.ts';
import { Nothing, strict, type MethodSchema } from './schema.ts';

const Which = {
  recordingId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'One of this room; the one that runs where one is when absent.',
    }),
  ),
};

export const recordingMethods = {
  'recording.start': {
    summary:
      'Records the place one is in: the main room or a breakout room. The answer comes when the recorder runs, or after some seconds while it still starts.',
    params: Type.Object(
      {
        kind: Type.Optional(RecordingKind),
        format: Type.Optional(RecordingFormat),
        layout: Type.Optional(PictureLayout),
        breakouts: Type.Optional(
          Type.Boolean({
            description:
              'Record open breakout rooms as well, each on its own; as the room’s setting `recordBreakouts` says when absent.',
          }),
        ),
      },
      strict,
    ),
    result: Type.Object({ recordingId: Type.String() }),
  },
  'recording.stop': {
    summary: 'Ends a recording, and those of breakout rooms that belong to it.',
    params: Type.Object(Which, strict),
    result: Nothing,
  },
  'recording.pause': {
    summary: 'Records nothing until `recording.resume`: that time is not in the file.',
    params: Type.Object(Which, strict),
    result: Nothing,
  },
  'recording.resume': {
    summary: 'Goes on with a recording that is paused.',
    params: Type.Object(Which, strict),
    result: Nothing,
  },
  'recording.setLayout': {
    summary: 'Arranges people in the picture anew.',
    params: Type.Object({ ...Which, layout: PictureLayout }, strict),
    result: Nothing,
  },
  'recording.mark': {
    summary: 'Marks this moment: the file has a chapter of this title from here on.',
    params: Type.Object({ ...Which, title: MarkTitle }, strict),
    result: Nothing,
  },
  'recording.consent': {
    summary:
      'Says whether one agrees to be recorded, where the room’s setting `recordingConsent` is `ask`. It can be taken back at any time.',
    params: Type.Object({ agreed: Type.Boolean() }, strict),
    result: Nothing,
  },
} as const satisfies Record<string, MethodSchema>;
