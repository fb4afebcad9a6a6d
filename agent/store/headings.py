"""What the ledger keeps of mail that was settled from its heading, of the people who wrote it, and of how the folders stood."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from agent.matching.tracked import registrable
from agent.messages.glance import Glance
from agent.plan.heading import HeadingTies
from agent.store.records import SeenPlace, SettledRecord
from agent.store.rows import Rows, base, utc

_COLUMNS = "folder, uidvalidity, uid, role, received_at, data, thread"
_MATTERS = (
    "SELECT 1 FROM messages WHERE message_id = ?1 AND (interview IS NOT NULL OR data ->> 'likely' IS NOT NULL)"
    " UNION ALL SELECT 1 FROM drafts WHERE message_id = ?1"
)
"""Whether a message belongs to a candidacy, or may."""
_IN_THREAD = (
    "SELECT 1 FROM provider_threads t JOIN messages m ON m.message_id = t.message_id"
    " WHERE t.thread = ? AND (m.interview IS NOT NULL OR m.data ->> 'likely' IS NOT NULL)"
)
_PAGE = 500
"""Rows that are held at a time."""


class Headings:
    """The part of a ledger that knows mail by its heading alone."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, record: SettledRecord) -> None:
        """Keep a message that was settled, in place of what was kept of it."""
        glance = record.glance
        self._rows.write(
            "INSERT OR REPLACE INTO settled VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            record.folder,
            record.uidvalidity,
            record.uid,
            record.role,
            glance.message_id,
            record.thread,
            utc(record.received_at),
            _dumped(record),
        )
        for parent in glance.parent_ids[:1]:
            self._rows.write("INSERT OR IGNORE INTO links VALUES (?, ?)", parent, glance.message_id)

    def remove(self, record: SettledRecord) -> None:
        """Forget a message that was settled: it is read now, or is gone."""
        self._rows.write(
            "DELETE FROM settled WHERE folder = ? AND uidvalidity = ? AND uid = ?", record.folder, record.uidvalidity, record.uid
        )

    def since(self, moment: datetime) -> Iterator[SettledRecord]:
        """Yield what was settled of the mail that came since then, oldest first; rows may be removed meanwhile."""
        sql = (
            f"SELECT {_COLUMNS} FROM settled WHERE (received_at, folder, uidvalidity, uid) > (?, ?, ?, ?)"  # noqa: S608 (constants)
            " ORDER BY received_at, folder, uidvalidity, uid LIMIT ?"
        )
        last: tuple[Any, ...] = (utc(moment), "", 0, 0)
        while rows := self._rows.read(sql, *last, _PAGE):
            yield from map(_loaded, rows)
            last = (rows[-1][4], *rows[-1][:3])

    def want_kin(self, message_id: str, thread: str) -> None:
        """Note that what was settled of the mail around this message must be read after all.

        That is what it answers, what answers it, and what is of the same thread of the provider.
        """
        self._rows.write(
            "UPDATE settled SET wanted = 1 WHERE message_id != '' AND message_id IN"
            " (SELECT child FROM links WHERE parent = ?1 UNION SELECT parent FROM links WHERE child = ?1)",
            message_id,
        )
        if thread:
            self._rows.write("UPDATE settled SET wanted = 1 WHERE thread = ? AND thread != ''", thread)

    def wanted(self, most: int) -> list[SettledRecord]:
        """Return at most so many of those that must be read after all, oldest first."""
        sql = f"SELECT {_COLUMNS} FROM settled WHERE wanted ORDER BY received_at, uid LIMIT ?"  # noqa: S608 (a constant)
        return [_loaded(row) for row in self._rows.read(sql, most)]

    def prune(self, before: datetime) -> None:
        """Forget what was settled of the mail that came before then."""
        self._rows.write("DELETE FROM settled WHERE received_at < ?", utc(before))

    def forget_folder(self, folder: str, uidvalidity: int) -> None:
        """Forget what was settled of a folder under other UIDVALIDITYs than this one: its UIDs name nothing any more."""
        self._rows.write("DELETE FROM settled WHERE folder = ? AND uidvalidity != ?", folder, uidvalidity)

    def ties(self, glance: Glance, thread: str, *, own: bool) -> HeadingTies:
        """Return what is known of the mail and the people that a heading names."""
        senders, subject = glance.senders[:1], base(glance.subject)
        ordinary = (
            self._rows.one("SELECT ordinary FROM senders WHERE address = ? AND telling = 0", senders[0]) if senders else None
        )
        return HeadingTies(
            kin=self._has_kin(glance.parent_ids, thread),
            correspondents=self._corresponds(glance.recipients if own else glance.senders),
            subject=bool(subject) and self._rows.one("SELECT 1 FROM subjects WHERE subject = ?", subject) is not None,
            ordinary=ordinary[0] if ordinary and not own else 0,
        )

    def _has_kin(self, parents: tuple[str, ...], thread: str) -> bool:
        if any(self._rows.one(_MATTERS, parent) for parent in parents):
            return True
        return bool(thread) and self._rows.one(_IN_THREAD, thread) is not None

    def _corresponds(self, addresses: tuple[str, ...]) -> bool:
        for email in addresses:
            host = email.rpartition("@")[2]
            keys = (email, f"@{registrable(host)}" if host else email)
            if self._rows.one("SELECT 1 FROM correspondents WHERE address IN (?, ?)", *keys):
                return True
        return False

    def count_sender(self, address: str, *, telling: bool) -> None:
        """Note that a message of this address was read: it spoke of a candidacy, or may have, or was about other things."""
        self._rows.write(
            "INSERT INTO senders VALUES (?1, 1 - ?2, ?2) ON CONFLICT (address) DO UPDATE SET"
            " ordinary = ordinary + 1 - ?2, telling = telling + ?2",
            address,
            int(telling),
        )

    def places(self) -> dict[str, SeenPlace]:
        """Return how each folder stood at the last whole look, by its role."""
        rows = self._rows.read("SELECT role, folder, uidvalidity, last_uid, count FROM places")
        return {row[0]: SeenPlace(folder=row[1], uidvalidity=row[2], last_uid=row[3], count=row[4]) for row in rows}

    def set_place(self, role: str, place: SeenPlace) -> None:
        """Remember how a folder stands now that everything in it has been looked at."""
        self._rows.write(
            "INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?)",
            role,
            place.folder,
            place.uidvalidity,
            place.last_uid,
            place.count,
        )


def _dumped(record: SettledRecord) -> str:
    glance = record.glance
    marks = "".join(mark for mark, there in zip("bns", (glance.bulk, glance.notice, glance.special), strict=True) if there)
    said = [
        glance.message_id,
        glance.parent_ids,
        glance.senders,
        glance.name,
        glance.recipients,
        glance.subject,
        marks,
        record.size,
    ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _loaded(row: tuple[Any, ...]) -> SettledRecord:
    message_id, parents, senders, name, recipients, subject, marks, size = json.loads(row[5])
    return SettledRecord(
        folder=row[0],
        uidvalidity=row[1],
        uid=row[2],
        role=row[3],
        received_at=datetime.fromisoformat(row[4]).astimezone(UTC),
        size=size,
        thread=row[6],
        glance=Glance(
            message_id=message_id,
            parent_ids=tuple(parents),
            senders=tuple(senders),
            name=name,
            recipients=tuple(recipients),
            subject=subject,
            bulk="b" in marks,
            notice="n" in marks,
            special="s" in marks,
        ),
    )
