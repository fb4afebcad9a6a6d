"""How the service is asked to end, or to look around: what a signal handler may do, and every wait sees at once."""

import os
import select
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Stopped(BaseException):
    """The service was asked to end in the middle of something. What was committed stands, as after a crash."""


class Stop:
    """Whether to end. It is a file descriptor too, which can be read from then on, so that one `poll` waits for it and a server.

    Whoever waits may also be nudged, to look around and wait on; then it can be read until `look_up`.

    Unlike the event of `threading` it takes no lock: a signal handler may set it whatever was interrupted.
    """

    def __init__(self) -> None:
        self._reads, self._writes = os.pipe()
        os.set_blocking(self._reads, False)
        os.set_blocking(self._writes, False)
        self._is_set = False
        self._open = True

    def set(self) -> None:
        """Ask to end; for good, and as often as one likes."""
        self._is_set = True
        with suppress(BlockingIOError):
            os.write(self._writes, b"!")

    def nudge(self) -> None:
        """Let whoever waits, or waits next, look around."""
        with suppress(BlockingIOError):
            os.write(self._writes, b"?")

    def look_up(self) -> None:
        """Have heard all nudges until now. To be called before one looks around, by the only one who waits."""
        if not self._is_set:
            with suppress(BlockingIOError):
                os.read(self._reads, 4096)
            if self._is_set:  # by a signal in between: its word must stay readable
                self.set()

    def is_set(self) -> bool:
        """Return whether it was asked to end."""
        return self._is_set

    def fileno(self) -> int:
        """Return the descriptor that can be read once it was asked to end, or was nudged."""
        return self._reads

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is asked to end, or nudged, at most so long; return whether it is to end."""
        return self.wait_beside(None, seconds)

    def wait_beside(self, bell: "Bell | None", seconds: float | None) -> bool:
        """Wait until it is asked to end, or the bell rings, at most so long; return whether it is to end."""
        poll = select.poll()
        poll.register(self._reads, select.POLLIN)
        if bell is not None:
            poll.register(bell.fileno(), select.POLLIN)
        longest = None if seconds is None else min(max(seconds, 0.0) * 1000, threading.TIMEOUT_MAX)
        poll.poll(longest)
        return self._is_set

    def close(self) -> None:
        """Give the descriptor back; nothing may use it any more."""
        if self._open:
            self._open = False
            os.close(self._reads)
            os.close(self._writes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


class Bell:
    """Rings for one listener, who hears it once however often it rang. A signal handler may ring it."""

    def __init__(self) -> None:
        self._reads, self._writes = os.pipe()
        os.set_blocking(self._reads, False)
        os.set_blocking(self._writes, False)
        self._open = True

    def ring(self) -> None:
        """Ask to be heard."""
        with suppress(BlockingIOError):
            os.write(self._writes, b"!")

    def heard(self) -> bool:
        """Return whether it rang since the last time."""
        with suppress(BlockingIOError):
            return bool(os.read(self._reads, 4096))
        return False

    def fileno(self) -> int:
        """Return the descriptor that can be read while it rings."""
        return self._reads

    def close(self) -> None:
        """Give the descriptors back."""
        if self._open:
            self._open = False
            os.close(self._reads)
            os.close(self._writes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
