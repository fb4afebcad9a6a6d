"""A Maildir on the disk, and what other programs do to it: deliver, rename, remove."""

import os
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path

from agent.mailbox.interface import FolderRole
from agent.mailbox.maildir import MaildirMailbox

_LETTERS = {"D": "\\Draft", "F": "\\Flagged", "P": "$Forwarded", "R": "\\Answered", "S": "\\Seen", "T": "\\Deleted"}

PLUS_PLUS: Mapping[FolderRole, str] = {
    FolderRole.INBOX: "",
    FolderRole.SENT: ".Sent",
    FolderRole.DRAFTS: ".Drafts",
    FolderRole.JUNK: ".Junk",
    FolderRole.ARCHIVE: ".Archive",
}
"""Folders by their path below the root."""


def make_folder(path: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True, exist_ok=True)
    return path


class MaildirScene:
    """A Maildir with its mailbox, seen from outside."""

    def __init__(self, folder: Path, on_disk: Mapping[FolderRole, str] = PLUS_PLUS, *, size_limit: int = 1_000_000) -> None:
        self.root = folder / "Mail"
        self.state = folder / "state"
        self.paths = {role: make_folder(self.root / below) for role, below in on_disk.items()}
        self._size_limit = size_limit
        self._numbers = count(1)
        self.mailbox = self.opened()

    def opened(self, *, folders: Mapping[FolderRole, str] | None = None) -> MaildirMailbox:
        """Return the mailbox as a process sees it that has just begun."""
        return MaildirMailbox(self.root, state=self.state, folders=folders or {}, size_limit=self._size_limit)

    def put(self, role: FolderRole, raw: bytes, received_at: datetime, flags: frozenset[str] = frozenset()) -> Path:
        """Let a message come in, as a delivery agent or mbsync writes it; return its file."""
        letters = "".join(letter for letter, flag in _LETTERS.items() if flag in flags)
        seconds = int(received_at.timestamp())
        name = f"{seconds}.M{next(self._numbers)}P7.laptop"
        file = self.paths[role] / (f"cur/{name}:2,{letters}" if letters else f"new/{name}")
        file.write_bytes(raw)
        os.utime(file, (seconds, seconds))
        return file

    def deliver(self, role: FolderRole, raw: bytes, received_at: datetime, flags: frozenset[str] = frozenset()) -> int:
        self.put(role, raw, received_at, flags)
        return self.mailbox.listing(role).uids[-1]

    def files(self, role: FolderRole) -> dict[int, Path]:
        """Return the files of a folder by number."""
        uids = self.mailbox.listing(role).uids
        found = {uid: self.mailbox._folder(role).file(uid) for uid in uids}
        return {uid: file for uid, file in found.items() if file is not None}

    def on_disk(self, role: FolderRole) -> list[Path]:
        """Return all files of a folder."""
        return sorted(file for part in ("new", "cur") for file in (self.paths[role] / part).iterdir())

    def messages(self, role: FolderRole) -> dict[int, bytes]:
        uids = self.mailbox.listing(role).uids
        return {stored.uid: stored.raw for stored in self.mailbox.fetch(role, uids)}

    def flags(self, role: FolderRole) -> dict[int, frozenset[str]]:
        return {
            uid: frozenset(_LETTERS[letter] for letter in file.name.partition(":2,")[2]) for uid, file in self.files(role).items()
        }

    def remove(self, role: FolderRole, uid: int) -> None:
        self.files(role)[uid].unlink()
