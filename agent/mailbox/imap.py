"""The mailbox over IMAP4rev1 (RFC 3501), read without a trace and written to in Drafts only."""

import email.utils
import imaplib
import re
import select
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from agent.mailbox import drafts, folders
from agent.mailbox.connection import Connection, Login, Opened, PasswordLogin
from agent.mailbox.excerpt import excerpt
from agent.mailbox.fetching import Row, chunks, fetch, search, search_above
from agent.mailbox.interface import (
    HEADING_FIELDS,
    Appended,
    AppendUnknown,
    Arrival,
    Cursor,
    FolderRole,
    Heading,
    Listing,
    Place,
    Skipped,
    Stored,
)
from agent.mailbox.msgid import bare, msgid_of
from agent.mailbox.server import ImapServer

_BATCH_OCTETS = 4 * 1024 * 1024
_BATCH_MOST = 50
_NEWEST = 200
"""Messages whose Message-ID is compared here although the server's search found none: its index may lag behind."""
_DATE = re.compile(rb"^date[ \t]*:(?P<value>[^\r\n]*)", re.IGNORECASE | re.MULTILINE)


def open_imap(server: ImapServer, secret: str) -> "ImapMailbox":
    """Return the mailbox, logged in with a password or app password; `MailboxProblem` says why not."""
    mailbox = ImapMailbox(server, PasswordLogin(secret=secret))
    mailbox.connect()
    return mailbox


