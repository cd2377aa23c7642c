/** Recordings and live streams, as people in the room see them. */
import { Type, type Static } from 'typebox';
import { Identity, Moment, MomentOrNull } from './basics.ts';

export const LAYOUTS = ['grid', 'speaker', 'screen', 'single'] as const;

export const PictureLayout = Type.Object(
  {
    kind: Type.Enum(LAYOUTS, {
      description:
        '`grid`: all alike. `speaker`: who speaks large, the others beside. `screen`: a shared screen large with who speaks, as `speaker` while nobody shares. `single`: one alone.',
    }),
    focus: Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
      description: 'participantId of the one shown large; null leaves it to who speaks.',
    }),
  },
  { additionalProperties: false, description: 'How people are arranged in the picture.' },
);
export type PictureLayout = Static<typeof PictureLayout>;

export const RECORDING_KINDS = ['composite', 'tracks', 'audio'] as const;
export const RecordingKind = Type.Enum(RECORDING_KINDS, {
  description:
    '`composite`: one picture and sound of all. `tracks`: each publication in a file of its own, as it was sent. `audio`: the sound of all in one file, and each voice in a file of its own.',
});
export type RecordingKind = Static<typeof RecordingKind>;
export const RecordingFormat = Type.Enum(['mp4', 'webm'], {
  description:
    '`mp4` is H.264 and AAC, `webm` VP8 and Opus. Tracks are kept as they were sent, in WebM or Matroska.',
});
export type RecordingFormat = Static<typeof RecordingFormat>;

export const RecordingState = Type.Enum(
  ['starting', 'recording', 'paused', 'finishing', 'ready', 'recovered', 'failed'],
  {
    description:
      '`finishing`: its files are made seekable. `recovered`: it was cut by a crash; what was written is kept. `failed`: it could not go on; its parts are kept.',
  },
);
export type RecordingState = Static<typeof RecordingState>;

/** A recording that goes on, as everybody in the room sees it. */
export const RunningRecording = Type.Object({
  recordingId: Type.String(),
  kind: RecordingKind,
  format: RecordingFormat,
  state: RecordingState,
  startedAt: Moment,
  startedBy: Type.Union([Identity, Type.Null()], { description: 'null: by the settings of the room.' }),
  pausedAt: MomentOrNull,
  recordedMs: Type.Integer({ minimum: 0, description: 'Length so far without pauses, ms, as of `at`.' }),
  at: Moment,
  progress: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
    description: 'How much of making its files ready is done; null in every other state than `finishing`.',
  }),
  layout: PictureLayout,
  message: Type.String({ description: 'What went wrong, for people; empty while all is well.' }),
});
export type RunningRecording = Static<typeof RunningRecording>;

export const LiveTargetState = Type.Enum(['connecting', 'live', 'retrying', 'failed']);
export type LiveTargetState = Static<typeof LiveTargetState>;

/** Where the programme is sent to. Only hosts see it; the key is never shown. */
export const LiveTarget = Type.Object({
  targetId: Type.String(),
  label: Type.String({ description: 'Scheme, host and application; never the key.' }),
  state: LiveTargetState,
  since: Moment,
  bitrate: Type.Integer({ minimum: 0, description: 'bits/s that go out.' }),
  droppedFrames: Type.Integer({ minimum: 0 }),
  message: Type.String({ description: 'What is wrong, for people; empty while it is live.' }),
});
export type LiveTarget = Static<typeof LiveTarget>;

export const LiveStream = Type.Object({
  liveId: Type.String(),
  startedAt: Moment,
  startedBy: Type.Union([Identity, Type.Null()]),
  page: Type.Union([Type.String(), Type.Null()], {
    description: 'Path of the page where anybody with the link can watch; null without one.',
  }),
  viewers: Type.Integer({ minimum: 0, description: 'Who watches the page at the moment.' }),
  layout: PictureLayout,
  targets: Type.Array(LiveTarget, { description: 'Empty for everybody but hosts.' }),
});
export type LiveStream = Static<typeof LiveStream>;

export const EgressState = Type.Object(
  {
    recordings: Type.Array(RunningRecording, {
      description: 'Those of the place one is in; mostly one or none.',
    }),
    live: Type.Union([LiveStream, Type.Null()]),
  },
  { description: 'Whether one is recorded or streamed.' },
);
export type EgressState = Static<typeof EgressState>;

/** What anybody with the link may know of a live stream. */
export const LiveInfo = Type.Object({
  liveId: Type.String(),
  title: Type.String(),
  startedAt: Moment,
  state: Type.Enum(['waiting', 'live', 'ended'], {
    description: '`waiting`: nothing is to be seen yet. `ended`: it can be watched to its end for a while.',
  }),
  viewers: Type.Integer({ minimum: 0 }),
});
export type LiveInfo = Static<typeof LiveInfo>;
