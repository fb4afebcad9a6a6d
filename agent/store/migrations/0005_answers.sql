-- What the user answered to a digest, a line of the mail each, and what came of it: carried out once, told by the next digest. `same`
-- is what the copies of one mail have in common under different Message-IDs.

CREATE TABLE answers (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    same TEXT NOT NULL,
    at TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (message_id, line)
) STRICT;
CREATE INDEX answers_by_same ON answers (same);