class ImapMailbox:
    """One person's mailbox on an IMAP server; does all that `Mailbox` promises. One thread at a time.

    A connection that breaks is made anew with the next call.
    """

    def __init__(self, server: ImapServer, login: Login) -> None:
        """Do not connect yet."""
        self._server = server
        self._connection = Connection(server, login)
        self._listed: list[folders.Listed] | None = None
        self.skipped: list[Skipped] = []
        """See `Mailbox.skipped`."""

    def connect(self) -> None:
        """Connect and log in now rather than with the first question."""
        self._connection.client()

    def folders(self) -> dict[FolderRole, str]:
        """See `Mailbox.folders`; asks the server anew."""
        with self._connection.asking("listing the folders"):
            self._listed = folders.list_folders(self._connection.client())
        return folders.roles(self._listed, self._server.folders)

    def places(self) -> dict[FolderRole, Place]:
        """See `Mailbox.places`."""
        found = {}
        for role, folder in self.folders().items():
            with self._connection.asking(f'looking into "{folder}"'):
                opened = self._connection.examine(folder)
            last = (opened.uidnext or 1) - 1
            found[role] = Place(uidvalidity=opened.uidvalidity, last_uid=last, count=opened.exists)
        return found

    def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
        """See `Mailbox.headings`."""
        folder = self._folder(role)
        doing = f'reading "{folder}"'
        with self._connection.asking(doing):
            opened = self._connection.examine(folder)
            client = self._connection.within(opened)
            known = cursor is not None and cursor.uidvalidity == opened.uidvalidity
            if cursor is not None and known:
                uids = search_above(client, opened, cursor.last_uid)
            else:
                # The server compares days without zones (RFC 3501 section 6.4.4): ask for more, then compare instants.
                day = since.astimezone(UTC) - timedelta(days=2)
                uids = search_above(client, opened, 0, "SINCE", f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")
        earliest = None if known else since.replace(microsecond=0)
        items = ["RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[HEADER.FIELDS ({' '.join((*HEADING_FIELDS, 'Date'))})]"]
        for piece in chunks(uids):
            with self._connection.asking(doing):
                thread = [_THREAD] if self._connection.within(opened).has_capability("X-GM-EXT-1") else []
                rows = self._fetch(role, opened, piece, [*items, *thread])
            for uid in piece:
                if uid in rows:
                    heading = self._heading(role, opened, uid, rows[uid])
                    if heading is not None and (earliest is None or heading.received_at >= earliest):
                        yield heading

    def read(self, headings: Sequence[Heading]) -> list[Arrival]:
        """See `Mailbox.read`."""
        found: dict[tuple[str, int], Arrival] = {}
        for folder in dict.fromkeys(heading.folder for heading in headings):
            asked = {heading.uid: heading for heading in headings if heading.folder == folder}
            role = next(iter(asked.values())).role
            with self._connection.asking(f'reading "{folder}"'):
                opened = self._connection.examine(folder)
                rows: dict[int, Row] = {
                    uid: {b"RFC822.SIZE": heading.size}
                    for uid, heading in asked.items()
                    if heading.uidvalidity == opened.uidvalidity
                }
                for batch in self._batches(sorted(rows), rows):
                    for uid, raw in self._raws(role, opened, batch, rows).items():
                        found[folder, uid] = _arrival(asked[uid], raw, complete=self._is_small(rows[uid]))
        return [found[each.folder, each.uid] for each in headings if (each.folder, each.uid) in found]

    def wait(self, seconds: float, *, stop: int) -> bool:
        """See `Mailbox.wait`."""
        select.select([stop], [], [], seconds)
        return False

    def position(self, role: FolderRole) -> Cursor:
        """See `Mailbox.position`."""
        folder = self._folder(role)
        with self._connection.asking(f'looking into "{folder}"'):
            opened = self._connection.examine(folder)
            last = opened.uidnext - 1 if opened.uidnext else max(search(self._connection.within(opened), "UID", "*"), default=0)
        return Cursor(uidvalidity=opened.uidvalidity, last_uid=last)

    def listing(self, role: FolderRole) -> Listing:
        """See `Mailbox.listing`."""
        folder = self._folder(role)
        with self._connection.asking(f'listing "{folder}"'):
            opened = self._connection.examine(folder)
            uids = search_above(self._connection.within(opened), opened, 0)
        return Listing(
            role=role,
            uidvalidity=opened.uidvalidity,
            uids=tuple(uids),
            last_uid=max((opened.uidnext or 1) - 1, *uids[-1:], 0),
            complete=len(uids) >= opened.exists,
        )

    def fetch(self, role: FolderRole, uids: Sequence[int]) -> list[Stored]:
        """See `Mailbox.fetch`."""
        folder = self._folder(role)
        with self._connection.asking(f'reading "{folder}"'):
            opened = self._connection.examine(folder)
            rows = self._fetch(role, opened, sorted(set(uids)), ["RFC822.SIZE"])
            batches = self._batches(sorted(rows), rows)
            raws = [pair for batch in batches for pair in self._raws(role, opened, batch, rows).items()]
        return [Stored(role=role, uidvalidity=opened.uidvalidity, uid=uid, raw=raw) for uid, raw in raws]

    def find(self, role: FolderRole, message_id: str, *, above_uid: int = 0) -> list[Stored]:
        """See `Mailbox.find`. What the server finds is verified; where it finds nothing, the newest 200 are compared here.

        A message over the size limit comes without its attachments.
        """
        wanted = bare(message_id)
        if not wanted:
            return []
        folder = self._folder(role)
        with self._connection.asking(f'searching "{folder}"'):
            opened = self._connection.examine(folder)
            found = self._with_id(role, opened, self._searched(opened, wanted, above_uid), wanted)
            if not found:
                found = self._with_id(role, opened, self._newest(opened, above_uid), wanted)
            raws = {uid: self._raw(role, opened, uid, row) for uid, row in found.items()}
        return [
            Stored(role=role, uidvalidity=opened.uidvalidity, uid=uid, raw=raw) for uid, raw in raws.items() if raw is not None
        ]

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:
        """See `Mailbox.append_draft`."""
        return drafts.append(self._connection, self._folder(FolderRole.DRAFTS), raw)

    def remove_draft(self, stored: Stored) -> bool:
        """See `Mailbox.remove_draft`."""
        folder = self._folder(FolderRole.DRAFTS)
        if stored.role is not FolderRole.DRAFTS:
            return False
        return drafts.remove(self._connection, folder, stored, trash=folders.trash(self._listed or []))

    def close(self) -> None:
        """See `Mailbox.close`."""
        self._connection.close()

    def _folder(self, role: FolderRole) -> str:
        if self._listed is None:
            self.folders()
        listed = self._listed or []
        name = folders.roles(listed, self._server.folders).get(role)
        if name is None:
            # Perhaps it was made meanwhile.
            self._listed = None
            raise folders.missing(role, listed, host=self._server.host)
        return name

    def _fetch(self, role: FolderRole, opened: Opened, uids: Sequence[int], items: Sequence[str]) -> dict[int, Row]:
        rows: dict[int, Row] = {}
        for piece in chunks(uids):
            rows |= fetch(self._connection, opened, piece, items, lambda uid, reason: self._skip(role, opened, uid, reason))
        return rows

    def _skip(self, role: FolderRole, opened: Opened, uid: int, reason: str) -> None:
        place = (role, opened.uidvalidity, uid)
        if place not in {(known.role, known.uidvalidity, known.uid) for known in self.skipped}:
            problem = " ".join(reason.split())[:200]
            self.skipped.append(Skipped(role=role, uidvalidity=opened.uidvalidity, uid=uid, problem=problem))

    def _batches(self, uids: Sequence[int], rows: dict[int, Row]) -> Iterator[list[int]]:
        batch: list[int] = []
        octets = 0
        for uid in uids:
            size = min(_size(rows[uid]) or self._server.size_limit, self._server.size_limit)
            if batch and (len(batch) == _BATCH_MOST or octets + size > _BATCH_OCTETS):
                yield batch
                batch, octets = [], 0
            batch.append(uid)
            octets += size
        if batch:
            yield batch

    def _heading(self, role: FolderRole, opened: Opened, uid: int, row: Row) -> Heading | None:
        header = next((value for value in row.values() if isinstance(value, bytes)), b"")
        received_at = _received_at(row, header)
        if received_at is None:
            self._skip(role, opened, uid, "the server gives no date for it, and it has none itself")
            return None
        return Heading(
            role=role,
            folder=opened.folder,
            uidvalidity=opened.uidvalidity,
            uid=uid,
            received_at=received_at,
            size=_size(row) or 0,
            header=header,
            thread=_thread(row),
        )

    def _raws(self, role: FolderRole, opened: Opened, uids: Sequence[int], rows: dict[int, Row]) -> dict[int, bytes]:
        """Return the messages of one batch, the small ones asked for together."""
        small = [uid for uid in uids if self._is_small(rows[uid])]
        bodies = self._fetch(role, opened, small, ["BODY.PEEK[]"])
        found = {
            uid: self._whole(role, opened, uid, bodies.get(uid)) if uid in small else self._raw(role, opened, uid, rows[uid])
            for uid in uids
        }
        return {uid: raw for uid, raw in found.items() if raw is not None}

    def _is_small(self, row: Row) -> bool:
        size = _size(row)
        return size is not None and size <= self._server.size_limit

    def _raw(self, role: FolderRole, opened: Opened, uid: int, row: Row) -> bytes | None:
        if self._is_small(row):
            return self._whole(role, opened, uid, self._fetch(role, opened, [uid], ["BODY.PEEK[]"]).get(uid))
        refusals: list[str] = []

        def ask(items: Sequence[str]) -> Row | None:
            return fetch(self._connection, opened, [uid], items, lambda _, reason: refusals.append(reason)).get(uid)

        raw = excerpt(ask)
        if raw is None:
            self._skip(role, opened, uid, refusals[0] if refusals else "the server gives no header for it")
        return raw

    def _whole(self, role: FolderRole, opened: Opened, uid: int, row: Row | None) -> bytes | None:
        if row is None:
            return None
        raw = row.get(b"BODY[]")
        if not isinstance(raw, bytes):
            self._skip(role, opened, uid, "the server gives no text for it")
            return None
        return raw

    def _searched(self, opened: Opened, wanted: str, above_uid: int) -> list[int]:
        """Return the UIDs that the server finds by Message-ID, to be verified; all UIDs where it cannot search."""
        client = self._connection.within(opened)
        if not (wanted.isascii() and wanted.isprintable()):
            return search_above(client, opened, above_uid)
        quoted = wanted.replace("\\", "\\\\").replace('"', '\\"')
        try:
            return search_above(client, opened, above_uid, "HEADER", "Message-ID", f'"{quoted}"')
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return search_above(client, opened, above_uid)

    def _newest(self, opened: Opened, above_uid: int) -> list[int]:
        return search_above(self._connection.within(opened), opened, above_uid)[-_NEWEST:]

    def _with_id(self, role: FolderRole, opened: Opened, uids: Sequence[int], wanted: str) -> dict[int, Row]:
        """Return those of the messages that carry the Message-ID, with their sizes."""
        rows = self._fetch(role, opened, uids, ["RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        return {
            uid: rows[uid]
            for uid in uids
            if uid in rows and wanted in {msgid_of(value) for value in rows[uid].values() if isinstance(value, bytes)}
        }


def _arrival(heading: Heading, raw: bytes, *, complete: bool) -> Arrival:
    return Arrival(
        role=heading.role,
        folder=heading.folder,
        uidvalidity=heading.uidvalidity,
        uid=heading.uid,
        received_at=heading.received_at,
        size=heading.size or len(raw),
        raw=raw,
        complete=complete,
        thread=heading.thread,
    )


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_THREAD = "X-GM-THRID"
"""What Gmail calls a thread; it knows one where References were dropped."""


def _thread(row: Row) -> str:
    thread = row.get(_THREAD.encode())
    return f"gmail:{thread}" if isinstance(thread, int) else ""


def _size(row: Row) -> int | None:
    size = row.get(b"RFC822.SIZE")
    return size if isinstance(size, int) and size > 0 else None


def _received_at(row: Row, raw: bytes) -> datetime | None:
    """Return INTERNALDATE in UTC; where the server gives none that can be read, the Date field."""
    received_at = row.get(b"INTERNALDATE")
    if not isinstance(received_at, datetime):
        field = _DATE.search(raw)
        try:
            received_at = email.utils.parsedate_to_datetime(field["value"].decode("ascii", "replace")) if field else None
        except ValueError:
            return None
    if received_at is None:
        return None
    return received_at.replace(tzinfo=received_at.tzinfo or UTC).astimezone(UTC)
