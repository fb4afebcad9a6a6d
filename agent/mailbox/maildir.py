"""A Maildir as a mailbox of full rights, as mbsync, offlineimap, Dovecot and mail clients keep it (https://cr.yp.to/proto/maildir.html).

Nothing in it is changed but Drafts, and the inbox where the digest is placed there: no file is renamed, no flag set, and the
agent's numbers lie in its own state folder.
"""

import hashlib
import os
import select
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from agent.mailbox.folders import FoundBy
from agent.mailbox.header import arrived_at, header_of, heading_fields
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
from agent.mailbox.lines import as_on_the_wire
from agent.mailbox.maildir_drafts import MaildirDrafts
from agent.mailbox.maildir_folder import MaildirFolder
from agent.mailbox.maildir_folders import FoundFolder, find_folders, missing, roles
from agent.mailbox.msgid import bare
from agent.mailbox.own_digest import only_own_digest
from agent.mailbox.plain_file import PlainFile
from agent.mailbox.uid_list import UidList
from agent.mailbox.without_attachments import without_attachments

_LOOK_SECONDS = 1.0
"""How often `wait` asks whether the inbox has changed: two `stat`, which cost a hundred microseconds."""
_EARLIEST = 631_152_000
"""1990; a file that is older has no time at all."""


class MaildirMailbox:
    """One person's mailbox in files; does all that `Mailbox` promises. One thread at a time.

    A message arrived at the earliest of three times, for each can only be too late: what the last server wrote into the header
    (mbsync gives a file the time of the download unless `CopyArrivalDate` is set), the time of the file (a copy is younger than
    the mail), and the time in its name.
    """

    def __init__(self, root: Path, *, state: Path, folders: Mapping[FolderRole, str], size_limit: int) -> None:
        """Open the Maildir, or the folder of Maildirs, at `root`; raises `MailboxProblem` where there is none.

        `state` is the agent's own folder, in which the numbers of the messages are kept. `folders` are names that the user chose.
        Of a message of more than `size_limit` octets only so many are read, and its attachments are left out.
        """
        self._root = root
        self._state = state
        self._chosen = folders
        self._size_limit = size_limit
        self._opened: dict[Path, MaildirFolder] = {}
        self._drafts = MaildirDrafts()
        self._told: tuple[int, int] | None = None
        self.skipped: list[Skipped] = []
        """See `Mailbox.skipped`."""
        self._found = self._find()

    def folders(self) -> dict[FolderRole, str]:
        """See `Mailbox.folders`."""
        self._found = self._find()
        return {role: folder.name for role, folder in self._found.items()}

    def folder_names(self) -> list[str]:
        """Return the names of all folders."""
        return [folder.name for folder in find_folders(self._root)]

    def found_by(self) -> dict[FolderRole, FoundBy]:
        """Return how each folder but the inbox was found."""
        named = {role: FoundBy.CONFIGURATION if role in self._chosen else FoundBy.NAME for role in self._found}
        return {role: how for role, how in named.items() if role is not FolderRole.INBOX}

    def takes_drafts(self) -> bool:
        """Whether Drafts may be written to, as far as that shows without writing."""
        return self.takes(FolderRole.DRAFTS)

    def takes(self, role: FolderRole) -> bool:
        """Whether a folder may be written to, as far as that shows without writing."""
        path = self._folder(role).path
        return all(os.access(part, os.W_OK | os.X_OK) for part in (path, path / "cur", path / "tmp") if part.exists())

    def places(self) -> dict[FolderRole, Place]:
        """See `Mailbox.places`."""
        self._found = self._find()
        found = {}
        for role in self._found:
            try:
                found[role] = self._looked(role).place()
            except _CannotBeRead:
                continue
        inbox = found.get(FolderRole.INBOX)
        self._told = (inbox.uidvalidity, inbox.last_uid) if inbox else None
        return found

    def headings(self, role: FolderRole, cursor: Cursor | None, *, since: datetime) -> Iterator[Heading]:
        """See `Mailbox.headings`. A message without a header that can be read is named in `skipped`."""
        folder = self._looked(role)
        known = cursor is not None and cursor.uidvalidity == folder.uidvalidity
        earliest = None if known else since.replace(microsecond=0)
        uidvalidity = folder.uidvalidity
        for uid in folder.above(cursor.last_uid if cursor is not None and known else 0):
            if earliest is not None and _came_before(folder, uid, earliest):
                continue
            with _reading(folder):
                heading = self._heading(role, folder, uid)
            if folder.uidvalidity != uidvalidity:
                return
            if heading is not None and (earliest is None or heading.received_at >= earliest):
                yield heading

    def read(self, headings: Sequence[Heading]) -> list[Arrival]:
        """See `Mailbox.read`."""
        by_name = {folder.name: role for role, folder in self._found.items()}
        arrivals = []
        for heading in headings:
            role = by_name.get(heading.folder)
            if role is None:
                continue
            folder = self._folder(role)
            with _reading(folder):
                if not folder.uidvalidity:
                    folder.look()
                read = self._raw(role, folder, heading.uid) if heading.uidvalidity == folder.uidvalidity else None
            if read is not None:
                raw, complete = read
                arrivals.append(_arrival(heading, raw, complete=complete))
        return arrivals

    def position(self, role: FolderRole) -> Cursor:
        """See `Mailbox.position`."""
        folder = self._looked(role)
        return Cursor(uidvalidity=folder.uidvalidity, last_uid=folder.last_uid)

    def listing(self, role: FolderRole) -> Listing:
        """See `Mailbox.listing`."""
        folder = self._looked(role)
        return Listing(
            role=role,
            uidvalidity=folder.uidvalidity,
            uids=tuple(folder.uids),
            last_uid=folder.last_uid,
            complete=folder.whole,
        )

    def fetch(self, role: FolderRole, uids: Sequence[int]) -> list[Stored]:
        """See `Mailbox.fetch`."""
        folder = self._looked(role)
        found = []
        for uid in sorted(set(uids)):
            with _reading(folder):
                read = self._raw(role, folder, uid)
            if read is not None:
                found.append(Stored(role=role, uidvalidity=folder.uidvalidity, uid=uid, raw=read[0]))
        return found

    def find(self, role: FolderRole, message_id: str, *, above_uid: int = 0) -> list[Stored]:
        """See `Mailbox.find`; reads the headers of all messages above `above_uid`, each once in the life of this object."""
        wanted = bare(message_id)
        if not wanted:
            return []
        folder = self._looked(role)
        with _reading(folder):
            uids = [uid for uid in folder.above(above_uid) if folder.message_id(uid) == wanted]
        return self.fetch(role, uids)

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:
        """See `Mailbox.append_draft`."""
        return self._drafts.append(self._looked(FolderRole.DRAFTS), raw)

    def place_digest(self, raw: bytes, *, address: str) -> Appended | AppendUnknown:
        """See `Mailbox.place_digest`."""
        only_own_digest(raw, address)
        return self._drafts.deliver(self._looked(FolderRole.INBOX), raw)

    def remove_draft(self, stored: Stored) -> bool:
        """See `Mailbox.remove_draft`."""
        folder = self._looked(FolderRole.DRAFTS)
        if stored.role is not FolderRole.DRAFTS:
            return False
        with _reading(folder):
            return self._drafts.take_out(folder, stored)

    def wait(self, seconds: float, *, stop: int) -> bool:
        """See `Mailbox.wait`; asks each second whether the inbox has changed, and reads nothing while it has not."""
        end = time.monotonic() + seconds
        while True:
            inbox = self._looked(FolderRole.INBOX)
            if (inbox.uidvalidity, inbox.last_uid) != self._told:
                return True
            left = end - time.monotonic()
            if left <= 0 or select.select([stop], [], [], min(left, _LOOK_SECONDS))[0]:
                return False

    def close(self) -> None:
        """See `Mailbox.close`; there is nothing to be closed."""

    def _find(self) -> dict[FolderRole, FoundFolder]:
        return roles(find_folders(self._root), self._chosen, self._root)

    def _folder(self, role: FolderRole) -> MaildirFolder:
        if role not in self._found:
            # Perhaps it was made meanwhile.
            found = find_folders(self._root)
            self._found = roles(found, self._chosen, self._root)
            if role not in self._found:
                raise missing(role, found, self._root)
        found_folder = self._found[role]
        if found_folder.path not in self._opened:
            self._opened[found_folder.path] = MaildirFolder(found_folder, UidList(self._numbers_of(found_folder)))
        return self._opened[found_folder.path]

    def _looked(self, role: FolderRole) -> MaildirFolder:
        folder = self._folder(role)
        with _reading(folder):
            folder.look()
        return folder

    def _numbers_of(self, folder: FoundFolder) -> Path:
        """Return where the numbers of a folder are kept: several Maildirs may share a state folder."""
        where = hashlib.sha256(os.fsencode(os.path.abspath(folder.path))).hexdigest()[:12]  # noqa: PTH100 - links stay as named
        return self._state / f"maildir-{quote(folder.name, safe='')[:80]}-{where}.uids"

    def _heading(self, role: FolderRole, folder: MaildirFolder, uid: int) -> Heading | None:
        opened = self._open(role, folder, uid)
        if opened is None:
            return None
        with opened:
            try:
                header = header_of(opened.head())
            except OSError as error:
                self._skip(role, folder, uid, _why(error))
                return None
        return Heading(
            role=role,
            folder=folder.name,
            uidvalidity=folder.uidvalidity,
            uid=uid,
            received_at=_received_at(opened.stat.st_mtime, folder.arrived_by_name(uid), header),
            size=opened.stat.st_size,
            header=heading_fields(header),
        )

    def _raw(self, role: FolderRole, folder: MaildirFolder, uid: int) -> tuple[bytes, bool] | None:
        """Return a message with CRLF line ends, and whether it is complete; None when it is gone or cannot be read."""
        opened = self._open(role, folder, uid)
        if opened is None:
            return None
        with opened:
            try:
                raw = as_on_the_wire(opened.beginning(self._size_limit))
            except OSError as error:
                self._skip(role, folder, uid, _why(error))
                return None
        if opened.stat.st_size <= self._size_limit:
            return raw, True
        return without_attachments(raw), False

    def _open(self, role: FolderRole, folder: MaildirFolder, uid: int) -> PlainFile | None:
        try:
            opened = folder.opened(uid)
        except OSError as error:
            self._skip(role, folder, uid, _why(error))
            return None
        if opened is not None and opened.stat.st_size == 0:
            with opened:
                self._skip(role, folder, uid, "its file is empty")
                return None
        return opened

    def _skip(self, role: FolderRole, folder: MaildirFolder, uid: int, problem: str) -> None:
        if (role, folder.uidvalidity, uid) not in {(each.role, each.uidvalidity, each.uid) for each in self.skipped}:
            self.skipped.append(Skipped(role=role, uidvalidity=folder.uidvalidity, uid=uid, problem=problem))


