"""Reading and writing rows: the one place where the store speaks SQL to its connection, and forms that columns share."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from agent.messages.subject import base_subject
from agent.store.sqlite import StoreProblem, problem_of


class Rows:
    """A connection whose errors are `StoreProblem`s."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self._db = connection
        self._where = where

    def read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def one(self, sql: str, *values: Any) -> Any:
        """Return the first row, or None."""
        try:
            return self._db.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def write(self, sql: str, *values: Any) -> int:
        """Write inside of a transaction; return how many rows were changed."""
        if not self._db.in_transaction:
            raise sqlite3.ProgrammingError("writes belong into transaction()")
        try:
            return self._db.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise self._problem(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin a transaction, commit at the end, roll back on any exception; does not nest."""
        self._run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._run("ROLLBACK")
            raise
        self._run("COMMIT")

    @contextmanager
    def within(self) -> Iterator[None]:
        """Take part in the transaction that is under way; begin one where none is."""
        if self._db.in_transaction:
            yield
        else:
            with self.transaction():
                yield

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo on any exception what is written inside, and nothing else of the transaction around it."""
        self._run("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self._run("ROLLBACK TO attempt")
                self._run("RELEASE attempt")
            raise
        self._run("RELEASE attempt")

    def version(self) -> tuple[int, int]:
        """Return what changes whenever another connection commits, or this one writes a row."""
        (foreign,) = self.one("PRAGMA data_version")
        return int(foreign), self._db.total_changes

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _run(self, sql: str) -> None:
        try:
            self._db.execute(sql)
        except sqlite3.Error as error:
            raise self._problem(error) from error

    def _problem(self, error: sqlite3.Error) -> StoreProblem:
        return problem_of(error, self._where)


def base(subject: str) -> str:
    """Return a subject as the ledger compares it: its base subject (RFC 5256 section 2.1) without case."""
    return base_subject(subject).casefold()


def utc(at: datetime) -> str:
    """Return an instant so that the order of the texts is the order of time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
