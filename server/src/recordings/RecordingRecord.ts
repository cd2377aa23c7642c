/** What is kept of a recording, and what is shown of it. */
import {
  PictureLayout,
  RecordingFormat,
  RecordingKind,
  RecordingState,
  type RecordingInfo,
  type RoomInfo,
} from '@parley/protocol';
import { PartInfo } from '@parley/protocol/recorder';
import { Type, type Static } from 'typebox';

const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const MomentOrNull = Type.Union([Type.Integer(), Type.Null()]);

/** A later version knows more settings of rooms, and still reads what this one wrote. */
const RoomThen = Type.Unsafe<RoomInfo>(
  Type.Object({
    roomId: Type.String(),
    name: Type.String(),
    settings: Type.Object({ title: Type.String() }),
  }),
);

export const RecordingRecord = Type.Object({
  recordingId: Type.String(),
  /** The room as it was when it began: it may be gone. */
  room: RoomThen,
  meetingId: TextOrNull,
  breakoutId: TextOrNull,
  breakoutName: Type.String(),
  parentRecordingId: TextOrNull,
  kind: RecordingKind,
  format: RecordingFormat,
  layout: PictureLayout,
  /** Open breakout rooms belong to it. */
  breakouts: Type.Boolean(),
  state: RecordingState,
  message: Type.String(),
  startedAt: Type.Integer(),
  startedBy: Type.Union([Type.Object({ identity: Type.String(), displayName: Type.String() }), Type.Null()]),
  pausedAt: MomentOrNull,
  endedAt: MomentOrNull,
  /** Number of the last part that was opened; 0 before the first. */
  lastPart: Type.Integer(),
  markers: Type.Array(Type.Object({ title: Type.String(), at: Type.Integer() })),
  parts: Type.Array(PartInfo),
  thumbnail: TextOrNull,
  sidecar: TextOrNull,
  /** Why its files are not all in the bucket yet; null where they are, or need not be. */
  notCopied: Type.Optional(TextOrNull),
  isEncrypted: Type.Boolean(),
  /** The server ended in the middle of it. */
  wasCut: Type.Boolean(),
  /** It goes on when people are back: the server was stopped while it ran. */
  isResumable: Type.Boolean(),
  /** Its files are being deleted. */
  isDeleted: Type.Boolean(),
});
export type RecordingRecord = Static<typeof RecordingRecord>;

/** `notCopied` of one that has just ended: nothing went wrong, it only is not there yet. */
export const BEING_COPIED = 'It is being copied.';

const DAY = 86_400_000;
const FINAL: ReadonlySet<RecordingRecord['state']> = new Set(['ready', 'recovered', 'failed']);

/** Nothing more is written to it. */
export const hasEnded = ({ state }: Pick<RecordingRecord, 'state'>): boolean => FINAL.has(state);

/** In an order that does not change: the number of a file is its place. */
export const filesOf = ({ parts }: Pick<RecordingRecord, 'parts'>): PartInfo[] =>
  parts.toSorted((a, b) => a.part - b.part || rankOf(a) - rankOf(b) || compare(a.file, b.file));

/** What is of all comes before what is of one. */
const rankOf = ({ name }: PartInfo): number => Number(name !== 'composite' && name !== 'audio');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How long it is, ms: all files of one part run side by side. */
export function durationOf(files: readonly PartInfo[]): number {
  const longest = new Map<number, number>();
  for (const { part, durationMs } of files) longest.set(part, Math.max(longest.get(part) ?? 0, durationMs));
  return [...longest.values()].reduce((sum, ms) => sum + ms, 0);
}

const DAMAGED =
  'A part is damaged, and ends where the damage begins. What lies behind the damage was kept beside it.';

const messageOf = ({ message, parts, notCopied }: RecordingRecord): string =>
  [
    message,
    parts.some(({ isDamaged }) => isDamaged) ? DAMAGED : '',
    notCopied && notCopied !== BEING_COPIED ? `Not copied to the bucket yet: ${notCopied}` : '',
  ]
    .filter((one) => one !== '')
    .join(' ');

/** As others see it. `retention` in days; 0 is for ever. */
export function recordingInfoOf(record: RecordingRecord, retention: number): RecordingInfo {
  const files = hasEnded(record) ? filesOf(record) : [];
  const { recordingId, room, meetingId, breakoutId, breakoutName, parentRecordingId } = record;
  const { kind, format, state, startedAt, startedBy, endedAt, layout, markers } = record;
  return {
    ...{ recordingId, meetingId, breakoutId, breakoutName, parentRecordingId, kind, format, state },
    message: messageOf(record),
    ...{ startedAt, startedBy, endedAt, layout, markers },
    room: room.name,
    roomId: room.roomId,
    title: room.settings.title || room.name,
    durationMs: durationOf(files),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    files: files.map(({ part, name, mimeType, bytes, durationMs, startedAt: at, width, height }, index) => ({
      ...{ number: index + 1, part, name, mimeType, bytes, durationMs, startedAt: at, width, height },
    })),
    hasThumbnail: record.thumbnail !== null,
    hasSidecar: record.sidecar !== null,
    isEncrypted: record.isEncrypted,
    keptUntil: endedAt === null || retention === 0 ? null : endedAt + retention * DAY,
  };
}
