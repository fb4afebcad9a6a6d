"""What was worked out from the ledger and is kept beside it, each answer with what it was worked out from; imports nothing slow.

An answer holds as long as nothing that it rests on was written (SQLite's own triggers count, whoever writes), the program, its
settings and rules are those of then, and the clock has not come to the moment at which the answer changes by itself.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Read = Callable[..., list[tuple[Any, ...]]]
"""Reads rows: SQL, then its values."""

ALL = ""
"""Stands among the counts for the interviews themselves: which there are, and how they are described."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """What an answer was worked out from."""

    program: str
    """Fingerprint of the program, its settings and its rules."""
    counts: Mapping[str, int]
    """Id of each interview that it rests on, and `ALL` → how often what belongs to it had been written."""
    beside: str = ""
    """Fingerprint of what it rests on besides."""

    def as_text(self) -> str:
        """Return it as it is stored."""
        return json.dumps([self.program, sorted(self.counts.items()), self.beside])

    @classmethod
    def of_text(cls, text: str) -> "Basis":
        """Return what `as_text` has written."""
        program, counts, beside = json.loads(text)
        return cls(program=program, counts=dict(counts), beside=beside)

    def still(self, program: str, counts: Mapping[str, int], beside: str = "") -> bool:
        """Whether all that it rests on is so today."""
        return (self.program, self.beside) == (program, beside) and all(
            counts.get(name, 0) == times for name, times in self.counts.items()
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer that was worked out."""

    interview: str
    basis: Basis
    since: datetime
    """The moment as of which it was worked out; before it the answer says nothing."""
    until: datetime
    """When it changes by the clock alone; it does not hold then any more."""
    data: str
    """The answer, as JSON."""

    def holds(self, now: datetime, program: str, counts: Mapping[str, int], beside: str = "") -> bool:
        """Whether working it out at `now` would give the same."""
        return self.since <= now < self.until and self.basis.still(program, counts, beside)


def counts(read: Read) -> dict[str, int]:
    """Return how often what belongs to each interview has been written."""
    return {str(name): int(times) for name, times in read("SELECT interview, times FROM kept_counts")}


def answers(read: Read, what: str, interview: str | None = None) -> dict[str, Answer]:
    """Return the answers of one kind by interview, or that of one interview, whether or not they hold."""
    where, values = (" AND interview = ?", (interview,)) if interview is not None else ("", ())
    sql = f"SELECT interview, basis, since, until, data FROM kept_answers WHERE what = ?{where}"  # noqa: S608 (no value is in the text)
    return {
        row[0]: Answer(
            interview=row[0],
            basis=Basis.of_text(row[1]),
            since=datetime.fromisoformat(row[2]),
            until=datetime.fromisoformat(row[3]),
            data=row[4],
        )
        for row in read(sql, what, *values)
    }


class Kept:
    """The part of a ledger that keeps answers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self._db.execute(sql, values).fetchall()

    def moment(self) -> tuple[int, int]:
        """Return what changes whenever anybody writes the ledger."""
        (foreign,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(foreign), self._db.total_changes

    def keep(self, what: str, found: Iterable[Answer], *, moment: tuple[int, int]) -> tuple[int, int]:
        """Keep answers in place of those before, unless anybody wrote the ledger since `moment`; return the moment to go on with.

        What is kept is a convenience: where the ledger is busy or cannot be written, nothing is kept and nobody waits.
        """
        try:
            self._db.execute("PRAGMA busy_timeout = 0")
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return moment
        finally:
            self._db.execute("PRAGMA busy_timeout = 10000")
        try:
            if self.moment() == moment:
                self._db.executemany(
                    "INSERT OR REPLACE INTO kept_answers VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        (what, each.interview, each.basis.as_text(), _utc(each.since), _utc(each.until), each.data)
                        for each in found
                    ],
                )
                self._db.execute("DELETE FROM kept_answers WHERE interview NOT IN (SELECT id FROM interviews)")
                after = self.moment()  # before the commit: nobody else can have written until here
                self._db.execute("COMMIT")
                return after
        except sqlite3.Error:
            pass
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        return moment


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
