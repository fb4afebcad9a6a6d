-- What is tracked, what was read, what was decided, what was intended.
-- Instants are ISO 8601 text in UTC, so that their order is the order of time; `data` is the value as JSON.

CREATE TABLE interviews (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
    message_id TEXT PRIMARY KEY,
    interview TEXT,
    own INTEGER NOT NULL,
    date TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_interview ON messages (interview, date);

-- Who answers whom: a message can come before the one that it answers is assigned.
CREATE TABLE links (
    parent TEXT NOT NULL,
    child TEXT NOT NULL,
    PRIMARY KEY (parent, child)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_child ON links (child);

CREATE TABLE appointments (
    uid TEXT PRIMARY KEY,
    interview TEXT NOT NULL
) STRICT;

CREATE TABLE cursors (
    folder TEXT PRIMARY KEY,
    uidvalidity INTEGER NOT NULL,
    last_uid INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    interview TEXT NOT NULL,
    at TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_interview ON events (interview, at, id);

-- The history is append-only, whoever writes.
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE reviews (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL UNIQUE,
    data TEXT NOT NULL,
    resolved_at TEXT,
    resolution TEXT NOT NULL DEFAULT '',
    interview TEXT
) STRICT;

CREATE TABLE drafts (
    interview TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    data TEXT NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (interview, kind, occasion)
) STRICT;
CREATE INDEX drafts_by_state ON drafts (state, decided_at);

CREATE TABLE held (
    interview TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion TEXT NOT NULL,
    due_at TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (interview, kind, occasion)
) STRICT;

CREATE TABLE notes (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE aside (
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    at TEXT NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (folder, uidvalidity, uid)
) STRICT;
