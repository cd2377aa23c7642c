/**
 * What the server and a recorder process say to each other, over the channel that Node gives a child (or a service that relays
 * it). The job holds keys: it never goes by arguments or environment.
 *
 * A recorder runs one programme: a picture and sound made of one place, or the tracks of it. Outputs (files, targets, a page)
 * come and go while it runs.
 */
import { Type, type Static } from 'typebox';
import { LiveTargetState, PictureLayout, RecordingFormat, RecordingKind } from './models/egress.ts';
import { Moment } from './models/basics.ts';

const Count = Type.Integer({ minimum: 0 });

export const ProgramSettings = Type.Object({
  width: Type.Integer({ minimum: 160, maximum: 3840, multipleOf: 2 }),
  height: Type.Integer({ minimum: 90, maximum: 2160, multipleOf: 2 }),
  frameRate: Type.Integer({ minimum: 5, maximum: 60 }),
  videoBitrate: Type.Integer({ minimum: 50_000, description: 'bits/s at most.' }),
  audioBitrate: Type.Integer({ minimum: 16_000, description: 'bits/s.' }),
  keyFrameInterval: Type.Number({ minimum: 0.5, maximum: 10, description: 'Seconds.' }),
  preset: Type.Enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium'], {
    description: 'Of x264: the slower, the smaller.',
  }),
  showNames: Type.Boolean(),
  background: Type.String({ pattern: '^#[0-9a-f]{6}$' }),
});
export type ProgramSettings = Static<typeof ProgramSettings>;

export const BucketSettings = Type.Object({
  endpoint: Type.String(),
  region: Type.String(),
  bucket: Type.String(),
  prefix: Type.String(),
  accessKeyId: Type.String(),
  secretAccessKey: Type.String(),
  keepLocal: Type.Boolean({ description: 'Files stay on the disk when they are in the bucket.' }),
});
export type BucketSettings = Static<typeof BucketSettings>;

export const Storage = Type.Object({
  folder: Type.String({ description: 'Absolute; one folder for each recording is made in it.' }),
  key: Type.Union([Type.String({ description: '32 bytes, base64.' }), Type.Null()], {
    description: 'null: files are not encrypted.',
  }),
  bucket: Type.Union([BucketSettings, Type.Null()]),
  reserveBytes: Type.Integer({
    minimum: 0,
    description: 'Writing stops when so little is free on the disk.',
  }),
});
export type Storage = Static<typeof Storage>;

export const ProgramJob = Type.Object({
  programId: Type.String(),
  kind: RecordingKind,
  format: RecordingFormat,
  room: Type.Object({
    url: Type.String({ description: 'ws or wss, of the server.' }),
    token: Type.String(),
    certificate: Type.Union([Type.String(), Type.Null()], {
      description: 'PEM; where given, the server must show exactly this one.',
    }),
    title: Type.String(),
  }),
  settings: ProgramSettings,
  layout: PictureLayout,
  storage: Storage,
});
export type ProgramJob = Static<typeof ProgramJob>;

const RtpFormat = Type.Object({
  ssrc: Type.Integer({ minimum: 1, maximum: 0xffff_ffff }),
  payloadType: Type.Integer({ minimum: 0, maximum: 127 }),
  sequenceNumber: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 65_535, description: 'Of the first packet; any by default.' }),
  ),
});

/** A recording to which a file belongs, and which part of it. Parts follow one another: 1, 2, ... */
const Part = { recordingId: Type.String(), part: Type.Integer({ minimum: 1 }) };

