"""A mailbox in memory: for `replay`, and for tests that need a mailbox which fails when told to."""

import re
import select
import socket
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

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
from agent.mailbox.lines import same_lines
from agent.mailbox.msgid import bare, msgid_of
from agent.mailbox.own_digest import only_own_digest

_NAMES: Mapping[FolderRole, str] = {
    FolderRole.INBOX: "INBOX",
    FolderRole.SENT: "Sent",
    FolderRole.DRAFTS: "Drafts",
    FolderRole.JUNK: "Junk",
    FolderRole.ARCHIVE: "Archive",
}

_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    raw: bytes
    received_at: datetime
    flags: frozenset[str]


@dataclass(kw_only=True, slots=True)
class _Folder:
    name: str
    uidvalidity: int
    next_uid: int = 1
    uids: list[int] = field(default_factory=list)
    kept: dict[int, _Kept] = field(default_factory=dict)
    by_msgid: dict[str, list[int]] = field(default_factory=dict)

    def add(self, kept: _Kept) -> int:
        uid = self.next_uid
        self.next_uid += 1
        self.uids.append(uid)
        self.kept[uid] = kept
        self.by_msgid.setdefault(msgid_of(kept.raw), []).append(uid)
        return uid

    def remove(self, uid: int) -> None:
        kept = self.kept.pop(uid)
        self.uids.remove(uid)
        self.by_msgid[msgid_of(kept.raw)].remove(uid)

    def after(self, uid: int) -> list[int]:
        return self.uids[bisect_right(self.uids, uid) :]


