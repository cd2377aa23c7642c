/** What the domain needs from outside. The edges implement these; Server.ts hands them in. */
import type { FeedAddress } from '../media/Feed.ts';
import type { Readable } from 'node:stream';
import type {
  AnyNotification,
  ChatMessage,
  EgressState,
  FileInfo,
  LeaveReason,
  LiveStream,
  LiveStreamInfo,
  ParticipantKind,
  PictureLayout,
  RecordingFormat,
  RecordingKind,
  Role,
  RoomInfo,
  RoomSettings,
} from '@parley/protocol';
import type { TSchema, Static } from 'typebox';
import type { Person } from './actors.ts';

/** The last word to a participant: why it is over, and whether joining anew makes sense. */
export interface SessionEnd {
  reason: LeaveReason;
  /** A sentence for people. */
  message: string;
  rejoin: boolean;
  /** Milliseconds to wait before joining anew. */
  retryAfter: number;
}

/** Where somebody is, in the room or in the lobby, as their session sees it. */
export interface Place {
  setConnection(connection: 'connected' | 'interrupted'): void;
  /** Leaves for good. Calling it again does nothing. */
  leave(reason: LeaveReason): Promise<void>;
}

/** How a room speaks to one person; a session implements it. */
export interface Outlet {
  notify(notification: AnyNotification): void;
  /** Sends `session.ended` and closes the connection for good. */
  end(end: SessionEnd): void;
  /** Somebody who was in the room waits in the lobby from now on. */
  sentToLobby(place: Place): void;
}

