"""Mail in files, to be read only: one mbox of any size, one message, or a folder of mboxes and .eml files."""

import mmap
import os
import select
import time
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses
from pathlib import Path

from agent.mailbox import mbox
from agent.mailbox.header import arrived_at, field, header_of, heading_fields
from agent.mailbox.interface import (
    Appended,
    AppendUnknown,
    Arrival,
    Cursor,
    FolderRole,
    Heading,
    Listing,
    MailboxProblem,
    Place,
    Skipped,
    Stored,
)
from agent.mailbox.labels import labels_of, role_by
from agent.mailbox.lines import as_on_the_wire
from agent.mailbox.msgid import bare, msgid_of
from agent.mailbox.plain_file import PlainFile
from agent.mailbox.without_attachments import without_attachments

_NAMES = {FolderRole.INBOX: "INBOX", FolderRole.SENT: "Sent", FolderRole.ARCHIVE: "Archive"}
_SUFFIXES = frozenset({".eml", ".mbox"})
_LONGEST_HEADER = 64 * 1024
_LOOK_SECONDS = 1.0
_AT_A_TIME = 32 * 1024 * 1024
"""Octets of an mbox that are looked through before their memory is given back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """Where one message lies."""

    file: Path
    start: int
    end: int
    role: FolderRole | None
    """None for what a mailbox would not show among all mail: drafts, spam and deleted mail."""
    received_at: datetime
    quoted: bool
    """Whether it stands in an mbox."""


class FilesMailbox:
    """Files as a mailbox that is only read. One thread at a time.

    Its folders are views: `SENT` is what a Gmail label says or what comes from one of the user's own addresses, `ARCHIVE` what
    Gmail shows outside the inbox, `INBOX` the rest. Drafts, spam and deleted mail of a Google Takeout are left out, as in All
    Mail. Numbers follow the time of arrival; when a file changes, all are new under another UIDVALIDITY.
    """

    def __init__(self, source: Path, *, own_addresses: Collection[str], size_limit: int) -> None:
        """Look at nothing yet. Of a message of more than `size_limit` octets the attachments are left out."""
        self._source = source
        self._own = frozenset(address.casefold() for address in own_addresses)
        self._size_limit = size_limit
        self._seen: tuple[object, ...] | None = None
        self._told: int | None = None
        self._uidvalidity = 0
        self._kept: list[_Kept] = []
        self._ids: dict[str, list[int]] | None = None
        self.skipped: list[Skipped] = []
        """See `Mailbox.skipped`."""

    def folders(self) -> dict[FolderRole, str]:
        """See `Mailbox.folders`."""
        self._look()
        archive = any(each.role is FolderRole.ARCHIVE for each in self._kept)
        return {role: name for role, name in _NAMES.items() if archive or role is not FolderRole.ARCHIVE}

    def places(self) -> dict[FolderRole, Place]:
        """See `Mailbox.places`."""
        places = {}
        for role in self.folders():
            listing = self.listing(role)
            places[role] = Place(uidvalidity=listing.uidvalidity, last_uid=listing.last_uid, count=len(listing.uids))
        self._told = self._uidvalidity
        return places

    def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
        """See `Mailbox.headings`; reads one header after the other."""
        self._in(role)
        uidvalidity = self._uidvalidity
        known = cursor is not None and cursor.uidvalidity == uidvalidity
        for uid in self._uids(role, above=cursor.last_uid if cursor is not None and known else 0):
            if uidvalidity != self._uidvalidity:
                return
            kept = self._kept[uid - 1]
            if not known and kept.received_at < since.replace(microsecond=0):
                continue
            raw = self._piece(role, uid, _LONGEST_HEADER)
            if raw is not None:
                header = header_of(raw)
                thread = field(header, "X-GM-THRID")
                yield Heading(
                    role=role,
                    folder=_NAMES[role],
                    uidvalidity=uidvalidity,
                    uid=uid,
                    received_at=kept.received_at,
                    size=kept.end - kept.start,
                    header=heading_fields(header),
                    thread=f"gmail:{thread}" if thread.isdigit() else "",
                )

    def read(self, headings: Sequence[Heading]) -> list[Arrival]:
        """See `Mailbox.read`."""
        if self._seen is None:
            self._look()
        arrivals = []
        for heading in headings:
            read = self._raw(heading.role, heading.uid) if heading.uidvalidity == self._uidvalidity else None
            if read is not None:
                arrivals.append(
                    Arrival(
                        role=heading.role,
                        folder=heading.folder,
                        uidvalidity=heading.uidvalidity,
                        uid=heading.uid,
                        received_at=heading.received_at,
                        size=heading.size,
                        raw=read[0],
                        complete=read[1],
                        thread=heading.thread,
                    )
                )
        return arrivals

    def position(self, role: FolderRole) -> Cursor:
        """See `Mailbox.position`."""
        self._in(role)
        return Cursor(uidvalidity=self._uidvalidity, last_uid=len(self._kept))

    def listing(self, role: FolderRole) -> Listing:
        """See `Mailbox.listing`."""
        self._in(role)
        uids = tuple(self._uids(role))
        return Listing(role=role, uidvalidity=self._uidvalidity, uids=uids, last_uid=len(self._kept), complete=True)

    def fetch(self, role: FolderRole, uids: Sequence[int]) -> list[Stored]:
        """See `Mailbox.fetch`."""
        self._in(role)
        wanted = sorted(set(uids) & set(self._uids(role)))
        read = [(uid, self._raw(role, uid)) for uid in wanted]
        return [Stored(role=role, uidvalidity=self._uidvalidity, uid=uid, raw=each[0]) for uid, each in read if each is not None]

    def find(self, role: FolderRole, message_id: str, *, above_uid: int = 0) -> list[Stored]:
        """See `Mailbox.find`; the first search reads all headers."""
        self._in(role)
        if self._ids is None:
            self._ids = {}
            for uid, kept in enumerate(self._kept, 1):
                raw = self._piece(kept.role, uid, _LONGEST_HEADER) if kept.role is not None else None
                if raw is not None:
                    self._ids.setdefault(msgid_of(header_of(raw)), []).append(uid)
        wanted = bare(message_id)
        return self.fetch(role, [uid for uid in self._ids.get(wanted, []) if uid > above_uid]) if wanted else []

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:  # noqa: ARG002 - nothing is written here
        """Raise `MailboxProblem`: nothing is written into files."""
        raise self._read_only()

    def place_digest(self, raw: bytes, *, address: str) -> Appended | AppendUnknown:  # noqa: ARG002 - see above
        """Raise `MailboxProblem`: nothing is written into files."""
        raise self._read_only()

    def remove_draft(self, stored: Stored) -> bool:  # noqa: ARG002 - see above
        """Raise `MailboxProblem`: nothing is taken out of files."""
        raise self._read_only()

    def wait(self, seconds: float, *, stop: int) -> bool:
        """See `Mailbox.wait`; asks each second whether a file has changed."""
        end = time.monotonic() + seconds
        while True:
            self._look()
            if self._told != self._uidvalidity:
                return True
            left = end - time.monotonic()
            if left <= 0 or select.select([stop], [], [], min(left, _LOOK_SECONDS))[0]:
                return False

    def close(self) -> None:
        """See `Mailbox.close`; no file is kept open."""

    def _in(self, role: FolderRole) -> None:
        self._look()
        if role not in _NAMES:
            raise MailboxProblem(f"{self._source}: files of mail have no folder for {role}", permanent=True)

    def _uids(self, role: FolderRole, *, above: int = 0) -> Iterator[int]:
        return (uid for uid in range(above + 1, len(self._kept) + 1) if self._kept[uid - 1].role is role)

    def _look(self) -> None:
        """See where the messages lie, where a file has changed since the last look."""
        try:
            files = [self._source]
            if self._source.is_dir():
                files = sorted(file for file in self._source.rglob("*") if _holds_mail(file))
            stats = [(str(file), file.stat()) for file in files]
            seen = tuple((name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
            if seen == self._seen:
                return
            kept = [each for file in files for each in self._messages(file)]
        except OSError as error:
            raise MailboxProblem(f"{self._source}: cannot be read ({error.strerror}); check the path", permanent=True) from error
        self._kept = sorted(kept, key=lambda each: each.received_at)
        self._uidvalidity = zlib.crc32(repr(seen).encode("utf-8", "surrogateescape")) or 1
        self._ids = None
        self._seen = seen

    def _messages(self, file: Path) -> Iterator[_Kept]:
        with PlainFile(file) as opened:
            size, changed = opened.stat.st_size, datetime.fromtimestamp(int(opened.stat.st_mtime), UTC)
            found = None
            if opened.beginning(5) == b"From ":
                with mmap.mmap(opened.fd, 0, access=mmap.ACCESS_READ) as box:
                    kept_from = 0
                    for found in mbox.spans(box):
                        if found.envelope - kept_from > _AT_A_TIME:
                            kept_from = _give_back(box, kept_from, found.envelope)
                        header = header_of(box[found.start : min(found.end, found.start + _LONGEST_HEADER)])
                        by_envelope = mbox.envelope_date(box[found.envelope : found.start])
                        yield _Kept(
                            file=file,
                            start=found.start,
                            end=found.end,
                            role=self._role(header),
                            received_at=arrived_at(header) or by_envelope or changed,
                            quoted=True,
                        )
            if size and found is None:
                header = header_of(opened.head())
                at = arrived_at(header) or changed
                yield _Kept(file=file, start=0, end=size, role=self._role(header), received_at=at, quoted=False)

    def _role(self, header: bytes) -> FolderRole | None:
        labels = labels_of(header)
        if labels:
            return role_by(labels)
        written_by = {address.casefold() for _, address in getaddresses([field(header, "From")])}
        return FolderRole.SENT if written_by & self._own else FolderRole.INBOX

    def _raw(self, role: FolderRole, uid: int) -> tuple[bytes, bool] | None:
        """Return a message with CRLF line ends, and whether it is complete; None when it cannot be read."""
        raw = self._piece(role, uid, self._size_limit)
        if raw is None:
            return None
        kept = self._kept[uid - 1]
        if kept.end - kept.start > self._size_limit:
            return without_attachments(as_on_the_wire(raw)), False
        return as_on_the_wire(mbox.unquoted(raw) if kept.quoted else raw), True

    def _piece(self, role: FolderRole, uid: int, most: int) -> bytes | None:
        """Return the beginning of a message; where its file cannot be read the message is skipped."""
        kept = self._kept[uid - 1]
        try:
            with PlainFile(kept.file) as opened:
                return os.pread(opened.fd, min(kept.end - kept.start, most), kept.start)
        except FileNotFoundError:
            return None
        except OSError as error:
            if (role, self._uidvalidity, uid) not in {(each.role, each.uidvalidity, each.uid) for each in self.skipped}:
                problem = f"its file cannot be read: {error.strerror}"
                self.skipped.append(Skipped(role=role, uidvalidity=self._uidvalidity, uid=uid, problem=problem))
            return None

    def _read_only(self) -> MailboxProblem:
        return MailboxProblem(
            f"{self._source}: files of mail are only read; for drafts name an IMAP server or a Maildir",
            permanent=True,
        )


def _holds_mail(file: Path) -> bool:
    """Whether a file in a folder is mail by its name; Apple Mail exports a folder `Inbox.mbox` with a file `mbox` in it."""
    return (file.suffix.lower() in _SUFFIXES or file.name == "mbox") and file.is_file()


def _give_back(box: mmap.mmap, start: int, until: int) -> int:
    """Let go of pages that were looked through, so that a file of gigabytes is never in memory as a whole; return up to where."""
    end = until - until % mmap.PAGESIZE
    box.madvise(mmap.MADV_DONTNEED, start, end - start)
    return end
