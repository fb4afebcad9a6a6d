"""What the ledger keeps of the user's answers to digests, so that each is carried out once and told once."""

import json
from dataclasses import dataclass
from datetime import datetime

from agent.store.rows import Rows, utc


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRecord:
    """One line of a mail that answers a digest, and what came of it."""

    message_id: str
    """Of the user's mail."""
    line: int
    """Number of the line among those that are new in it, from 1; 0 for the mail as a whole, where nothing in it could be read."""
    same: str
    """What all copies of this mail have in common, also where a server gave one another Message-ID."""
    at: datetime
    """When it was read."""
    words: str
    """What the user wrote, on one line."""
    told: str
    """What was done, or why nothing was and which words would do; one or two sentences."""
    done: bool
    number: int = 0
    """Number in the store, rising; 0 before it is stored."""


class Answers:
    """The part of a ledger that knows answers to digests."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def known(self, message_id: str, same: str) -> bool:
        """Return whether this mail, or another copy of it, was read before."""
        return self._rows.one("SELECT 1 FROM answers WHERE message_id = ? OR same = ?", message_id, same) is not None

    def add(self, record: AnswerRecord) -> None:
        """Keep what came of a line."""
        data = json.dumps({"words": record.words, "told": record.told, "done": record.done}, ensure_ascii=False)
        self._rows.write(
            "INSERT INTO answers (message_id, line, same, at, data) VALUES (?, ?, ?, ?, ?)",
            record.message_id,
            record.line,
            record.same,
            utc(record.at),
            data,
        )

    def after(self, number: int) -> list[AnswerRecord]:
        """Return what was answered after the one of this number, in the order in which it was read."""
        rows = self._rows.read(
            "SELECT number, message_id, line, same, at, data FROM answers WHERE number > ? ORDER BY number", number
        )
        return [
            AnswerRecord(
                number=row[0],
                message_id=row[1],
                line=row[2],
                same=row[3],
                at=datetime.fromisoformat(row[4]),
                **json.loads(row[5]),
            )
            for row in rows
        ]
