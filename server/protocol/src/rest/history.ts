/** What is known of meetings that were, and of what hosts did. */
import { Type, type Static } from 'typebox';
import { CallRecord, FileInfo, Moment, ParticipantKindSchema, RoleSchema } from '../models.ts';
import { LiveStreamInfo } from './live.ts';
import { RecordingInfo } from './recordings.ts';
import { page, PersonSchema } from './shared.ts';

const MeetingFields = {
  meetingId: Type.String(),
  room: Type.String({ description: 'Name that the room had.' }),
  startedAt: Moment,
  endedAt: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Milliseconds since the epoch; null while it goes on.',
  }),
  numPeople: Type.Integer({ minimum: 0, description: 'Different identities that were in it.' }),
  numMessages: Type.Integer({ minimum: 0, description: 'Messages to all that have not been deleted.' }),
};
export const MeetingInfo = Type.Object(MeetingFields);
export type MeetingInfo = Static<typeof MeetingInfo>;
export const MeetingPage = page(MeetingInfo);

const Quality = Type.Union([Type.Number({ minimum: 0, maximum: 10 }), Type.Null()], {
  description:
    'How well arrived what was sent: mean over time of the scores of the media worker, 0 (lost) to 10 (perfect). null when nothing was sent.',
});

export const StayInfo = Type.Object({
  identity: Type.String(),
  displayName: Type.String(),
  role: RoleSchema,
  kind: ParticipantKindSchema,
  joinedAt: Moment,
  leftAt: Type.Union([Type.Integer(), Type.Null()], { description: 'null while they are in.' }),
  sentQuality: Quality,
});
export type StayInfo = Static<typeof StayInfo>;

export const MeetingDetails = Type.Object({
  ...MeetingFields,
  quality: Quality,
  stays: Type.Array(StayInfo, {
    description:
      'Who was in it, when and how, first comers first; who came twice is here twice. At most 2000.',
  }),
  files: Type.Array(Type.Object({ ...FileInfo.properties, by: Type.String(), at: Moment }), {
    description:
      'What was uploaded to the chat of all, and is still there. `by` is an identity. At most 2000.',
  }),
  recordings: Type.Array(RecordingInfo, {
    description: 'What was recorded of it, first ones first; those of breakout rooms as well. At most 200.',
  }),
  calls: Type.Array(CallRecord, {
    description: 'Phones that were in it, or were called, first ones first. At most 500.',
  }),
  liveStreams: Type.Array(LiveStreamInfo, {
    description: 'When it was streamed to the world, first ones first. At most 200.',
  }),
});
export type MeetingDetails = Static<typeof MeetingDetails>;

export const HistoryMessage = Type.Object({
  messageId: Type.String(),
  from: PersonSchema,
  breakoutId: Type.Union([Type.String(), Type.Null()], {
    description: 'Where it was said; null in the main room.',
  }),
  text: Type.String(),
  sentAt: Moment,
  editedAt: Type.Union([Type.Integer(), Type.Null()]),
  files: Type.Array(FileInfo),
});
export type HistoryMessage = Static<typeof HistoryMessage>;
export const HistoryMessagePage = page(HistoryMessage);
