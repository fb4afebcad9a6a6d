"""The mailbox over IMAP4rev1 (RFC 3501), read without a trace; written to are Drafts, and the inbox with the digest alone."""

import imaplib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from agent.mailbox import drafts, first_look, folders, places, reading
from agent.mailbox.appending import append
from agent.mailbox.connection import Connection, Login, Opened, PasswordLogin
from agent.mailbox.fetching import Refuse, chunks, fetch, search, search_above
from agent.mailbox.folders import FoundBy
from agent.mailbox.idle import InboxWatch
from agent.mailbox.interface import (
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
from agent.mailbox.own_digest import only_own_digest
from agent.mailbox.rights import may_be_written
from agent.mailbox.rows import number
from agent.mailbox.server import ImapServer

_BATCH_OCTETS = 4 * 1024 * 1024
_BATCH_MOST = 50
_EXPECTED = 64 * 1024
"""Octets that are read of a message without its attachments, seldom more."""
_NEWEST = 200
"""Messages whose Message-ID is compared here although the server's search found none: its index may lag behind."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def open_imap(server: ImapServer, login: str | Login) -> "ImapMailbox":
    """Return the mailbox, logged in with a password or app password, or in another way; `MailboxProblem` says why not."""
    mailbox = ImapMailbox(server, PasswordLogin(secret=login) if isinstance(login, str) else login)
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
        self._told: Place | None = None
        self._watch = InboxWatch(self._connection)
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

    def folder_names(self) -> list[str]:
        """Return the names of all folders that can be opened, as the server lists them."""
        with self._connection.asking("listing the folders"):
            self._listed = folders.list_folders(self._connection.client())
        return [listed.name for listed in self._listed]

    def found_by(self) -> dict[FolderRole, FoundBy]:
        """Return how each folder but the inbox was found."""
        names = self._names()
        return folders.found_by(self._listed or [], names, self._server.folders)

    def abilities(self) -> frozenset[str]:
        """Return what the server can do, in the words of its CAPABILITY answer (RFC 3501 section 7.2.1), in capitals."""
        with self._connection.asking("asking what it can do"):
            told = self._connection.client().capabilities()
        return frozenset(each.decode("ascii", "replace").upper() for each in told)

    def takes_drafts(self) -> bool:
        """Whether Drafts may be written to, as far as that shows without writing."""
        return self.takes(FolderRole.DRAFTS)

    def takes(self, role: FolderRole) -> bool:
        """Whether a folder may be written to, as far as that shows without writing."""
        folder = self._folder(role)
        with self._connection.asking(f'opening "{folder}"'):
            return may_be_written(self._connection, folder)

    def places(self) -> dict[FolderRole, Place]:
        """See `Mailbox.places`; the folders are listed anew only when one of them is not there any more."""
        with self._connection.asking("looking at the folders"):
            names = self._names()
            found = places.places(self._connection.client(), names)
            self._connection.leave()
        if len(found) < len(names):
            self._listed = None
            if (listed := self._names()) != names:
                with self._connection.asking("looking at the folders"):
                    found = places.places(self._connection.client(), listed)
        self._told = found.get(FolderRole.INBOX)
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
        refuse = self._refuse(role, opened)
        for piece in chunks(uids):
            with self._connection.asking(doing):
                found = list(first_look.headings(self._connection, opened, role, piece, refuse))
            yield from (heading for heading in found if earliest is None or heading.received_at >= earliest)

    def read(self, headings: Sequence[Heading]) -> list[Arrival]:
        """See `Mailbox.read`. A message of up to 8 KiB comes whole."""
        found: dict[tuple[str, int], Arrival] = {}
        for folder in dict.fromkeys(heading.folder for heading in headings):
            asked = {heading.uid: heading for heading in headings if heading.folder == folder}
            with self._connection.asking(f'reading "{folder}"'):
                opened = self._connection.examine(folder)
                there = [heading for heading in asked.values() if heading.uidvalidity == opened.uidvalidity]
                for role in dict.fromkeys(heading.role for heading in there):
                    sizes = {heading.uid: heading.size for heading in there if heading.role is role}
                    for uid, read in self._read(self._folder_role(folder, role), opened, sizes, small=reading.SMALL).items():
                        found[folder, uid] = _arrival(asked[uid], read)
        return [found[each.folder, each.uid] for each in headings if (each.folder, each.uid) in found]

    def wait(self, seconds: float, *, stop: int) -> bool:
        """See `Mailbox.wait`, and `InboxWatch.wait` for what counts as news."""
        folder = self._folder(FolderRole.INBOX)
        with self._connection.asking("waiting for mail"):
            return self._watch.wait(folder, self._told, seconds, stop=stop)

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
            read = self._read(role, opened, self._sizes(role, opened, sorted(set(uids))), small=self._server.size_limit)
        return [Stored(role=role, uidvalidity=opened.uidvalidity, uid=uid, raw=each.raw) for uid, each in read.items()]

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
            read = self._read(role, opened, found, small=self._server.size_limit)
        return [Stored(role=role, uidvalidity=opened.uidvalidity, uid=uid, raw=each.raw) for uid, each in read.items()]

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:
        """See `Mailbox.append_draft`."""
        return drafts.append(self._connection, self._folder(FolderRole.DRAFTS), raw)

    def place_digest(self, raw: bytes, *, address: str) -> Appended | AppendUnknown:
        """See `Mailbox.place_digest`."""
        only_own_digest(raw, address)
        return append(self._connection, self._folder(FolderRole.INBOX), raw, flags=b"", what="digest")

    def remove_draft(self, stored: Stored) -> bool:
        """See `Mailbox.remove_draft`."""
        folder = self._folder(FolderRole.DRAFTS)
        if stored.role is not FolderRole.DRAFTS:
            return False
        listed = self._listed or []
        names = folders.roles(listed, self._server.folders)
        elsewhere = [names[role] for role in (FolderRole.SENT, FolderRole.ALL) if role in names]
        return drafts.remove(self._connection, folder, stored, trash=folders.trash(listed), elsewhere=elsewhere)

    def close(self) -> None:
        """See `Mailbox.close`."""
        self._connection.close()

    def abandon(self) -> None:
        """See `Abandonable.abandon`."""
        self._connection.abandon()

    def _names(self) -> dict[FolderRole, str]:
        """Return the folders by role as they were listed last."""
        return self.folders() if self._listed is None else folders.roles(self._listed, self._server.folders)

    def _folder(self, role: FolderRole) -> str:
        names = self._names()
        if role not in names:
            # Perhaps it was made meanwhile.
            listed, self._listed = self._listed or [], None
            raise folders.missing(role, listed, host=self._server.host)
        return names[role]

    def _folder_role(self, folder: str, role: FolderRole) -> FolderRole:
        """Return the role of a folder; in a folder of all mail that of the message is another."""
        return FolderRole.ALL if self._listed and self._names().get(FolderRole.ALL) == folder else role

    def _read(self, role: FolderRole, opened: Opened, sizes: dict[int, int], *, small: int) -> dict[int, reading.Read]:
        """Return messages by UID, those up to `small` octets whole; asked for in batches."""
        found: dict[int, reading.Read] = {}
        small = min(small, self._server.size_limit)
        for batch in _batches(sizes, small):
            found |= reading.read(
                self._connection,
                opened,
                batch,
                small=small,
                limit=self._server.size_limit,
                refuse=self._refuse(role, opened),
            )
        return found

    def _sizes(self, role: FolderRole, opened: Opened, uids: Sequence[int]) -> dict[int, int]:
        refuse = self._refuse(role, opened)
        rows = {
            uid: row
            for piece in chunks(uids)
            for uid, row in fetch(self._connection, opened, piece, ["RFC822.SIZE"], refuse).items()
        }
        return {uid: number(rows[uid].get(b"RFC822.SIZE")) or 0 for uid in uids if uid in rows}

    def _refuse(self, role: FolderRole, opened: Opened) -> Refuse:
        return lambda uid, reason: self._skip(role, opened, uid, reason)

    def _skip(self, role: FolderRole, opened: Opened, uid: int, reason: str) -> None:
        place = (role, opened.uidvalidity, uid)
        if place not in {(known.role, known.uidvalidity, known.uid) for known in self.skipped}:
            problem = " ".join(reason.split())[:200]
            self.skipped.append(Skipped(role=role, uidvalidity=opened.uidvalidity, uid=uid, problem=problem))

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

    def _with_id(self, role: FolderRole, opened: Opened, uids: Sequence[int], wanted: str) -> dict[int, int]:
        """Return the sizes of those of the messages that carry the Message-ID."""
        sizes: dict[int, int] = {}
        for piece in chunks(uids):
            items = ["RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]
            for uid, row in fetch(self._connection, opened, piece, items, self._refuse(role, opened)).items():
                if wanted in {msgid_of(value) for value in row.values() if isinstance(value, bytes)}:
                    sizes[uid] = number(row.get(b"RFC822.SIZE")) or 0
        return sizes


def _arrival(heading: Heading, read: reading.Read) -> Arrival:
    return Arrival(
        role=heading.role,
        folder=heading.folder,
        uidvalidity=heading.uidvalidity,
        uid=heading.uid,
        received_at=heading.received_at,
        size=heading.size or len(read.raw),
        raw=read.raw,
        complete=read.complete,
        thread=heading.thread,
    )


def _batches(sizes: dict[int, int], small: int) -> Iterator[dict[int, int]]:
    """Yield the messages in pieces of at most 50 of which some 4 MiB are read, besides one large one."""
    batch: dict[int, int] = {}
    octets = 0
    for uid in sorted(sizes):
        expected = sizes[uid] if 0 < sizes[uid] <= small else _EXPECTED
        if batch and (len(batch) == _BATCH_MOST or octets + expected > _BATCH_OCTETS):
            yield batch
            batch, octets = {}, 0
        batch[uid] = sizes[uid]
        octets += expected
    if batch:
        yield batch
