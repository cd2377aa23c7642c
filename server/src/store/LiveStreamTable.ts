import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { LiveStreamInfo } from '@parley/protocol';
import type { LiveStreamStore } from '../room/ports.ts';
import type { Database } from './Database.ts';

/** What is kept of live streams. They go with their meeting. */
export class LiveStreamTable implements LiveStreamStore {
  readonly #save: StatementSync;
  readonly #find: StatementSync;

  constructor(database: Database) {
    this.#save = database.prepare(
      `INSERT INTO live_streams (live_id, meeting_id, started_at, ended_at, started_by, had_page, targets, message)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (live_id) DO UPDATE SET ended_at = excluded.ended_at, targets = excluded.targets,
         message = excluded.message`,
    );
    this.#find = database.prepare('SELECT * FROM live_streams WHERE live_id = ?');
  }

  save(meetingId: string, live: LiveStreamInfo): void {
    const { liveId, startedAt, endedAt, startedBy, hadPage, targets, message } = live;
    this.#save.run(
      ...([liveId, meetingId, startedAt, endedAt, JSON.stringify(startedBy)] as const),
      ...([Number(hadPage), JSON.stringify(targets), message] as const),
    );
  }

  find(liveId: string): { meetingId: string; live: LiveStreamInfo } | undefined {
    const row = this.#find.get(liveId);
    return row && { meetingId: String(row['meeting_id']), live: liveStreamIn(row) };
  }
}

export const liveStreamIn = (row: Record<string, SQLOutputValue>): LiveStreamInfo => ({
  liveId: String(row['live_id']),
  startedAt: Number(row['started_at']),
  startedBy: JSON.parse(String(row['started_by'])) as LiveStreamInfo['startedBy'],
  endedAt: typeof row['ended_at'] === 'number' ? row['ended_at'] : null,
  hadPage: row['had_page'] === 1,
  targets: JSON.parse(String(row['targets'])) as string[],
  message: String(row['message']),
});
