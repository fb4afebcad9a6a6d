"""A glance at what the agent keeps worked out: no settings are checked, no mail is read, nothing slow is imported.

It says something only where that is certainly what working it out would say; in every other case, also where anything at all is
odd, it says nothing, and the command reads settings, rules and ledger as all others do. See docs/decisions/kept-answers.md.
"""

import argparse
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.accounts.tokens import Ending, expiring
from agent.cli.explaining import Explained, OpenQuestion
from agent.cli.fingerprint import Place, places
from agent.cli.rows import Board
from agent.daemon.row import ROW, WHY, Row, appointments_of
from agent.store.kept import Read, answers, counts

_BUSY_SECONDS = 0.2


def boards(arguments: argparse.Namespace, now: datetime) -> list[tuple[str, Board]] | None:
    """Return the name of each account and its board; None where that is not certain."""
    found = []
    for place in _asked(arguments) or ():
        try:
            with _ledger(place) as read:
                rows = _rows(read, place, now)
                if rows is None:
                    return None
                found.append((place.name, _board(read, rows, place, now)))
        except (sqlite3.Error, OSError, ValueError, KeyError, TypeError):
            return None
    return found or None


def explained(arguments: argparse.Namespace, now: datetime) -> Explained | None:
    """Return why the interview stands where it stands; None where that is not certain."""
    found = []
    for place in _asked(arguments) or ():
        try:
            with _ledger(place) as read:
                if not read("SELECT 1 FROM interviews WHERE id = ?", arguments.interview):
                    continue
                rows = _rows(read, place, now)
                answer = answers(read, WHY, arguments.interview).get(arguments.interview)
                if rows is None or answer is None:
                    return None
                if not answer.holds(now, place.program, counts(read), appointments_of(rows)):
                    return None
                asked = [each for each in _questions(read) if arguments.interview in each["candidates"]]
                reviews = [OpenQuestion(number=each["number"], reason=each["reason"]) for each in asked]
                found.append(Explained(why=json.loads(answer.data), reviews=reviews, now=now, zone=ZoneInfo(place.zone)))
        except (sqlite3.Error, OSError, ValueError, KeyError, TypeError):
            return None
    return found[0] if len(found) == 1 else None


def _asked(arguments: argparse.Namespace) -> list[Place] | None:
    """Return the accounts that the command is about; None where one of them has no fingerprint, or there is none."""
    every = places(arguments.config)
    wanted = vars(arguments).get("account")
    asked = [place for place in every or () if wanted in (None, place.name)]
    return asked if all(place.program for place in asked) else None


@contextmanager
def _ledger(place: Place) -> Iterator[Read]:
    """Give what reads the ledger of an account as it stands at one moment; `ValueError` where its schema is another."""
    file = place.state / "ledger.sqlite3"
    connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    with closing(connection):
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
        if schema != _newest():
            raise ValueError(schema)
        yield lambda sql, *values: connection.execute(sql, values).fetchall()


def _newest() -> int:
    """Return the number of the newest schema that this program knows."""
    folder = Path(__file__).parent.parent / "store" / "migrations"
    return max(int(file.name[:4]) for file in folder.iterdir() if file.suffix == ".sql")


def _rows(read: Read, place: Place, now: datetime) -> list[Row] | None:
    """Return a row for each interview, by id; None where one of them is not kept, or does not hold now."""
    counted, kept = counts(read), answers(read, ROW)
    ids = [row[0] for row in read("SELECT id FROM interviews ORDER BY id")]
    if not all(name in kept and kept[name].holds(now, place.program, counted) for name in ids):
        return None
    return [json.loads(kept[name].data) for name in ids]


def _board(read: Read, rows: list[Row], place: Place, now: datetime) -> Board:
    facts: dict[str, str] = dict(read("SELECT key, value FROM notes"))
    zone = ZoneInfo(place.zone)
    ends = facts.get("sign_in_ends")
    return Board(
        rows=rows,
        now=now,
        zone=zone,
        reviews=len(_questions(read)),
        last_pass=facts.get("last_pass"),
        problem=facts.get("problem") or "",
        rules_problem=facts.get("rules_problem") or "",
        warning=expiring(Ending.of_noted(ends) if ends else None, now.astimezone(zone)),
    )


def _questions(read: Read) -> list[dict[str, Any]]:
    """Return the open questions: what each says, with its number."""
    rows = read("SELECT number, data FROM reviews WHERE resolved_at IS NULL ORDER BY number")
    return [{"candidates": [], **json.loads(data), "number": number} for number, data in rows]
