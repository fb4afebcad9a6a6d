"""Opening the SQLite file: private, in WAL mode, brought up to the newest schema, with errors a user can act on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path


class StoreProblem(Exception):
    """The store cannot be used; its text is one clear line: what, where, how to mend it."""


def open_database(path: Path | None, *, passing: bool = False) -> sqlite3.Connection:
    """Return a connection to the database at `path` (created 0600 when missing), or to one in memory, with the newest schema.

    A `passing` one is SQLite's own temporary database: beyond a few megabytes it lies in a file without a name, gone when closed.

    Raises `StoreProblem` when the file cannot be opened, is no database, or was written by a newer version.
    """
    where = str(path) if path else ":memory:"
    with explained(where):
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        connection = sqlite3.connect("" if passing else where, isolation_level=None, timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        upgrade(connection, where)
    return connection


def migrations() -> list[tuple[int, str]]:
    """Return (number, SQL) of all migrations in their order."""
    folder = files("agent.store") / "migrations"
    found = [
        (int(entry.name[:4]), entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql")
    ]
    return sorted(found)


def create(connection: sqlite3.Connection, schema: int) -> None:
    """Give an empty database the tables of an older schema, or of the newest."""
    for number, sql in migrations():
        if number <= schema:
            _step(connection, number, sql)


def upgrade(connection: sqlite3.Connection, where: str) -> None:
    """Bring a database up to the newest schema; raises `StoreProblem` when a newer version wrote it."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    steps = migrations()
    newest = steps[-1][0]
    if version > newest:
        raise StoreProblem(
            f"{where}: written by a newer interview-agent (schema {version}, this one knows {newest}); update the program"
        )
    for number, sql in steps:
        if number > version:
            _step(connection, number, sql)


def _step(connection: sqlite3.Connection, number: int, sql: str) -> None:
    connection.executescript(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn SQLite's and the system's errors into `StoreProblem` with the way to mend them."""
    try:
        yield
    except sqlite3.Error as error:
        raise problem_of(error, where) from error
    except OSError as error:
        raise StoreProblem(
            f"{error.filename or where}: {error.strerror}; name another folder in [state] or make this one writable"
        ) from error


def problem_of(error: sqlite3.Error, where: str) -> StoreProblem:
    """Return SQLite's error as a problem with the way to mend it."""
    text = str(error)
    if "full" in text:
        mend = "free some space on that disk; nothing was lost, the next pass goes on from here"
    elif "disk I/O" in text:
        mend = "the disk fails, or a quota is used up: free some space on that disk, or mend it; nothing was lost"
    elif "locked" in text:
        mend = "another interview-agent is writing; try again when it is done"
    elif "not a database" in text or "malformed" in text:
        mend = "the file is damaged; put a backup in its place, or move it away to start anew"
    elif "readonly" in text or "unable to open" in text:
        mend = "make the file and its folder writable for this user"
    else:
        mend = "see `interview-agent check`"
    return StoreProblem(f"{where}: {text}; {mend}")
