/** The library of recordings: what is kept of them, and how it is asked for. */
import { Type, type Static } from 'typebox';
import {
  BreakoutId,
  Identity,
  MarkTitle,
  Moment,
  MomentOrNull,
  PictureLayout,
  RecordingFormat,
  RecordingKind,
  RecordingState,
  RoomName,
} from '../models.ts';
import { page, PageQuery, PersonSchema, strict } from './shared.ts';

const Count = Type.Integer({ minimum: 0 });

export const RecordingFile = Type.Object({
  number: Type.Integer({ minimum: 1, description: 'Names the file within its recording.' }),
  part: Type.Integer({
    minimum: 1,
    description: 'Parts follow one another: a new one begins where something had crashed.',
  }),
  name: Type.String({ description: '`composite`, or source and participant of a track.' }),
  mimeType: Type.String(),
  bytes: Count,
  durationMs: Count,
  startedAt: Moment,
  width: Count,
  height: Count,
});
export type RecordingFile = Static<typeof RecordingFile>;

export const RecordingInfo = Type.Object(
  {
    recordingId: Type.String(),
    room: Type.String({ description: 'Name that the room had.' }),
    roomId: Type.String(),
    meetingId: Type.Union([Type.String(), Type.Null()]),
    breakoutId: BreakoutId,
    breakoutName: Type.String({ description: 'Empty for the main room.' }),
    parentRecordingId: Type.Union([Type.String(), Type.Null()], {
      description: 'Of a breakout room: the recording of the meeting that it belongs to.',
    }),
    title: Type.String({ description: 'Title of the room when it began.' }),
    kind: RecordingKind,
    format: RecordingFormat,
    state: RecordingState,
    message: Type.String({ description: 'What went wrong, for people; empty when nothing did.' }),
    startedAt: Moment,
    startedBy: Type.Union([PersonSchema, Type.Null()], { description: 'null: by the settings of the room.' }),
    endedAt: MomentOrNull,
    durationMs: Type.Integer({ minimum: 0, description: 'Without pauses.' }),
    bytes: Count,
    layout: PictureLayout,
    markers: Type.Array(Type.Object({ title: Type.String(), at: Moment })),
    files: Type.Array(RecordingFile, { description: 'Empty until it has ended.' }),
    hasThumbnail: Type.Boolean(),
    hasSidecar: Type.Boolean({ description: 'Whether there is a list of who spoke when.' }),
    isEncrypted: Type.Boolean({ description: 'On disk; whoever may have it is given the plain file.' }),
    keptUntil: Type.Union([Type.Integer(), Type.Null()], {
      description: 'When retention will delete it, ms since the epoch; null when it stays.',
    }),
  },
  { description: 'A recording in the library.' },
);
export type RecordingInfo = Static<typeof RecordingInfo>;
export const RecordingPage = page(RecordingInfo);

export const RecordingQuery = Type.Object(
  {
    ...PageQuery.properties,
    room: Type.Optional(RoomName),
    meetingId: Type.Optional(Type.String({ maxLength: 64 })),
  },
  strict,
);
export type RecordingQuery = Static<typeof RecordingQuery>;

export const StartRecordingBody = Type.Object(
  {
    kind: Type.Optional(RecordingKind),
    format: Type.Optional(RecordingFormat),
    layout: Type.Optional(PictureLayout),
    breakouts: Type.Optional(Type.Boolean({ description: 'Record open breakout rooms as well.' })),
    breakoutId: Type.Optional(BreakoutId),
  },
  strict,
);
export type StartRecordingBody = Static<typeof StartRecordingBody>;
export const StartedRecording = Type.Object({ recordingId: Type.String() });
export const LayoutBody = Type.Object({ layout: PictureLayout }, strict);
export const MarkBody = Type.Object({ title: MarkTitle }, strict);

export const CreateRecordingLinkBody = Type.Object(
  {
    identity: Type.Optional(Identity),
    file: Type.Optional(
      Type.Integer({ minimum: 1, description: '`number` of the file; the first when absent.' }),
    ),
    seconds: Type.Optional(
      Type.Integer({ minimum: 10, maximum: 600, description: 'How long it works; 600 when absent.' }),
    ),
  },
  strict,
);
export type CreateRecordingLinkBody = Static<typeof CreateRecordingLinkBody>;
export const RecordingLink = Type.Object({
  path: Type.String({ description: 'To play it; with `&download=1` to save it.' }),
  identity: Identity,
  expiresAt: Moment,
});
export type RecordingLink = Static<typeof RecordingLink>;