/** What is kept of a room. */
export interface RoomRecord {
  roomId: string;
  name: string;
  settings: RoomSettings;
  /** As `auth/passwords.ts` writes it; null when there is none. */
  passwordHash: string | null;
  /** Whether it stays when its meeting has ended: it was made on purpose. */
  kept: boolean;
  /** Identity of the host who made it by signing in; null for rooms of integrators and guests. */
  ownedBy: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** What is read from the database: settings that a former version did not know are missing. */
export type StoredRoom = Omit<RoomRecord, 'settings'> & { settings: Partial<RoomSettings> };

/** Where rooms outlive the process. Here as in all stores: a call that returns has been written to disk. */
export interface RoomStore {
  load(): StoredRoom[];
  save(record: RoomRecord): void;
  /** With everything that belongs to it. */
  delete(roomId: string): void;
}

/** A kind of small thing that a room keeps many of, and what one looks like. */
export interface ItemKind<T extends TSchema = TSchema> {
  readonly kind: string;
  readonly schema: T;
  /** Whether it outlives the meeting. */
  readonly lasting: boolean;
}

/** Small things of a room, each under a key. */
export interface ItemStore {
  load<T extends TSchema>(roomId: string, kind: ItemKind<T>): Map<string, Static<T>>;
  save<T extends TSchema>(roomId: string, kind: ItemKind<T>, entry: { key: string; value: Static<T> }): void;
  delete(roomId: string, kind: ItemKind, key: string): void;
  /** Forgets what belongs to the meeting that has ended. */
  clearMeeting(roomId: string): void;
}

/** One sitting of a room. */
export interface MeetingRecord {
  meetingId: string;
  roomId: string;
  roomName: string;
  startedAt: number;
  /** null while it goes on. */
  endedAt: number | null;
}

/** One stay of somebody in a meeting. */
export interface StayRecord {
  /** The participantId: each stay is another participant. */
  stayId: string;
  meetingId: string;
  identity: string;
  displayName: string;
  role: Role;
  kind: ParticipantKind;
  joinedAt: number;
  leftAt: number | null;
  /** Mean score of what they sent, 0 (lost) to 10 (perfect), as mediasoup rates it; null when nothing was sent. */
  sentQuality: number | null;
}

export interface MeetingStore {
  start(meeting: MeetingRecord): void;
  end(meetingId: string, endedAt: number): void;
  /** The meeting that was going on when the process ended. */
  findOpen(roomId: string): MeetingRecord | undefined;
  saveStay(stay: StayRecord): void;
  /** Ends the stays that the process could not end, none before it began, and gives them. */
  closeStays(meetingId: string, leftAt: number): StayRecord[];
  /** The process lives, and somebody is in a meeting. */
  beat(at: number): void;
  /** When it last said so; null when it never did. */
  lastBeat(): number | null;
}

/** Something that somebody did to a room or to somebody in it. */
export interface AuditEntry {
  roomId: string;
  meetingId: string | null;
  at: number;
  /** Who did it; null when the server did. */
  by: { identity: string; displayName: string } | null;
  action: string;
  /** Whom it was done to. */
  to: { identity: string; displayName: string } | null;
  details: Readonly<Record<string, unknown>>;
}

export interface AuditStore {
  append(entry: AuditEntry): void;
}

/** What is kept of live streams; it goes with the meeting. */
export interface LiveStreamStore {
  save(meetingId: string, live: LiveStreamInfo): void;
  find(liveId: string): { meetingId: string; live: LiveStreamInfo } | undefined;
}

/** A message as it is kept: without its files' contents. */
export interface ChatRecord extends Omit<ChatMessage, 'seq' | 'files'> {
  roomId: string;
  meetingId: string;
  fileIds: string[];
}

/** Which messages somebody may read. */
export interface ChatView {
  roomId: string;
  meetingId: string;
  identity: string;
  breakoutId: string | null;
  /** Messages to all up to this number are not shown. */
  afterSeq: number;
}

export interface ChatStore {
  /** Number of the last message of all. */
  lastSeq(): number;
  /** Gives its number. */
  append(record: ChatRecord): number;
  find(meetingId: string, messageId: string): ChatMessage | undefined;
  /** Edits, deletions and reactions. Files that it has no more are removed. */
  update(message: ChatMessage): void;
  /** The newest that come before `before`, oldest first. */
  list(view: ChatView, page: { before?: number; limit: number }): { messages: ChatMessage[]; more: boolean };
  /** Deletes what was sent to all. */
  clear(meetingId: string): void;
}

/** A file that somebody shared, without its content. */
export interface FileRecord extends FileInfo {
  roomId: string;
  meetingId: string;
  /** Identity of who uploaded it. */
  uploader: string;
  /** The message that has it; null until that is sent. */
  messageId: string | null;
  createdAt: number;
}

/** Files go with their message: where it is deleted, with its meeting or alone, they are removed, too. */
export interface FileStore {
  add(file: Omit<FileRecord, 'messageId'>): void;
  find(fileId: string): FileRecord | undefined;
  /** Bytes that files take, of one room or of all. */
  usedBytes(roomId?: string): number;
  /** Removes those that were uploaded before this moment and are in no message. */
  removeUnsent(before: number): void;
  /** Files whose content has still to be deleted. */
  removed(): string[];
  /** The content of a removed file has been deleted. */
  forget(fileId: string): void;
}

/** What is in files. */
export interface FileContents {
  /**
   * Writes what comes; whole and on disk when this resolves. Leaves nothing, and rejects likewise, when that fails; rejects
   * with QUOTA_EXCEEDED when the disk is full.
   */
  write(fileId: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Rejects with FILE_NOT_FOUND. */
  read(fileId: string): Promise<Readable>;
  /** Deleting what is not there does nothing. */
  delete(fileId: string): Promise<void>;
}

export interface Stores {
  readonly rooms: RoomStore;
  readonly items: ItemStore;
  readonly meetings: MeetingStore;
  readonly liveStreams: LiveStreamStore;
  readonly audit: AuditStore;
  readonly chat: ChatStore;
  /** What is written within is on disk all together, or not at all. May stand within another. */
  atomically<T>(work: () => T): T;
  readonly files: FileStore;
  readonly contents: FileContents;
}

/** Whether a room is open to others than hosts, and between which moments (ms since the epoch) it is or will be next. */
export interface Hours {
  isOpen: boolean;
  /** null when it never will be. */
  opensAt: number | null;
  closesAt: number | null;
}

/** Rooms that are open only for their scheduled meetings. */
export interface RoomHours {
  /** Nothing where no meeting restricts the room. */
  hoursOf(room: string, now: number): Hours | undefined;
  /** Nobody can meet there any more. */
  roomDeleted(room: string, now: number): void;
}

/** A room, as those see it who record it. */
export interface RecordedRoom {
  readonly roomId: string;
  readonly name: string;
  readonly info: RoomInfo;
  readonly meetingId: string | null;
  /** What people in this place see of it is different now; or what only hosts see. */
  egressChanged(breakoutId: string | null, whose?: { hostsOnly: boolean }): void;
  /** A target of its live stream got into another state. */
  liveTargetChanged(): void;
  /** Its live stream is over; `why`, for people, where nobody asked for that. */
  liveEnded(liveId: string, why: string | undefined): void;
}

/** What is to be recorded, where, and how. */
export interface RecordingWish {
  breakoutId: string | null;
  /** Name of the breakout room; empty for the main room. */
  breakoutName: string;
  kind: RecordingKind;
  format: RecordingFormat;
  layout: PictureLayout;
  /** Open breakout rooms belong to it. */
  breakouts: boolean;
  /** null: by the settings of the room. */
  by: Person | null;
  /** Of a breakout room: the recording of the meeting. */
  parentRecordingId: string | null;
}

export type RecordingAction =
  | { type: 'stop' | 'pause' | 'resume' }
  | { type: 'setLayout'; layout: PictureLayout }
  | { type: 'mark'; title: string };

/** A recording that has not ended. */
export interface CurrentRecording {
  recordingId: string;
  breakoutId: string | null;
  kind: RecordingKind;
  breakouts: boolean;
  parentRecordingId: string | null;
  isPaused: boolean;
}

/** A target of a live stream; the address has its key, and goes to nobody. */
export interface LiveTargetWish {
  targetId: string;
  url: string;
}

/** A live stream of the main room. */
export interface LiveWish {
  liveId: string;
  startedAt: number;
  by: Person | null;
  /** Whether there is a page where anybody with the link can watch. */
  page: boolean;
  targets: readonly LiveTargetWish[];
  layout: PictureLayout;
  /** A former process had begun it: where the disk has no room for its page, that waits, and the targets go on. */
  goesOn: boolean;
}

export type LiveAction =
  | { type: 'stop' }
  | { type: 'addTarget'; target: LiveTargetWish }
  | { type: 'removeTarget'; targetId: string }
  | { type: 'setLayout'; layout: PictureLayout };

/** Streams rooms. The rooms decide who may ask for it. */
export interface Streaming {
  /** As hosts see it; null where nothing is streamed. */
  stateOf(roomId: string): LiveStream | null;
  /**
   * Begins; `running` resolves when the recorder is at work, and rejects with RECORDING_FFMPEG_MISSING, RECORDING_FAILED.
   * Throws RECORDING_OFF, RECORDING_CAPACITY, and RECORDING_DISK_FULL where a page is wanted.
   */
  begin(room: RecordedRoom, wish: LiveWish): { running: Promise<void> };
  /** Nothing where nothing is streamed. */
  control(roomId: string, action: LiveAction): void;
}

/** A composite that is wanted as RTP. */
export interface FeedWish {
  feedId: string;
  address: FeedAddress;
  /** It is sent from this port. Comes again, with the same port, when a recorder took the place of one that died. */
  opened(port: number): void;
  /** Nothing more comes; once, also where `stop` was called. */
  ended(why: string): void;
}

/** Makes composites for those who watch them as they are made. */
export interface Feeding {
  /**
   * Begins, with the program that the main room has, or another; `running` as in Streaming.begin. Throws RECORDING_OFF,
   * RECORDING_CAPACITY, SHUTTING_DOWN.
   */
  begin(room: RecordedRoom, wish: FeedWish): { running: Promise<void>; stop(): void };
}

/** Records rooms, and streams them. The rooms decide who may ask for it. */
export interface Egress {
  readonly live: Streaming;
  /** What people in a place see of recordings. */
  stateOf(roomId: string, breakoutId: string | null): Pick<EgressState, 'recordings'>;
  /** What is recorded of a room at the moment. */
  current(roomId: string): CurrentRecording[];
  /** What a crash of the server had cut, until it goes on; it can be stopped. */
  waiting(roomId: string): CurrentRecording[];
  /**
   * Begins; `running` resolves when the recorder is at work, and rejects with RECORDING_FFMPEG_MISSING, RECORDING_FAILED.
   * Throws RECORDING_OFF, RECORDING_RUNNING, RECORDING_CAPACITY, RECORDING_DISK_FULL.
   */
  begin(room: RecordedRoom, wish: RecordingWish): { recordingId: string; running: Promise<void> };
  /** Throws RECORDING_NOT_RUNNING, WRONG_STATE. */
  control(recordingId: string, action: RecordingAction): void;
  /** People are in the room: what a crash of the server had cut goes on. */
  peopleCame(room: RecordedRoom): void;
  /** All that is recorded of it ends. */
  meetingEnded(roomId: string): void;
  /** Where a recorder of this server belongs, by its identity; undefined for whom this server did not send. */
  placeOf(identity: string): { breakoutId: string | null } | undefined;
  /** A host has removed a recorder: what is made of its program ends. */
  recorderRemoved(identity: string): void;
}
