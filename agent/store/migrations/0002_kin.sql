-- By what else than References a message is known to belong to others: the provider's thread, and the base subject (RFC 5256).

CREATE TABLE provider_threads (
    thread TEXT NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (thread, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE subjects (
    subject TEXT NOT NULL,
    interview TEXT NOT NULL,
    PRIMARY KEY (subject, interview)
) STRICT, WITHOUT ROWID;
