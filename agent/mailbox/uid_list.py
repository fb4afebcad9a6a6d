"""The agent's own numbers for the messages of one folder of files: kept in its state folder, never beside the mail.

A number names a message as long as the list lives. Where it is lost or damaged a new one begins, with another UIDVALIDITY, as on
a server that has lost its index (RFC 3501 section 2.3.1.1).
"""

import fcntl
import json
import os
import secrets
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from agent.mailbox.interface import MailboxProblem

_KEPT_DAYS = 30
"""How long the number of a message is kept that is gone: a folder may be away for a while, and messages come back."""
_DAY = 86_400


class UidList:
    """The numbers of one folder."""

    def __init__(self, file: Path) -> None:
        """Read nothing yet; the file is made with the first number."""
        self._file = file
        self._known: tuple[int, int, int] | None = None
        self._uids: dict[str, int] = {}
        self._gone: dict[str, int] = {}
        self.uidvalidity = 0
        """Another one means that all numbers are new."""
        self.last_uid = 0
        """The highest number that was ever given; 0 for none."""

    def numbers(self, present: Collection[str], in_order: Callable[[Sequence[str]], Sequence[str]]) -> dict[str, int]:
        """Return the number of each message by its unique part; those that are new get the next ones, in the order asked for.

        What is given was written to the disk before. Raises `MailboxProblem` where that is not possible.
        """
        try:
            self._read_if_changed()
            if self._is_settled(present):
                return {unique: self._uids[unique] for unique in present}
            with self._alone():
                self._read_if_changed()
                self._number(present, in_order)
                self._write()
        except OSError as error:
            # What was numbered in memory only must not be taken for given.
            self._known = None
            raise MailboxProblem(
                f"{self._file}: the numbers of the messages cannot be kept ({error.strerror}); make room there, or name another "
                "folder under [state]",
                permanent=False,
            ) from error
        return {unique: self._uids[unique] for unique in present}

    def _is_settled(self, present: Collection[str]) -> bool:
        """Whether all of these have numbers, and nothing is to be noted."""
        here = len(self._uids) - len(self._gone)
        return (
            self._known is not None
            and len(present) == here
            and all(unique in self._uids and unique not in self._gone for unique in present)
        )

    def _number(self, present: Collection[str], in_order: Callable[[Sequence[str]], Sequence[str]]) -> None:
        self.uidvalidity = self.uidvalidity or 1 + secrets.randbelow(2**32 - 1)
        today = int(time.time()) // _DAY
        here = set(present)
        for unique in here:
            self._gone.pop(unique, None)
        for unique in self._uids.keys() - here:
            # A clock that was ahead for a while must not keep a number for ever.
            self._gone[unique] = min(self._gone.get(unique, today), today)
        for unique in [unique for unique, day in self._gone.items() if day < today - _KEPT_DAYS]:
            del self._gone[unique], self._uids[unique]
        for unique in in_order([unique for unique in present if unique not in self._uids]):
            self.last_uid += 1
            self._uids[unique] = self.last_uid

    def _read_if_changed(self) -> None:
        """Read the file where another process has written it; what makes no sense counts as lost."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            self._lose()
            return
        stamp = (found.st_ino, found.st_size, found.st_mtime_ns)
        if stamp != self._known:
            raw = self._file.read_bytes()
            self._lose()
            with suppress(ValueError, KeyError, TypeError):
                self._take(raw)
                self._known = stamp

    def _take(self, raw: bytes) -> None:
        head, _, body = raw.partition(b"\n")
        if head != _checksum(body):
            raise ValueError
        kept = json.loads(body)
        self.uidvalidity, self.last_uid = kept["uidvalidity"], kept["last_uid"]
        self._uids, self._gone = kept["uids"], kept["gone"]

    def _lose(self) -> None:
        self._known = None
        self._uids, self._gone = {}, {}
        self.uidvalidity = self.last_uid = 0

    def _write(self) -> None:
        """Put a new list in place of the old one, whole or not at all."""
        kept = {"uidvalidity": self.uidvalidity, "last_uid": self.last_uid, "uids": self._uids, "gone": self._gone}
        body = json.dumps(kept).encode()
        beside = self._file.with_suffix(".new")
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as opened:
            opened.write(_checksum(body) + b"\n" + body)
            opened.flush()
            os.fsync(opened.fileno())
            found = os.fstat(opened.fileno())
        beside.replace(self._file)
        self._known = (found.st_ino, found.st_size, found.st_mtime_ns)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from numbering (`check` beside the service), and let what was written outlive a power cut."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(self._file.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
            os.fsync(folder)
        finally:
            os.close(folder)


def _checksum(body: bytes) -> bytes:
    return b"%08x" % zlib.crc32(body)
