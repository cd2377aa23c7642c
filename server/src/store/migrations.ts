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
  {
    name: 'meetings, people and chat',
    sql: `
      ALTER TABLE rooms ADD COLUMN password_hash TEXT;
      ALTER TABLE rooms ADD COLUMN kept INTEGER NOT NULL DEFAULT 1;

      CREATE TABLE items (
        room_id TEXT NOT NULL REFERENCES rooms (room_id) ON DELETE CASCADE,
        kind    TEXT NOT NULL,
        key     TEXT NOT NULL,
        value   TEXT NOT NULL CHECK (json_valid(value)),
        lasting INTEGER NOT NULL,
        PRIMARY KEY (room_id, kind, key)
      ) STRICT, WITHOUT ROWID;

      -- Meetings, what was said in them and who did what are history: they outlive their room.
      CREATE TABLE meetings (
        meeting_id TEXT PRIMARY KEY,
        room_id    TEXT NOT NULL,
        room_name  TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        ended_at   INTEGER
      ) STRICT;
      CREATE INDEX meetings_of_room ON meetings (room_id, started_at);

      CREATE TABLE stays (
        stay_id      TEXT PRIMARY KEY,
        meeting_id   TEXT NOT NULL REFERENCES meetings (meeting_id) ON DELETE CASCADE,
        identity     TEXT NOT NULL,
        display_name TEXT NOT NULL,
        role         TEXT NOT NULL,
        kind         TEXT NOT NULL,
        joined_at    INTEGER NOT NULL,
        left_at      INTEGER,
        sent_quality REAL
      ) STRICT;
      CREATE INDEX stays_of_meeting ON stays (meeting_id, joined_at);

      CREATE TABLE audit (
        audit_id   INTEGER PRIMARY KEY,
        room_id    TEXT NOT NULL,
        meeting_id TEXT,
        at         INTEGER NOT NULL,
        by_whom    TEXT CHECK (json_valid(by_whom)),
        action     TEXT NOT NULL,
        to_whom    TEXT CHECK (json_valid(to_whom)),
        details    TEXT NOT NULL CHECK (json_valid(details))
      ) STRICT;
      CREATE INDEX audit_of_room ON audit (room_id, audit_id);

      CREATE TABLE messages (
        seq         INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id  TEXT NOT NULL UNIQUE,
        room_id     TEXT NOT NULL,
        meeting_id  TEXT NOT NULL REFERENCES meetings (meeting_id) ON DELETE CASCADE,
        breakout_id TEXT,
        sender      TEXT NOT NULL,
        sender_name TEXT NOT NULL,
        receiver    TEXT,
        receiver_name TEXT,
        text        TEXT NOT NULL,
        sent_at     INTEGER NOT NULL,
        edited_at   INTEGER,
        deleted_at  INTEGER,
        reply_to    TEXT,
        reactions   TEXT NOT NULL CHECK (json_valid(reactions)),
        file_ids    TEXT NOT NULL CHECK (json_valid(file_ids))
      ) STRICT;
      CREATE INDEX messages_of_meeting ON messages (meeting_id, seq);

      CREATE TABLE files (
        file_id    TEXT PRIMARY KEY,
        room_id    TEXT NOT NULL,
        meeting_id TEXT NOT NULL,
        uploader   TEXT NOT NULL,
        name       TEXT NOT NULL,
        type       TEXT NOT NULL,
        size       INTEGER NOT NULL,
        is_image   INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX files_of_room ON files (room_id, created_at);
    `,
  },
  {
    name: 'webhooks',
    sql: `
      CREATE TABLE webhooks (
        webhook_id TEXT PRIMARY KEY,
        url        TEXT NOT NULL,
        events     TEXT CHECK (json_valid(events)),
        room       TEXT,
        enabled    INTEGER NOT NULL,
        fixed      INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;

      -- The number of the last event of each room. It may outlive the room for a while: its last events come after its end.
      CREATE TABLE webhook_numbers (
        room_id TEXT PRIMARY KEY,
        seq     INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE webhook_events (
        event_id   TEXT PRIMARY KEY,
        event      TEXT NOT NULL,
        room_id    TEXT,
        room       TEXT,
        seq        INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        body       TEXT NOT NULL
      ) STRICT;
      CREATE INDEX webhook_events_by_age ON webhook_events (created_at);
      CREATE INDEX webhook_events_of_room ON webhook_events (room_id);

      CREATE TABLE webhook_deliveries (
        delivery_no     INTEGER PRIMARY KEY AUTOINCREMENT,
        delivery_id     TEXT NOT NULL UNIQUE,
        webhook_id      TEXT NOT NULL REFERENCES webhooks (webhook_id) ON DELETE CASCADE,
        event_id        TEXT NOT NULL REFERENCES webhook_events (event_id),
        room_id         TEXT,
        status          TEXT NOT NULL,
        attempts        INTEGER NOT NULL,
        created_at      INTEGER NOT NULL,
        last_attempt_at INTEGER,
        next_attempt_at INTEGER,
        response_status INTEGER,
        duration        INTEGER,
        error           TEXT,
        replay_of       TEXT
      ) STRICT;
      CREATE INDEX webhook_log ON webhook_deliveries (webhook_id, delivery_no);
      CREATE INDEX webhook_queue ON webhook_deliveries (webhook_id, room_id, delivery_no) WHERE status = 'pending';
      CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at) WHERE status <> 'pending';
      CREATE INDEX webhook_replays ON webhook_deliveries (replay_of) WHERE replay_of IS NOT NULL;
      CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (event_id);
    `,
  },
  {
    name: 'files of messages',
    sql: `
      -- A file goes with its message. One that no message has yet has been uploaded a moment ago.
      ALTER TABLE files ADD COLUMN message_id TEXT REFERENCES messages (message_id) ON DELETE CASCADE;
      ALTER TABLE files ADD COLUMN width INTEGER;
      ALTER TABLE files ADD COLUMN height INTEGER;
      CREATE INDEX files_of_message ON files (message_id);

      -- Contents that are still to be deleted, however their row came to go.
      CREATE TABLE removed_files (file_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      CREATE TRIGGER file_removed AFTER DELETE ON files BEGIN
        INSERT OR IGNORE INTO removed_files VALUES (old.file_id);
      END;
    `,
  },
  {
    name: 'schedules',
    sql: `
      -- The room is named, not referred to: what was planned stays readable when the room has gone.
      CREATE TABLE schedules (
        schedule_no INTEGER PRIMARY KEY AUTOINCREMENT,
        schedule_id TEXT NOT NULL UNIQUE,
        room        TEXT NOT NULL,
        only_then   INTEGER NOT NULL,
        cancelled   INTEGER NOT NULL,
        over_at     INTEGER,
        value       TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT;
      CREATE INDEX schedules_of_room ON schedules (room, schedule_no);
      CREATE INDEX schedules_by_end ON schedules (over_at);
    `,
  },
  {
    name: 'hosts who sign in',
    sql: `
      -- Who made the room by signing in; null for rooms of integrators and guests.
      ALTER TABLE rooms ADD COLUMN owned_by TEXT;

      CREATE TABLE host_sessions (
        secret_hash  TEXT PRIMARY KEY,
        identity     TEXT NOT NULL,
        display_name TEXT NOT NULL,
        email        TEXT,
        admin        INTEGER NOT NULL,
        way          TEXT NOT NULL,
        policy       TEXT NOT NULL,
        id_token     TEXT,
        created_at   INTEGER NOT NULL,
        seen_at      INTEGER NOT NULL,
        expires_at   INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX host_sessions_by_expiry ON host_sessions (expires_at);
    `,
  },
  {
    name: 'heartbeat',
    sql: `
      -- When the process last said that it lives and somebody is in a meeting: one row.
      CREATE TABLE heartbeat (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        at  INTEGER NOT NULL
      ) STRICT;
    `,
  },
  {
    name: 'recordings',
    sql: `
      -- They outlive their room and their meeting. is_open: it has not ended, or its files are still to be deleted.
      CREATE TABLE recordings (
        recording_no INTEGER PRIMARY KEY AUTOINCREMENT,
        recording_id TEXT NOT NULL UNIQUE,
        room_id      TEXT NOT NULL,
        room         TEXT NOT NULL,
        meeting_id   TEXT,
        started_at   INTEGER NOT NULL,
        ended_at     INTEGER,
        is_open      INTEGER NOT NULL,
        value        TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT;
      CREATE INDEX recordings_of_room ON recordings (room, recording_no);
      CREATE INDEX recordings_of_meeting ON recordings (meeting_id, recording_no);
      CREATE INDEX recordings_by_end ON recordings (ended_at);
    `,
  },
  {
    name: 'live streams',
    sql: `
      -- When a meeting was streamed to the world, and where to; never with the keys of targets.
      CREATE TABLE live_streams (
        live_id    TEXT PRIMARY KEY,
        meeting_id TEXT NOT NULL REFERENCES meetings (meeting_id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,
        ended_at   INTEGER,
        started_by TEXT NOT NULL CHECK (json_valid(started_by)),
        had_page   INTEGER NOT NULL,
        targets    TEXT NOT NULL CHECK (json_valid(targets)),
        message    TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX live_streams_of_meeting ON live_streams (meeting_id, started_at);
    `,
  },
  {
    name: 'phones',
    sql: `
      -- Trunks, rules and extensions that were made by REST; their passwords are encrypted.
      CREATE TABLE phone_entries (
        kind  TEXT NOT NULL,
        id    TEXT NOT NULL,
        value TEXT NOT NULL CHECK (json_valid(value)),
        PRIMARY KEY (kind, id)
      ) STRICT, WITHOUT ROWID;

      -- mark: keyed hash of the digits. sealed: the digits, encrypted, of the one that a room shows to its hosts.
      CREATE TABLE pins (
        pin_id     TEXT PRIMARY KEY,
        room_id    TEXT NOT NULL REFERENCES rooms (room_id) ON DELETE CASCADE,
        mark       TEXT NOT NULL UNIQUE,
        length     INTEGER NOT NULL,
        sealed     TEXT,
        holder     TEXT CHECK (json_valid(holder)),
        created_at INTEGER NOT NULL,
        expires_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX pin_of_room ON pins (room_id) WHERE holder IS NULL;
      CREATE INDEX pins_of_room ON pins (room_id);

      -- They outlive their room and their trunk, and go when meetings of their age do.
      CREATE TABLE calls (
        call_no     INTEGER PRIMARY KEY AUTOINCREMENT,
        call_id     TEXT NOT NULL UNIQUE,
        direction   TEXT NOT NULL,
        trunk_id    TEXT,
        caller      TEXT NOT NULL,
        called      TEXT NOT NULL,
        identity    TEXT,
        room        TEXT,
        meeting_id  TEXT,
        started_at  INTEGER NOT NULL,
        answered_at INTEGER,
        ended_at    INTEGER,
        value       TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT;
      CREATE INDEX calls_of_meeting ON calls (meeting_id, call_no);
      CREATE INDEX calls_of_room ON calls (room, call_no);
      CREATE INDEX calls_of_trunk ON calls (trunk_id, direction, answered_at);
      CREATE INDEX calls_by_end ON calls (ended_at);

      CREATE TABLE refused_calls (
        refusal_no INTEGER PRIMARY KEY AUTOINCREMENT,
        at         INTEGER NOT NULL,
        value      TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT;
      CREATE INDEX refused_calls_by_age ON refused_calls (at);
    `,
  },
];
