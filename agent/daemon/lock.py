"""One agent at a time on one state folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another agent is at work on this state; its text says which."""


def holder(folder: Path) -> str | None:
    """Return the process number of the agent at work on a state folder (`unknown` for a moment at its start), or None."""
    path = folder / "lock"
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return path.read_text().strip() or "unknown"
    finally:
        os.close(handle)
    return None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a state folder; raise `AlreadyRunning` when another process has it. The system frees it after a crash."""
    path = folder / "lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text().strip() or "unknown"
            raise AlreadyRunning(
                f"{folder}: another interview-agent (process {holder}) works on this state; "
                "stop it first, or name another [state] folder"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