class MemoryMailbox:
    """A mailbox that lives as long as the process and does all that `Mailbox` promises."""

    def __init__(
        self,
        *,
        folders: Mapping[FolderRole, str] = _NAMES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Begin with empty folders of these names; `clock` dates what the agent stores."""
        self._folders = {role: _Folder(name=name, uidvalidity=number) for number, (role, name) in enumerate(folders.items(), 1)}
        self._clock = clock
        self._failures: dict[str, list[MailboxProblem]] = {}
        self._next_append: str = "kept"
        self._lock = threading.Lock()
        self._told = self._inbox()
        self._tells: socket.socket | None = None
        self.closed = False
        """True once `close` was called."""
        self.skipped: list[Skipped] = []
        """See `Mailbox.skipped`; stays empty here."""

    # What the other side does to the mailbox.

    def deliver(self, role: FolderRole, raw: bytes, received_at: datetime, flags: frozenset[str] = frozenset()) -> int:
        """Put a message into a folder as the server would; return its UID. May be called from another thread than `wait`."""
        with self._lock:
            uid = self._folders[role].add(_Kept(raw=raw, received_at=received_at, flags=flags))
            if role is FolderRole.INBOX and self._tells is not None:
                self._tells.send(b"!")
        return uid

    def remove(self, role: FolderRole, uid: int) -> None:
        """Take a message out, as the user does who deletes or sends a draft."""
        self._folders[role].remove(uid)

    def messages(self, role: FolderRole) -> dict[int, bytes]:
        """Return the messages of a folder by UID."""
        return {uid: kept.raw for uid, kept in self._folders[role].kept.items()}

    def flags(self, role: FolderRole) -> dict[int, frozenset[str]]:
        """Return the flags of the messages of a folder by UID."""
        return {uid: kept.flags for uid, kept in self._folders[role].kept.items()}

    def change_uidvalidity(self, role: FolderRole) -> None:
        """Give all messages new UIDs, as a server does after a repair (RFC 3501 section 2.3.1.1)."""
        old = self._folders[role]
        new = _Folder(name=old.name, uidvalidity=old.uidvalidity + 1000)
        for uid in old.uids:
            new.add(old.kept[uid])
        self._folders[role] = new

    def fail_next(self, method: str, problem: MailboxProblem) -> None:
        """Let the next call of the method of this name raise the problem; several add up."""
        self._failures.setdefault(method, []).append(problem)

    def lose_answer_to_next_append(self) -> None:
        """Store the next draft or digest, but answer `AppendUnknown`."""
        self._next_append = "answer lost"

    def drop_next_append(self) -> None:
        """Do not store the next draft or digest, and answer `AppendUnknown`."""
        self._next_append = "dropped"

    def forget_failures(self) -> None:
        """Do from now on what is asked: take back all failures that have not come about."""
        self._failures.clear()
        self._next_append = "kept"

    # What `Mailbox` promises.

    def folders(self) -> dict[FolderRole, str]:
        """See `Mailbox.folders`."""
        self._fail("folders")
        return {role: folder.name for role, folder in self._folders.items()}

    def places(self) -> dict[FolderRole, Place]:
        """See `Mailbox.places`."""
        self._fail("places")
        with self._lock:
            self._told = self._inbox()
        return {
            role: Place(uidvalidity=folder.uidvalidity, last_uid=folder.next_uid - 1, count=len(folder.uids))
            for role, folder in self._folders.items()
        }

    def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
        """See `Mailbox.headings`; a heading is the whole header here."""
        self._fail("headings")
        folder = self._folder(role)
        known = cursor is not None and cursor.uidvalidity == folder.uidvalidity
        for uid in folder.after(cursor.last_uid) if cursor is not None and known else list(folder.uids):
            kept = folder.kept.get(uid)
            if kept is None or (not known and kept.received_at < since.replace(microsecond=0)):
                continue
            end = _END_OF_HEADER.search(kept.raw)
            yield Heading(
                role=role,
                folder=folder.name,
                uidvalidity=folder.uidvalidity,
                uid=uid,
                received_at=kept.received_at.astimezone(UTC),
                size=len(kept.raw),
                header=kept.raw[: end.end()] if end else kept.raw,
            )

    def read(self, headings: Sequence[Heading]) -> list[Arrival]:
        """See `Mailbox.read`."""
        self._fail("read")
        by_name = {folder.name: folder for folder in self._folders.values()}
        there = [heading for heading in headings if heading.uidvalidity == by_name[heading.folder].uidvalidity]
        found = [(heading, by_name[heading.folder].kept.get(heading.uid)) for heading in there]
        return [
            Arrival(
                role=heading.role,
                folder=heading.folder,
                uidvalidity=heading.uidvalidity,
                uid=heading.uid,
                received_at=heading.received_at,
                size=heading.size,
                raw=kept.raw,
                complete=True,
            )
            for heading, kept in found
            if kept is not None
        ]

    def position(self, role: FolderRole) -> Cursor:
        """See `Mailbox.position`."""
        self._fail("position")
        folder = self._folder(role)
        return Cursor(uidvalidity=folder.uidvalidity, last_uid=folder.next_uid - 1)

    def listing(self, role: FolderRole) -> Listing:
        """See `Mailbox.listing`."""
        self._fail("listing")
        folder = self._folder(role)
        return Listing(
            role=role, uidvalidity=folder.uidvalidity, uids=tuple(folder.uids), last_uid=folder.next_uid - 1, complete=True
        )

    def fetch(self, role: FolderRole, uids: Sequence[int]) -> list[Stored]:
        """See `Mailbox.fetch`."""
        self._fail("fetch")
        folder = self._folder(role)
        return [
            Stored(role=role, uidvalidity=folder.uidvalidity, uid=uid, raw=folder.kept[uid].raw)
            for uid in sorted(set(uids))
            if uid in folder.kept
        ]

    def find(self, role: FolderRole, message_id: str, *, above_uid: int = 0) -> list[Stored]:
        """See `Mailbox.find`."""
        self._fail("find")
        folder = self._folder(role)
        wanted = bare(message_id)
        if not wanted:
            return []
        return [
            Stored(role=role, uidvalidity=folder.uidvalidity, uid=uid, raw=folder.kept[uid].raw)
            for uid in folder.by_msgid.get(wanted, [])
            if uid > above_uid
        ]

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:
        """See `Mailbox.append_draft`."""
        self._fail("append_draft")
        return self._append(FolderRole.DRAFTS, raw, frozenset({"\\Draft", "\\Seen"}))

    def place_digest(self, raw: bytes, *, address: str) -> Appended | AppendUnknown:
        """See `Mailbox.place_digest`."""
        self._fail("place_digest")
        only_own_digest(raw, address)
        return self._append(FolderRole.INBOX, raw, frozenset())

    def remove_draft(self, stored: Stored) -> bool:
        """See `Mailbox.remove_draft`."""
        self._fail("remove_draft")
        folder = self._folder(FolderRole.DRAFTS)
        kept = folder.kept.get(stored.uid)
        if stored.role is not FolderRole.DRAFTS or stored.uidvalidity != folder.uidvalidity or kept is None:
            return False
        if not same_lines(kept.raw, stored.raw):
            return False
        folder.remove(stored.uid)
        return True

    def wait(self, seconds: float, *, stop: int) -> bool:
        """See `Mailbox.wait`."""
        self._fail("wait")
        hears, self._tells = socket.socketpair()
        with hears, self._tells:
            with self._lock:
                news = self._inbox() != self._told
            if not news:
                readable, _, _ = select.select([hears.fileno(), stop], [], [], seconds)
                news = hears.fileno() in readable
            with self._lock:
                self._tells = None
        return news

    def close(self) -> None:
        """See `Mailbox.close`."""
        self.closed = True

    def _append(self, role: FolderRole, raw: bytes, flags: frozenset[str]) -> Appended | AppendUnknown:
        folder = self._folder(role)
        outcome, self._next_append = self._next_append, "kept"
        if outcome == "dropped":
            return AppendUnknown(problem="the connection ended before the message was sent")
        with self._lock:
            uid = folder.add(_Kept(raw=raw, received_at=self._clock(), flags=flags))
        if outcome == "answer lost":
            return AppendUnknown(problem="the connection ended before the answer came")
        return Appended(uidvalidity=folder.uidvalidity, uid=uid)

    def _inbox(self) -> tuple[int, int]:
        inbox = self._folders[FolderRole.INBOX]
        return inbox.uidvalidity, inbox.next_uid

    def _folder(self, role: FolderRole) -> _Folder:
        if role not in self._folders:
            raise MailboxProblem(f"the mailbox has no folder for {role}", permanent=True)
        return self._folders[role]

    def _fail(self, method: str) -> None:
        waiting = self._failures.get(method)
        if waiting:
            raise waiting.pop(0)
