import type { Stores } from '../room/ports.ts';
import { AuditTable } from './AuditTable.ts';
import { CallTable } from './CallTable.ts';
import { ChatTable } from './ChatTable.ts';
import { Database } from './Database.ts';
import { FileFolder } from './FileFolder.ts';
import { FileTable } from './FileTable.ts';
import { HistoryTables } from './HistoryTables.ts';
import { HostSessionTable } from './HostSessionTable.ts';
import { ItemTable } from './ItemTable.ts';
import { LiveStreamTable } from './LiveStreamTable.ts';
import { MeetingTable } from './MeetingTable.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { PhoneEntryTable } from './PhoneEntryTable.ts';
import { PinTable } from './PinTable.ts';
import { RecordingTable } from './RecordingTable.ts';
import { RoomTable } from './RoomTable.ts';
import { ScheduleTable } from './ScheduleTable.ts';
import { WebhookOutboxTable } from './WebhookOutboxTable.ts';
import { WebhookTable } from './WebhookTable.ts';

/** Everything that outlives the process: one SQLite file, and beside it a folder of what people shared. */
export class SqliteStore implements Stores {
  readonly #database: Database;
  readonly rooms: RoomTable;
  readonly items: ItemTable;
  readonly meetings: MeetingTable;
  readonly liveStreams: LiveStreamTable;
  readonly audit: AuditTable;
  readonly chat: ChatTable;
  readonly schedules: ScheduleTable;
  readonly webhooks: WebhookTable;
  readonly webhookOutbox: WebhookOutboxTable;
  readonly files: FileTable;
  readonly contents: FileFolder;
  readonly history: HistoryTables;
  readonly hostSessions: HostSessionTable;
  readonly recordings: RecordingTable;
  readonly phoneEntries: PhoneEntryTable;
  readonly pins: PinTable;
  readonly calls: CallTable;

  private constructor(database: Database, dataDir: string) {
    this.#database = database;
    this.rooms = new RoomTable(database);
    this.items = new ItemTable(database);
    this.meetings = new MeetingTable(database);
    this.liveStreams = new LiveStreamTable(database);
    this.audit = new AuditTable(database);
    this.chat = new ChatTable(database);
    this.schedules = new ScheduleTable(database);
    this.webhooks = new WebhookTable(database);
    this.webhookOutbox = new WebhookOutboxTable(database);
    this.files = new FileTable(database);
    this.contents = FileFolder.open(dataDir, (fileId) => this.files.find(fileId) !== undefined);
    this.history = new HistoryTables(database);
    this.hostSessions = new HostSessionTable(database);
    this.recordings = new RecordingTable(database);
    this.phoneEntries = new PhoneEntryTable(database);
    this.pins = new PinTable(database);
    this.calls = new CallTable(database);
  }

  /** Opens or creates the database of a data folder. Throws StoreError. */
  static open(dataDir: string, migrations: readonly Migration[] = MIGRATIONS): SqliteStore {
    const database = Database.open(dataDir, migrations);
    try {
      return new SqliteStore(database, dataDir);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  atomically<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  close(): void {
    this.#database.close();
  }
}
