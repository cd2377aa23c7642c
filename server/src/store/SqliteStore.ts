import type { Stores } from '../room/ports.ts';
import { AuditTable } from './AuditTable.ts';
import { ChatTable } from './ChatTable.ts';
import { Database } from './Database.ts';
import { HistoryTables } from './HistoryTables.ts';
import { ItemTable } from './ItemTable.ts';
import { MeetingTable } from './MeetingTable.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { RoomTable } from './RoomTable.ts';
import { WebhookOutboxTable } from './WebhookOutboxTable.ts';
import { WebhookTable } from './WebhookTable.ts';

/** Everything that outlives the process, in one SQLite file. */
export class SqliteStore implements Stores {
  readonly #database: Database;
  readonly rooms: RoomTable;
  readonly items: ItemTable;
  readonly meetings: MeetingTable;
  readonly audit: AuditTable;
  readonly chat: ChatTable;
  readonly webhooks: WebhookTable;
  readonly webhookOutbox: WebhookOutboxTable;
  readonly history: HistoryTables;

  private constructor(database: Database) {
    this.#database = database;
    this.rooms = new RoomTable(database);
    this.items = new ItemTable(database);
    this.meetings = new MeetingTable(database);
    this.audit = new AuditTable(database);
    this.chat = new ChatTable(database);
    this.webhooks = new WebhookTable(database);
    this.webhookOutbox = new WebhookOutboxTable(database);
    this.history = new HistoryTables(database);
  }

  /** Opens or creates the database of a data folder. Throws StoreError. */
  static open(dataDir: string, migrations: readonly Migration[] = MIGRATIONS): SqliteStore {
    return new SqliteStore(Database.open(dataDir, migrations));
  }

  atomically<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  close(): void {
    this.#database.close();
  }
}
