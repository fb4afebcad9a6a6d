"""Everything in ledgers as JSON Lines, and back: a backup that another machine, and a later version, can read.

The first line names the form, then come the ledgers. Each begins with its name and the number of its schema; a line for each
table names its columns, and its rows follow, an array each, bytes as `{"base64": ...}`. A ledger ends with a line that has the
number of its rows and a SHA-256 over all its lines, the file with a line that has the number of ledgers.
"""

import base64
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from agent.store.sqlite import StoreProblem, create, explained, migrations, upgrade

FORM = 1
"""Number of the form; another one is read by another version."""
_COUNTERS = "sqlite_sequence"
"""Where SQLite keeps the next numbers: an event never gets one that was used before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dumped:
    """One ledger in a backup."""

    name: str
    """Of its account; empty where there is one account without a name."""
    schema: int
    rows: int


def dump(ledgers: Sequence[tuple[str, Path]], out: IO[bytes], *, made_at: datetime, program: str) -> list[Dumped]:
    """Write ledgers (name of the account, file) to `out`; return what was written.

    Each is read in one transaction, so that it is consistent while others write it. Raises `StoreProblem`.
    """
    _write(out, {"interview-agent backup": FORM, "made_at": made_at.isoformat(), "program": program}, None)
    done = [_dump_one(name, file, out) for name, file in ledgers]
    _write(out, {"end": "backup", "ledgers": len(done)}, None)
    return done


def examine(file: Path) -> list[Dumped]:
    """Return the ledgers in a backup after checking every line of it and all its sums; raises `StoreProblem`."""
    found = []
    for each in _ledgers(file):
        for _ in each.rows():
            pass
        found.append(Dumped(name=each.name, schema=each.schema, rows=each.count))
    return found


def load(file: Path, targets: dict[str, Path]) -> None:
    """Write the ledgers of a backup into new files, brought up to the newest schema; others than `targets` names are left out.

    Raises `StoreProblem`; a target that was begun is left behind then.
    """
    for each in _ledgers(file):
        target = targets.get(each.name)
        if target is None:
            for _ in each.rows():
                pass
        else:
            _load_one(each, target)


def is_empty(file: Path) -> bool:
    """Whether a ledger is not there, or has nothing in any of its tables."""
    if not file.exists():
        return True
    with explained(str(file)):
        connection = _opened(file)
        try:
            return not any(connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in _tables(connection))  # noqa: S608
        finally:
            connection.close()


def settle(file: Path) -> None:
    """Bring all of a ledger into its one file: SQLite keeps what was written last beside it."""
    with explained(str(file)):
        connection = sqlite3.connect(file, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


# Writing


def _dump_one(name: str, file: Path, out: IO[bytes]) -> Dumped:
    with explained(str(file)):
        connection = _opened(file)
        try:
            connection.execute("BEGIN")
            (schema,) = connection.execute("PRAGMA user_version").fetchone()
            checksum, count = hashlib.sha256(), 0
            _write(out, {"ledger": name, "schema": schema}, checksum)
            for table in (*_tables(connection), _COUNTERS):
                cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (a table of ours)
                _write(out, {"table": table, "columns": [column[0] for column in cursor.description]}, checksum)
                for row in cursor:
                    _write(out, [_plain(value) for value in row], checksum)
                    count += 1
            _write(out, {"end": name, "rows": count, "sha256": checksum.hexdigest()}, None)
        finally:
            connection.close()
    return Dumped(name=name, schema=schema, rows=count)


def _opened(file: Path) -> sqlite3.Connection:
    """Return a connection that only reads."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables, without those of what is worked out from the others (docs/decisions/kept-answers.md)."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return [row[0] for row in rows if not row[0].startswith("kept_")]


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))


def _write(out: IO[bytes], value: Any, checksum: "hashlib._Hash | None") -> None:
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if checksum is not None:
        checksum.update(line)
    out.write(line)