class _CannotBeRead(MailboxProblem):
    """A folder that cannot be looked into."""


@contextmanager
def _reading(folder: MaildirFolder) -> Iterator[None]:
    """Tell the user of a folder that cannot be looked into."""
    try:
        yield
    except OSError as error:
        raise _CannotBeRead(
            f'the folder "{folder.name}" ({folder.path}) cannot be read: {error.strerror}',
            permanent=isinstance(error, PermissionError | NotADirectoryError),
        ) from error


def _why(error: OSError) -> str:
    return f"its file cannot be read: {error.strerror}"


def _arrival(heading: Heading, raw: bytes, *, complete: bool) -> Arrival:
    return Arrival(
        role=heading.role,
        folder=heading.folder,
        uidvalidity=heading.uidvalidity,
        uid=heading.uid,
        received_at=heading.received_at,
        size=heading.size,
        raw=raw,
        complete=complete,
    )


def _came_before(folder: MaildirFolder, uid: int, earliest: datetime) -> bool:
    """Whether a message came before `earliest` by its file alone, which need not be opened then."""
    file = folder.file(uid)
    try:
        changed = os.stat(file).st_mtime if file is not None else None  # noqa: PTH116 - faster, and there are thousands
    except OSError:
        changed = None
    times = [int(at) for at in (changed, folder.arrived_by_name(uid)) if at is not None and at >= _EARLIEST]
    return bool(times) and min(times) < earliest.timestamp()


def _received_at(changed: float, by_name: float | None, header: bytes) -> datetime:
    """Return the earliest of the three times, in whole seconds (UTC)."""
    times = [datetime.fromtimestamp(int(at), UTC) for at in (changed, by_name) if at is not None and at >= _EARLIEST]
    by_header = arrived_at(header)
    return min([*times, *([by_header] if by_header else [])], default=datetime.fromtimestamp(_EARLIEST, UTC))
