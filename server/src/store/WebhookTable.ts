import type { StatementSync } from 'node:sqlite';
import { Webhook } from '@parley/protocol';
import { Value } from 'typebox/value';
import type { Database } from './Database.ts';
import { StoreError } from './StoreError.ts';

const parse = (json: string): unknown => JSON.parse(json);

/** Where events are posted to. */
export class WebhookTable {
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#load = database.prepare('SELECT * FROM webhooks ORDER BY created_at, webhook_id');
    this.#save = database.prepare(
      `INSERT INTO webhooks (webhook_id, url, events, room, enabled, fixed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (webhook_id) DO UPDATE SET url = excluded.url, events = excluded.events, room = excluded.room,
         enabled = excluded.enabled, fixed = excluded.fixed`,
    );
    this.#delete = database.prepare('DELETE FROM webhooks WHERE webhook_id = ?');
  }

  /** All, oldest first. Throws StoreError when a row cannot be understood. */
  load(): Webhook[] {
    return this.#load.all().map((row) => {
      const webhook: unknown = {
        webhookId: row['webhook_id'],
        url: row['url'],
        events: row['events'] === null ? null : parse(String(row['events'])),
        room: row['room'],
        enabled: row['enabled'] === 1,
        fixed: row['fixed'] === 1,
        createdAt: row['created_at'],
      };
      if (!Value.Check(Webhook, webhook)) {
        throw new StoreError(
          `The webhook ${String(row['webhook_id'])} in the database is not valid. Restore a backup, or correct or ` +
            'delete the row of the table webhooks with the sqlite3 program.',
        );
      }
      return webhook;
    });
  }

  save(w: Webhook): void {
    this.#save.run(
      w.webhookId,
      w.url,
      w.events && JSON.stringify(w.events),
      w.room,
      Number(w.enabled),
      Number(w.fixed),
      w.createdAt,
    );
  }

  delete(webhookId: string): void {
    this.#delete.run(webhookId);
  }
}
