/**
 * The schema of the database, as the steps that lead to it. A step that has been released is never changed; what is
 * to be different comes as a new step at the end.
 */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'rooms',
    sql: `
      CREATE TABLE rooms (
        room_id    TEXT PRIMARY KEY,
        name       TEXT NOT NULL UNIQUE,
        settings   TEXT NOT NULL CHECK (json_valid(settings)),
        created_at INTEGER NOT NULL
      ) STRICT;
    `,
  },
];
