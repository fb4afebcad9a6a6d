"""When something that others write is taken up: once it differs from what was taken last, and has been still for a moment."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

_Standing = TypeVar("_Standing")

STILL = 2.0
"""Seconds for which it must stand as it does: an editor that is saving, or a copy of several files, is not met half-way."""


class Watched(Generic[_Standing]):
    """One thing that is looked at again and again."""

    def __init__(self, look: Callable[[], _Standing], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Take how it stands now as known; `look` says how it stands, as a value that can be compared."""
        self._look = look
        self._monotonic = monotonic
        self.known = look()
        """How it stood when it was taken up last, or refused."""
        self._seen = self.known
        self._since = monotonic()

    def stands_anew(self, *, at_once: bool = False) -> _Standing | None:
        """Return how it stands where that is not known yet and has been so for `STILL` seconds, or else None.

        With `at_once` it need not have been still. What is returned is not known before `take` says so.
        """
        seen, now = self._look(), self._monotonic()
        if seen != self._seen:
            self._seen, self._since = seen, now
        if seen == self.known or (now - self._since < STILL and not at_once):
            return None
        return seen

    def take(self, standing: _Standing) -> bool:
        """Note that it is known as it stands; return False, and note nothing, where it has changed since it was looked at."""
        if self._look() != standing:
            return False
        self.known = standing
        return True

    def pending(self) -> bool:
        """Whether something was seen that is not known, and shall be looked at again soon."""
        return self._seen != self.known
