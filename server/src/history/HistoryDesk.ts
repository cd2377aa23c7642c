import type { Readable } from 'node:stream';
import {
  ParleyError,
  type CallRecord,
  type AuditEntryInfo,
  type FileInfo,
  type HistoryMessage,
  type MeetingDetails,
  type MeetingInfo,
  type RecordingInfo,
} from '@parley/protocol';
import type { Caller } from '../auth/grants.ts';
import { hostIn } from '../room/hostIn.ts';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '../room/paging.ts';
import type { FileContents } from '../room/ports.ts';
import type { Room } from '../room/Room.ts';
import type { HistoryStore } from './ports.ts';

/** Whose question, and about which room. */
export interface Question {
  room: string;
  by: Caller;
}

/** What is kept elsewhere of meetings: files' contents, and recordings and calls, first ones first. */
export interface Beside {
  contents: Pick<FileContents, 'read'>;
  recordings(meetingId: string): RecordingInfo[];
  calls(meetingId: string): CallRecord[];
}

const MAX_DETAILS = 2000;
const MAX_STREAMS = 200;

/** What hosts may know of the past. It is asked for by the name of the room, which may be gone by now. */
export class HistoryDesk {
  readonly #rooms: { find(name: string): Room | undefined };
  readonly #store: HistoryStore;
  readonly #beside: Beside;

  constructor(rooms: { find(name: string): Room | undefined }, store: HistoryStore, beside: Beside) {
    this.#rooms = rooms;
    this.#store = store;
    this.#beside = beside;
  }

  /** Newest first. Throws PERMISSION_DENIED, INVALID_PARAMS. */
  listMeetings(question: Question, { limit = 50, cursor }: PageRequest): Page<MeetingInfo> {
    const since = this.#assertHost(question);
    const before = cursor === undefined ? undefined : placeOf(cursor);
    const found = this.#store.meetings(question.room, { limit: limit + 1, ...(before && { before }) });
    const theirs = found.filter(({ startedAt }) => startedAt >= since);
    return pageFrom(theirs, limit, ({ startedAt, meetingId }) => `${startedAt}.${meetingId}`);
  }

  /** Throws PERMISSION_DENIED, MEETING_NOT_FOUND. */
  getMeeting(question: Question, meetingId: string): MeetingDetails {
    const meeting = this.#find(question, meetingId);
    const stays = this.#store.stays(meetingId, MAX_DETAILS);
    const files = this.#store.files(meetingId, MAX_DETAILS);
    const recordings = this.#beside.recordings(meetingId);
    const liveStreams = this.#store.liveStreams(meetingId, MAX_STREAMS);
    const calls = this.#beside.calls(meetingId);
    return { ...meeting, quality: qualityOf(stays), stays, files, recordings, calls, liveStreams };
  }

  /** What was said to all, oldest first. Private messages stay private. Throws PERMISSION_DENIED, MEETING_NOT_FOUND, INVALID_PARAMS. */
  listMessages(
    question: Question,
    { meetingId, limit = 50, cursor }: PageRequest & { meetingId: string },
  ): Page<HistoryMessage> {
    this.#find(question, meetingId);
    const after = cursor === undefined ? 0 : numberIn(cursor);
    const found = this.#store.messages(meetingId, { after, limit: limit + 1 });
    const { items, nextCursor } = pageFrom(found, limit, ({ seq }) => String(seq));
    return { items: items.map(({ message }) => message), nextCursor };
  }

  /** A file that was shared with all. Rejects with PERMISSION_DENIED, MEETING_NOT_FOUND, FILE_NOT_FOUND. */
  async openFile(
    question: Question,
    { meetingId, fileId }: { meetingId: string; fileId: string },
  ): Promise<{ file: FileInfo; content: Readable }> {
    this.#find(question, meetingId);
    const file = this.#store.findFile(meetingId, fileId);
    if (!file) throw new ParleyError('FILE_NOT_FOUND');
    return { file, content: await this.#beside.contents.read(fileId) };
  }

  /** Newest first. Throws PERMISSION_DENIED, INVALID_PARAMS. */
  listAudit(question: Question, { limit = 50, cursor }: PageRequest): Page<AuditEntryInfo> {
    const since = this.#assertHost(question);
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : numberIn(cursor);
    const found = this.#store.audit(question.room, { before, limit: limit + 1 });
    const theirs = found.filter(({ at }) => at >= since);
    return pageFrom(theirs, limit, ({ auditId }) => String(auditId));
  }

  #find(question: Question, meetingId: string): MeetingInfo {
    const since = this.#assertHost(question);
    const meeting = this.#store.findMeeting(question.room, meetingId);
    if (!meeting || meeting.startedAt < since) throw new ParleyError('MEETING_NOT_FOUND');
    return meeting;
  }

  /** Gives the time from which on they may know. */
  #assertHost({ room: name, by }: Question): number {
    const room = this.#rooms.find(name);
    if (room) hostIn(room, by);
    // Nobody is a host of a room that is gone.
    else if (!by.isIntegrator) throw new ParleyError('PERMISSION_DENIED');
    // A room that is gone may have had the same name, and other hosts.
    return room && (by.ownsThisOnly || !by.isIntegrator) ? room.record.createdAt : 0;
  }
}

/** Of all that was sent: each stay counts as long as it lasted. */
function qualityOf(
  stays: readonly { joinedAt: number; leftAt: number | null; sentQuality: number | null }[],
) {
  let weighted = 0;
  let duration = 0;
  for (const { joinedAt, leftAt, sentQuality } of stays) {
    if (sentQuality === null) continue;
    const lasted = Math.max(1, (leftAt ?? Date.now()) - joinedAt);
    weighted += sentQuality * lasted;
    duration += lasted;
  }
  return duration === 0 ? null : Math.round((weighted / duration) * 100) / 100;
}

function pageFrom<T>(found: T[], limit: number, keyOf: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last && found.length > limit ? encodeCursor(keyOf(last)) : null };
}

function placeOf(cursor: string): { startedAt: number; meetingId: string } {
  const [, startedAt, meetingId] = /^(\d{1,15})\.([\w-]+)$/.exec(decodeCursor(cursor)) ?? [];
  if (startedAt === undefined || meetingId === undefined) throw noCursor();
  return { startedAt: Number(startedAt), meetingId };
}

function numberIn(cursor: string): number {
  const key = decodeCursor(cursor);
  if (!/^\d{1,15}$/.test(key)) throw noCursor();
  return Number(key);
}

const noCursor = (): ParleyError =>
  new ParleyError('INVALID_PARAMS', { details: { path: 'cursor', reason: 'not a cursor of this list' } });
