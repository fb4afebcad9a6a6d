"""The headings of a folder, many in one command, so that twenty thousand messages are looked over in a second."""

import email.utils
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from agent.mailbox.connection import Connection, Opened
from agent.mailbox.fetching import Refuse, fetch
from agent.mailbox.interface import HEADING_FIELDS, FolderRole, Heading
from agent.mailbox.rows import Row, instant, number

_ITEMS = ("RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[HEADER.FIELDS ({' '.join(HEADING_FIELDS)})]")
_GMAIL = ("X-GM-THRID", "X-GM-LABELS")
_DATE = re.compile(rb"^date[ \t]*:(?P<value>[^\r\n]*)", re.IGNORECASE | re.MULTILINE)


def headings(connection: Connection, opened: Opened, role: FolderRole, uids: Sequence[int], refuse: Refuse) -> Iterator[Heading]:
    """Yield the headings of these messages, at most 500, in this order; what is gone is left out.

    In a folder of all mail each has the role that its labels give it, and drafts are left out.
    """
    gmail = _GMAIL if connection.within(opened).has_capability("X-GM-EXT-1") else ()
    rows = fetch(connection, opened, uids, [*_ITEMS, *gmail], refuse)
    dates = {uid: instant(row.get(b"INTERNALDATE")) for uid, row in rows.items()}
    undated = [uid for uid in uids if uid in rows and dates[uid] is None]
    for uid, row in fetch(connection, opened, undated, ["BODY.PEEK[HEADER.FIELDS (Date)]"], _without_a_word).items():
        dates[uid] = _written_at(_header(row))
    for uid in uids:
        if uid not in rows:
            continue
        row, received_at = rows[uid], dates[uid]
        own = _by_labels(row) if role is FolderRole.ALL else role
        if received_at is None:
            refuse(uid, "the server gives no date for it, and it has none itself")
        elif own is not None:
            yield Heading(
                role=own,
                folder=opened.folder,
                uidvalidity=opened.uidvalidity,
                uid=uid,
                received_at=received_at,
                size=number(row.get(b"RFC822.SIZE")) or 0,
                header=_header(row),
                thread=_thread(row),
            )


def _without_a_word(uid: int, reason: str) -> None:
    """Leave a message without its date: what follows from that is told later."""


def _header(row: Row) -> bytes:
    return next((value for name, value in row.items() if isinstance(value, bytes) and name.startswith(b"BODY[HEADER")), b"")


def _thread(row: Row) -> str:
    """Return what Gmail calls a thread; it knows one where References were dropped."""
    thread = number(row.get(b"X-GM-THRID"))
    return f"gmail:{thread}" if thread is not None else ""


def _by_labels(row: Row) -> FolderRole | None:
    """Return what Gmail's labels make of a message; None for a draft."""
    labels = row.get(b"X-GM-LABELS")
    names = {label.lower() for label in labels if isinstance(label, bytes)} if isinstance(labels, list) else set()
    if b"\\draft" in names:
        return None
    if b"\\sent" in names:
        return FolderRole.SENT
    return FolderRole.INBOX if b"\\inbox" in names else FolderRole.ARCHIVE


def _written_at(header: bytes) -> datetime | None:
    """Return the Date field in UTC, where it can be read."""
    field = _DATE.search(header)
    if field is None:
        return None
    try:
        written = email.utils.parsedate_to_datetime(field["value"].decode("ascii", "replace"))
        return written.replace(tzinfo=written.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