def _plain(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


# Reading


class _Ledger:
    """One ledger of a backup while it is read; its rows are read once, to the end."""

    def __init__(self, lines: "_Lines", head: dict[str, Any]) -> None:
        self._lines = lines
        self.name: str = head["ledger"]
        self.schema: int = head["schema"]
        self.count = 0

    def rows(self) -> Iterator[tuple[str, tuple[str, ...], list[Any]]]:
        """Yield table, columns and values of each row; raises `StoreProblem` at the end where the sums do not agree."""
        table, columns = "", tuple[str, ...]()
        for value in self._lines:
            if isinstance(value, list) and table and len(value) == len(columns):
                self.count += 1
                yield table, columns, [self._value(each) for each in value]
            elif isinstance(value, dict) and "table" in value and isinstance(value.get("columns"), list):
                table, columns = str(value["table"]), tuple(str(each) for each in value["columns"])
            elif isinstance(value, dict) and value.get("end") == self.name and "sha256" in value:
                if value.get("rows") != self.count or value["sha256"] != self._lines.checksum_before:
                    raise self._lines.damaged("the sums at the end of the ledger do not agree with what stands above")
                return
            else:
                raise self._lines.damaged("this is neither a row nor a table")
        raise self._lines.damaged("the file ends here, in the middle of a ledger")

    def _value(self, value: Any) -> Any:
        """Return what a cell holds: text, a number or nothing as it stands, bytes from their base64."""
        if value is None or isinstance(value, str) or (isinstance(value, int | float) and abs(value) < 2**63):
            return value
        try:
            return base64.b64decode(value["base64"], validate=True)
        except (TypeError, KeyError, ValueError):
            raise self._lines.damaged("a value in this row is none that a ledger has") from None


class _Lines:
    """The lines of a backup as values, with a checksum over them."""

    def __init__(self, file: Path, opened: IO[bytes]) -> None:
        self._file = file
        self._opened = opened
        self._number = 0
        self._checksum = hashlib.sha256()
        self.checksum_before = ""
        """Over the lines since `begin`, without the one that was read last."""

    def begin(self, head: bytes) -> None:
        """Begin a checksum with this line."""
        self._checksum = hashlib.sha256(head)

    def __iter__(self) -> Iterator[Any]:
        while line := self.line():
            self.checksum_before = self._checksum.hexdigest()
            self._checksum.update(line)
            yield self.value(line)

    def line(self) -> bytes:
        """Return the next line; empty at the end."""
        self._number += 1
        return self._opened.readline()

    def value(self, line: bytes) -> Any:
        """Return what a line holds."""
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            raise self.damaged("this is no line of JSON") from None

    def damaged(self, what: str) -> StoreProblem:
        """Return the problem of a file that is not whole, at the line that was read last."""
        return StoreProblem(f"{self._file}:{self._number}:1: {what}; the file is damaged or cut off: take another backup")


def _ledgers(file: Path) -> Iterator[_Ledger]:
    """Yield the ledgers of a backup; the rows of each must be read before the next."""
    with explained(str(file)), file.open("rb") as opened:
        lines = _Lines(file, opened)
        first = lines.line()
        head = lines.value(first) if first.startswith(b"{") else None
        if not isinstance(head, dict) or "interview-agent backup" not in head:
            raise StoreProblem(f"{file}: this is no backup of interview-agent; name the file that `interview-agent backup` wrote")
        if head["interview-agent backup"] != FORM:
            raise StoreProblem(f"{file}: written by a newer interview-agent; update the program")
        newest = migrations()[-1][0]
        count = 0
        while line := lines.line():
            value = lines.value(line)
            if isinstance(value, dict) and value.get("end") == "backup":
                if value.get("ledgers") != count or lines.line():
                    raise lines.damaged("the number of ledgers does not agree with what stands above")
                return
            if (
                not isinstance(value, dict)
                or not isinstance(value.get("ledger"), str)
                or not isinstance(value.get("schema"), int)
            ):
                raise lines.damaged("this is no beginning of a ledger")
            if not 0 < value["schema"] <= newest:
                written = f"schema {value['schema']}, this one knows {newest}"
                raise StoreProblem(f"{file}: written by a newer interview-agent ({written}); update the program")
            lines.begin(line)
            count += 1
            yield _Ledger(lines, value)
        raise lines.damaged("the file ends here, before its last line")


def _load_one(ledger: _Ledger, target: Path) -> None:
    with explained(str(target)):
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(target, isolation_level=None)
        try:
            # Nobody sees the file before it is whole: it is enough to wait for the disk once, at the end.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            create(connection, ledger.schema)
            known = {name: _columns(connection, name) for name in (*_tables(connection), _COUNTERS)}
            connection.execute("BEGIN IMMEDIATE")
            for (name, columns), rows in _in_runs(ledger.rows()):
                if not set(columns) <= known.get(name, frozenset()):
                    raise StoreProblem(f"{target}: schema {ledger.schema} has no table {name!r} with the columns of the backup")
                if name == _COUNTERS:
                    connection.execute(f"DELETE FROM {_COUNTERS}")  # noqa: S608 (a constant; what the rows above counted)
                names = ", ".join(f'"{column}"' for column in columns)
                marks = ", ".join("?" * len(columns))
                connection.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 (names are known)
            connection.execute("COMMIT")
            upgrade(connection, str(target))
            (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
            if whole != "ok":
                raise StoreProblem(f"{target}: what was written is not whole ({whole}); mend the disk, and restore again")
        finally:
            connection.close()
        with target.open("rb") as written:
            os.fsync(written.fileno())


def _in_runs(
    rows: Iterable[tuple[str, tuple[str, ...], list[Any]]],
) -> Iterator[tuple[tuple[str, tuple[str, ...]], list[list[Any]]]]:
    """Yield runs of rows of one table, some hundreds at a time."""
    run: list[list[Any]] = []
    table: tuple[str, tuple[str, ...]] = ("", ())
    for name, columns, values in rows:
        if (name, columns) != table or len(run) >= 500:
            if run:
                yield table, run
            table, run = (name, columns), []
        run.append(values)
    if run:
        yield table, run
