"""One folder of a Maildir: which files lie there, under which numbers. It is only ever looked at."""

import os
import time
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from agent.mailbox.header import header_of, heading_fields
from agent.mailbox.interface import Place
from agent.mailbox.maildir_folders import FoundFolder
from agent.mailbox.maildir_names import arrived_by_name, unique_part
from agent.mailbox.msgid import msgid_of
from agent.mailbox.plain_file import PlainFile
from agent.mailbox.uid_list import UidList

_COARSEST_NS = 2_000_000_000
"""What changed less than this ago may have changed again under the same time; no file system counts more coarsely."""
_MOST_LOOKS = 3

_Stamp = tuple[tuple[int, int, int], ...]


class MaildirFolder:
    """The messages of one folder by number, as of the last look. One thread at a time."""

    def __init__(self, found: FoundFolder, numbers: UidList) -> None:
        """Do not look yet."""
        self.name = found.name
        self.path = found.path
        self._numbers = numbers
        self._stamp: _Stamp | None = None
        self._files: dict[int, str] = {}
        self._ids: dict[int, str] = {}
        self.uidvalidity = 0
        self.last_uid = 0
        """The highest number that was ever given; 0 for none."""
        self.uids: list[int] = []
        """Rising."""
        self.whole = True
        """False when files were renamed all the while, so that one may have been overlooked."""

    def look(self) -> None:
        """See what lies there now; costs two `stat` where nothing has changed. Raises `OSError` and `MailboxProblem`."""
        if self._stamp is not None and self._stamp == self._changed_at():
            return
        for _ in range(_MOST_LOOKS):
            before, began = self._changed_at(), time.time_ns()
            files = self._scan()
            self.whole = self._changed_at() == before
            if self.whole:
                break
        numbers = self._numbers.numbers(files.keys(), lambda new: self._as_they_came(new, files))
        if self._numbers.uidvalidity != self.uidvalidity:
            self._ids.clear()
        self.uidvalidity, self.last_uid = self._numbers.uidvalidity, self._numbers.last_uid
        self._files = {uid: files[unique] for unique, uid in numbers.items()}
        self.uids = sorted(self._files)
        settled = self.whole and all(began - changed_at > _COARSEST_NS for _, _, changed_at in before)
        self._stamp = before if settled else None

    def place(self) -> Place:
        """Return how the folder stands."""
        return Place(uidvalidity=self.uidvalidity, last_uid=self.last_uid, count=len(self.uids))

    def above(self, uid: int) -> list[int]:
        """Return the numbers above `uid`, rising."""
        return self.uids[bisect_right(self.uids, uid) :]

    def names(self) -> list[str]:
        """Return the names of all files."""
        return [name.partition("/")[2] for name in self._files.values()]

    def file(self, uid: int) -> Path | None:
        """Return where the message lies, or None when it is gone."""
        name = self._files.get(uid)
        return self.path / name if name is not None else None

    def opened(self, uid: int) -> PlainFile | None:
        """Open a message, wherever it was renamed to meanwhile; None when it is gone. Raises `OSError` when it cannot be read."""
        for _ in range(_MOST_LOOKS):
            name = self._files.get(uid)
            if name is None:
                return None
            try:
                return PlainFile(f"{self.path}/{name}")
            except FileNotFoundError:
                self._stamp = None
                self.look()
        return None

    def uid_of(self, unique: str) -> int | None:
        """Return the number of the file with this unique part."""
        return next((uid for uid, name in self._files.items() if unique_part(name.partition("/")[2]) == unique), None)

    def arrived_by_name(self, uid: int) -> float | None:
        """Return the time of delivery that the name tells, in seconds since 1970 (UTC)."""
        name = self._files.get(uid)
        at = arrived_by_name(name.partition("/")[2]) if name is not None else None
        return at.timestamp() if at is not None else None

    def message_id(self, uid: int) -> str:
        """Return the msg-id of a message without its brackets, read once; empty when it has none or cannot be read."""
        if uid not in self._ids:
            try:
                opened = self.opened(uid)
                if opened is None:
                    return ""
                with opened:
                    self._ids[uid] = msgid_of(heading_fields(header_of(opened.head())))
            except OSError:
                return ""
        return self._ids[uid]

    def _scan(self) -> dict[str, str]:
        """Return path by unique part; `new` first, so that what a client moves to `cur` meanwhile is seen there."""
        files: dict[str, str] = {}
        for part in ("new", "cur"):
            try:
                with os.scandir(self.path / part) as entries:
                    for entry in entries:
                        if not entry.name.startswith(".") and entry.is_file():
                            files[unique_part(entry.name)] = f"{part}/{entry.name}"
            except FileNotFoundError:
                # A folder without `new` has no new mail; one without `cur` is none.
                if part == "cur":
                    raise
        return files

    def _changed_at(self) -> _Stamp:
        stamps = []
        for part in ("new", "cur"):
            try:
                found = os.stat(self.path / part)  # noqa: PTH116 - a third of the cost of a quiet look
            except FileNotFoundError:
                continue
            stamps.append((found.st_dev, found.st_ino, found.st_mtime_ns))
        return tuple(stamps)

    def _as_they_came(self, new: Sequence[str], files: dict[str, str]) -> list[str]:
        """Return unique parts in the order in which their files were written."""

        def written(unique: str) -> tuple[int, str]:
            try:
                return os.stat(f"{self.path}/{files[unique]}").st_mtime_ns, unique  # noqa: PTH116 - see above
            except OSError:
                return time.time_ns(), unique

        return sorted(new, key=written)
