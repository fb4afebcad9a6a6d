-- Mail that was settled from its heading, kept so that it can be judged again when something else is tracked. `data` is what the
-- heading says, as JSON; `wanted` is 1 for what must be read after all. How each folder stood at the last look. Whose mail was about nothing that matters here so far.

CREATE TABLE settled (
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    role TEXT NOT NULL,
    message_id TEXT NOT NULL,
    thread TEXT NOT NULL,
    received_at TEXT NOT NULL,
    data TEXT NOT NULL,
    wanted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX settled_by_message ON settled (message_id);
CREATE INDEX settled_by_thread ON settled (thread) WHERE thread != '';
CREATE INDEX settled_wanted ON settled (wanted) WHERE wanted;
CREATE INDEX settled_by_time ON settled (received_at, folder, uidvalidity, uid);

CREATE TABLE places (
    role TEXT PRIMARY KEY,
    folder TEXT NOT NULL,
    uidvalidity INTEGER NOT NULL,
    last_uid INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- telling: how many messages of this address spoke of a candidacy, or may have.
CREATE TABLE senders (
    address TEXT PRIMARY KEY,
    ordinary INTEGER NOT NULL,
    telling INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
