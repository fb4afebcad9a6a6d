"""What an input did: the find it makes, known by what broke and where, and the smallest input that still makes it."""

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from fuzz.promises import Broken

LIMIT = 2.0
"""Seconds of processor time that one input may take."""
_HANGS_AFTER = 20.0
"""Seconds of processor time after which a reading is broken off."""


class Hung(BaseException):
    """A reading did not come to an end; no `except Exception` holds it up."""


@contextmanager
def broken_off() -> Iterator[None]:
    """Let what takes far too long be broken off by `Hung`; within one second's reach of Python's own code."""

    def hung(_signal: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, hung)
    signal.setitimer(signal.ITIMER_PROF, _HANGS_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def find(run: Callable[[bytes], None], data: bytes) -> str | None:
    """Return what is wrong with a reading of `data`, in words that are the same for the same mistake; None when nothing is."""
    began = time.process_time()
    try:
        with broken_off():
            run(data)
    except Hung:
        return "takes longer than 20 s"
    except Broken as broken:
        return f"broken promise, {str(broken).partition(':')[0]}"
    except Exception as error:  # noqa: BLE001 - whatever a reader lets through is the find
        return f"{type(error).__name__} in {_where(error)}"
    return f"takes longer than {LIMIT:.0f} s" if time.process_time() - began > LIMIT else None


def _where(error: BaseException) -> str:
    """Return the innermost function of this project on the way to the error."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/agent/" in frame.filename]
    last = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rpartition('/agent/')[2]}:{last.name}"


def shrunk(data: bytes, is_same: Callable[[bytes], bool], *, seconds: float) -> bytes:
    """Return the smallest input found within that time that `is_same` as `data`: pieces left out, then octets made plain."""
    ends = time.monotonic() + seconds
    size = max(1, len(data) // 2)
    while size and time.monotonic() < ends:
        at, shorter = 0, False
        while at < len(data) and time.monotonic() < ends:
            tried = data[:at] + data[at + size :]
            if is_same(tried):
                data, shorter = tried, True
            else:
                at += size
        if not shorter or size > len(data):
            size //= 2
    for at in range(len(data)):
        if time.monotonic() > ends:
            break
        tried = data[:at] + b"a" + data[at + 1 :]
        if data[at : at + 1] != b"a" and is_same(tried):
            data = tried
    return data
