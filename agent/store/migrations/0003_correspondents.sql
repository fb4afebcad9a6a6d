-- Who wrote, or was written to, in an interview: addresses, and with an @ in front the domains that somebody registered.

CREATE TABLE correspondents (
    address TEXT NOT NULL,
    interview TEXT NOT NULL,
    PRIMARY KEY (address, interview)
) STRICT, WITHOUT ROWID;
