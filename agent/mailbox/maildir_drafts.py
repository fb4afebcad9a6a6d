"""Writing to a Maildir: put a draft in, take one's own out again, deliver the digest. No other module changes anything there."""

import errno
import os
import secrets
import socket
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from agent.mailbox.interface import Appended, AppendUnknown, MailboxProblem, Stored
from agent.mailbox.lines import as_in_a_file, same_lines
from agent.mailbox.maildir_folder import MaildirFolder
from agent.mailbox.maildir_names import info_sign, new_name

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_LOCKED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_MOST_TRIES = 3


class MaildirDrafts:
    """The Drafts folder, and the inbox for the digest, to be written to."""

    def __init__(self) -> None:
        self._number = count(1)

    def append(self, folder: MaildirFolder, raw: bytes) -> Appended | AppendUnknown:
        r"""Put a message into the folder with the flags `\Draft \Seen`.

        It is written to `tmp` and moved into `cur` when all of it is on the disk: whatever happens in between, it is there whole
        or not at all (https://cr.yp.to/proto/maildir.html). Raises `MailboxProblem` when it was surely not stored.
        """
        return self._put(folder, raw, "cur", f"{info_sign(folder.names())}2,DS", what="draft")

    def deliver(self, folder: MaildirFolder, raw: bytes) -> Appended | AppendUnknown:
        """Put the digest into the inbox as mail is delivered: into `new`, without a flag. Else as `append`."""
        with suppress(OSError):  # where that fails, so does what follows, which tells it
            (folder.path / "new").mkdir(mode=0o700, exist_ok=True)
        return self._put(folder, raw, "new", "", what="digest")

    def _put(self, folder: MaildirFolder, raw: bytes, part: str, info: str, *, what: str) -> Appended | AppendUnknown:
        unique = new_name(
            nanoseconds=time.time_ns(),
            pid=os.getpid(),
            number=next(self._number),
            chance=secrets.token_hex(4),
            host=socket.gethostname() or "localhost",
        )
        written = folder.path / "tmp" / unique
        try:
            written.parent.mkdir(mode=0o700, exist_ok=True)
            _write(written, as_in_a_file(raw))
            written.rename(folder.path / part / f"{unique}{info}")
        except OSError as error:
            written.unlink(missing_ok=True)
            raise _not_stored(folder, error, what) from error
        try:
            _sync(folder.path / part)
            folder.look()
        except MailboxProblem as problem:
            return AppendUnknown(problem=str(problem))
        except OSError as error:
            return AppendUnknown(problem=f"{folder.path}/{part}: {error.strerror}")
        uid = folder.uid_of(unique)
        return Appended(uidvalidity=folder.uidvalidity if uid is not None else None, uid=uid)

    def take_out(self, folder: MaildirFolder, stored: Stored) -> bool:
        """Remove the message of exactly this number if its bytes are still the stored ones; return whether it was removed.

        The file is unlinked, which is how a mail client expunges: mbsync and offlineimap carry that on to the server.
        Raises `OSError`.
        """
        for _ in range(_MOST_TRIES):
            folder.look()
            file = folder.file(stored.uid) if stored.uidvalidity == folder.uidvalidity else None
            opened = folder.opened(stored.uid) if file is not None else None
            if file is None or opened is None:
                return False
            with opened:
                if not same_lines(opened.beginning(opened.stat.st_size), stored.raw):
                    return False
                # It may have got another name since, and another file the old one.
                file = folder.file(stored.uid)
                try:
                    if file is not None and os.path.samestat(opened.stat, file.lstat()):
                        file.unlink()
                        _sync(file.parent)
                        folder.look()
                        return True
                except FileNotFoundError:
                    continue
        return False


def _write(file: Path, raw: bytes) -> None:
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "wb") as opened:
        opened.write(raw)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    """Let the names in a folder outlive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _not_stored(folder: MaildirFolder, error: OSError, what: str) -> MailboxProblem:
    where = f'the folder "{folder.name}" ({folder.path}) took no {what}'
    if error.errno in _FULL:
        return MailboxProblem(f"{where}: the disk is full; make room on it", permanent=False)
    if error.errno in _LOCKED:
        other = 'name another in `[account.folders] drafts = "..."`' if what == "draft" else "let it go by mail: `[digest.smtp]`"
        return MailboxProblem(
            f"{where}: {error.strerror}; give the agent the right to write there, or {other}",
            permanent=True,
        )
    return MailboxProblem(f"{where}: {error.strerror}", permanent=False)
