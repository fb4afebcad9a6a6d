"""Reading a file that holds a message, or many, without a trace: no name, no byte and no time of it is changed."""

import errno
import os
import stat
from pathlib import Path

_HEAD = 16 * 1024
_LONGEST_HEADER = 256 * 1024


class PlainFile:
    """A regular file that is open for reading. Use it with `with`."""

    def __init__(self, path: str | Path) -> None:
        """Open it; raises `OSError`, also for what is no regular file (a pipe would never end)."""
        self.fd = _opened(path)
        self.stat = os.fstat(self.fd)
        if not stat.S_ISREG(self.stat.st_mode):
            os.close(self.fd)
            raise OSError(errno.EINVAL, "it is no regular file", str(path))

    def __enter__(self) -> "PlainFile":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.fd)

    def beginning(self, octets: int) -> bytes:
        """Return at most so many octets from its beginning."""
        pieces: list[bytes] = []
        left, offset = min(octets, self.stat.st_size), 0
        while left > 0 and (piece := os.pread(self.fd, left, offset)):
            pieces.append(piece)
            offset += len(piece)
            left -= len(piece)
        return b"".join(pieces)

    def head(self) -> bytes:
        """Return so much from its beginning that the header of a message is in it, at most 256 KiB."""
        head = self.beginning(_HEAD)
        if len(head) == _HEAD and b"\n\n" not in head and b"\r\n\r\n" not in head:
            return self.beginning(_LONGEST_HEADER)
        return head


def _opened(path: str | Path) -> int:
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        # Only the owner may ask that the time of the last access stays: mail readers know new mail in an mbox by it.
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        return os.open(path, flags)
