import type {
  AuditEntryInfo,
  FileInfo,
  HistoryMessage,
  LiveStreamInfo,
  MeetingDetails,
  MeetingInfo,
  StayInfo,
} from '@parley/protocol';

/** Reads what is kept of the past. All lists stop at `limit`. */
export interface HistoryStore {
  /** Newest first; those that started before `before`, or at the same moment with a lower id. */
  meetings(
    room: string,
    page: { before?: { startedAt: number; meetingId: string }; limit: number },
  ): MeetingInfo[];
  findMeeting(room: string, meetingId: string): MeetingInfo | undefined;
  stays(meetingId: string, limit: number): StayInfo[];
  files(meetingId: string, limit: number): MeetingDetails['files'];
  /** Oldest first. */
  liveStreams(meetingId: string, limit: number): LiveStreamInfo[];
  /** One of those that `files` gives. */
  findFile(meetingId: string, fileId: string): FileInfo | undefined;
  /** Oldest first; what was sent to all and has not been deleted. */
  messages(
    meetingId: string,
    page: { after: number; limit: number },
  ): { seq: number; message: HistoryMessage }[];
  /** Newest first; of all rooms that had this name. */
  audit(room: string, page: { before: number; limit: number }): AuditEntryInfo[];
}

/** Deletes what is older than a moment (milliseconds since the epoch), at most `limit` of it; gives how many it were. */
export interface RetentionStore {
  deleteMeetings(endedBefore: number, limit: number): number;
  deleteMessages(sentBefore: number, limit: number): number;
  /** Those that were cancelled, or whose last occurrence ended. */
  deleteSchedules(overBefore: number, limit: number): number;
  deleteAudit(before: number, limit: number): number;
  /** Calls that ended, and those that were refused. */
  deleteCalls(endedBefore: number, limit: number): number;
  /** Leaves nothing of it in the files of the database. */
  compact(): void;
}
