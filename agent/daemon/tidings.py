"""What is told once it is committed: lines of the journal, and what a report counts."""

from collections.abc import Callable


class Tidings:
    """Holds tellings back until the transaction that they tell of is over."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def after_commit(self, tell: Callable[[], None]) -> None:
        """Call `tell` once the transaction is committed."""
        self._waiting.append(tell)

    def mark(self) -> int:
        """Return the place up to which there is something to tell now."""
        return len(self._waiting)

    def back_to(self, mark: int) -> None:
        """Forget what was to be told since `mark`: it is undone."""
        del self._waiting[mark:]

    def tell(self) -> None:
        """Tell all of it, in order: it is committed."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each()