export const RecorderCommand = Type.Union([
  Type.Object({ type: Type.Literal('start'), job: ProgramJob }),
  Type.Object({ type: Type.Literal('openRecording'), ...Part }),
  Type.Object({ type: Type.Literal('pauseRecording'), recordingId: Type.String() }),
  Type.Object({ type: Type.Literal('resumeRecording'), recordingId: Type.String() }),
  Type.Object({ type: Type.Literal('mark'), recordingId: Type.String(), title: Type.String(), at: Moment }),
  /** Ends the recording; `recordingFinished` or `recordingFailed` follows. */
  Type.Object({ type: Type.Literal('closeRecording'), recordingId: Type.String() }),
  /** No programme is needed for it: makes files of the parts that a crash has left. */
  Type.Object({ type: Type.Literal('finishRecording'), recordingId: Type.String(), storage: Storage }),
  Type.Object({
    type: Type.Literal('addTarget'),
    targetId: Type.String(),
    url: Type.String({ description: 'rtmp or rtmps, with the key.' }),
    allowPrivate: Type.Boolean({ description: 'Whether its address may be private or otherwise special.' }),
  }),
  Type.Object({ type: Type.Literal('removeTarget'), targetId: Type.String() }),
  Type.Object({
    type: Type.Literal('openPage'),
    liveId: Type.String(),
    folder: Type.String({ description: 'Absolute; where init, segments and parts are written.' }),
    segmentSeconds: Type.Number(),
    partSeconds: Type.Number(),
    windowSeconds: Type.Number({ description: 'How far back a viewer can go; older files are deleted.' }),
  }),
  Type.Object({ type: Type.Literal('closePage'), liveId: Type.String() }),
  /** Sends the programme as RTP: H.264 and Opus. Only of a composite in MP4. `feedOpened` follows. */
  Type.Object({
    type: Type.Literal('openFeed'),
    feedId: Type.String(),
    ip: Type.String({ description: 'Where it is sent to, and from.' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    localPort: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Where from; 0 is any.' }),
    video: RtpFormat,
    audio: RtpFormat,
  }),
  Type.Object({ type: Type.Literal('closeFeed'), feedId: Type.String() }),
  Type.Object({ type: Type.Literal('setLayout'), layout: PictureLayout }),
  /** Ends everything in order; the process exits after `ended`. */
  Type.Object({ type: Type.Literal('stop') }),
]);
export type RecorderCommand = Static<typeof RecorderCommand>;

export const PartInfo = Type.Object({
  part: Type.Integer({ minimum: 1 }),
  name: Type.String({ description: 'What it is of: `composite`, or source and participant of a track.' }),
  file: Type.String({ description: 'Name within the folder (or prefix) of the recording.' }),
  mimeType: Type.String(),
  bytes: Count,
  durationMs: Count,
  startedAt: Moment,
  width: Count,
  height: Count,
  isDamaged: Type.Optional(
    Type.Boolean({ description: 'It ends where damage begins; all that was written lies beside it.' }),
  ),
});
export type PartInfo = Static<typeof PartInfo>;

const NotCopied = Type.Optional(
  Type.String({
    description: 'Why its files are not all in the bucket; absent where they are, or need not be.',
  }),
);

export const RecorderEvent = Type.Union([
  /** It has joined the room, and the programme runs. */
  Type.Object({ type: Type.Literal('running') }),
  Type.Object({ type: Type.Literal('partOpened'), ...Part, startedAt: Moment }),
  /** About each second while bytes are written; what it names is on disk. */
  Type.Object({ type: Type.Literal('partProgress'), ...Part, bytes: Count, durationMs: Count }),
  /** While files are finished, some times a minute as long as the work goes on. */
  Type.Object({
    type: Type.Literal('finishing'),
    recordingId: Type.String(),
    progress: Type.Number({ minimum: 0, maximum: 1 }),
  }),
  Type.Object({
    type: Type.Literal('recordingFinished'),
    recordingId: Type.String(),
    parts: Type.Array(PartInfo),
    thumbnail: Type.Union([Type.String(), Type.Null()]),
    sidecar: Type.Union([Type.String(), Type.Null()]),
    message: Type.Optional(
      Type.String({
        description: 'Why it ended by itself, in order; absent where it was told to.',
      }),
    ),
    notCopied: NotCopied,
  }),
  Type.Object({
    type: Type.Literal('recordingFailed'),
    recordingId: Type.String(),
    code: Type.String(),
    message: Type.String(),
    parts: Type.Array(PartInfo),
    notCopied: NotCopied,
  }),
  Type.Object({
    type: Type.Literal('target'),
    targetId: Type.String(),
    state: LiveTargetState,
    bitrate: Count,
    droppedFrames: Count,
    message: Type.String(),
  }),
  Type.Object({
    type: Type.Literal('pageInit'),
    liveId: Type.String(),
    file: Type.String(),
    codecs: Type.String({ description: 'RFC 6381.' }),
    bandwidth: Count,
    width: Count,
    height: Count,
    frameRate: Count,
  }),
  /** A part of a segment (RFC 8216bis section 4.4.4.9) lies in the folder. Segments follow one another: 0, 1, ... */
  Type.Object({
    type: Type.Literal('pagePart'),
    liveId: Type.String(),
    segment: Count,
    index: Count,
    file: Type.String(),
    offset: Count,
    length: Count,
    duration: Type.Number({ description: 'Seconds.' }),
    independent: Type.Boolean(),
    last: Type.Boolean({ description: 'The segment is whole with it.' }),
    /** The timeline starts anew with this segment: the encoder was started again. */
    discontinuity: Type.Boolean(),
    at: Moment,
  }),
  Type.Object({ type: Type.Literal('feedOpened'), feedId: Type.String(), localPort: Count }),
  /** Once a second: the numbers of the packets that come next, for a recorder that has to go on with the stream. */
  Type.Object({ type: Type.Literal('feedProgress'), feedId: Type.String(), video: Count, audio: Count }),
  /** An ffmpeg died and was started again; a new part follows where it was the encoder. */
  Type.Object({ type: Type.Literal('crash'), what: Type.String(), message: Type.String() }),
  Type.Object({
    type: Type.Literal('stats'),
    cpu: Type.Number({ description: 'Cores, of the recorder and its ffmpegs.' }),
    frameRate: Type.Number(),
    droppedFrames: Count,
    people: Count,
  }),
  /** It cannot go on; it exits. Recordings have been closed where that was possible. */
  Type.Object({ type: Type.Literal('failed'), code: Type.String(), message: Type.String() }),
  Type.Object({ type: Type.Literal('ended') }),
]);
export type RecorderEvent = Static<typeof RecorderEvent>;

/** What makes one picture and sound of recorded tracks is told this, once. */
export const ComposeJob = Type.Object({
  folder: Type.String({ description: 'Absolute; of the recording.' }),
  key: Storage.properties.key,
  path: Type.String({ description: 'Absolute; the file to make. It is not encrypted.' }),
  format: RecordingFormat,
  layout: PictureLayout,
  settings: ProgramSettings,
  title: Type.String(),
});
export type ComposeJob = Static<typeof ComposeJob>;

/** How that goes; the last two end it. */
export const ComposeEvent = Type.Union([
  Type.Object({ type: Type.Literal('progress'), done: Type.Number({ minimum: 0, maximum: 1 }) }),
  Type.Object({ type: Type.Literal('composed'), durationMs: Count, bytes: Count }),
  Type.Object({ type: Type.Literal('failed'), code: Type.String(), message: Type.String() }),
]);
export type ComposeEvent = Static<typeof ComposeEvent>;
