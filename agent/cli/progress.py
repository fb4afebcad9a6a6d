"""How far a long piece of work has come: one bar on the terminal's stderr, gone when it is done."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE_SECONDS = 1.0
"""Work that ends within it shows nothing: a bar that flashes up is a distraction."""


@contextmanager
def shown(
    what: str, *, total: int | None = None, quiet: bool = False, monotonic: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function to be called with how many are done, and of how many (None: not known; then `total`, if there is one).

    What it is told appears as one bar named `what`, after the first second, on a stderr that is a terminal; it goes in the end,
    however the work ends. In a pipe, on a dumb terminal and with `quiet` (for `--json`) nothing appears.
    """
    if quiet or not _takes_bars():
        yield _ignore
        return
    bar = _OneBar(what, total, monotonic)
    try:
        yield bar.tell
    finally:
        bar.close()


class _OneBar:
    """A bar that appears once the work has taken long enough to be worth one."""

    def __init__(self, what: str, total: int | None, monotonic: Callable[[], float]) -> None:
        self._what = what
        self._total = total
        self._monotonic = monotonic
        self._began = monotonic()
        self._bar: Bar | None = None

    def tell(self, done: int, total: int | None) -> None:
        """Show that `done` of `total` are done."""
        total = total or self._total
        if self._bar is None:
            if self._monotonic() - self._began < PATIENCE_SECONDS:
                return
            self._bar = _begun(self._what, total)
        (task,) = self._bar.task_ids
        done = min(done, total) if total else done
        self._bar.update(task, completed=done, total=total, count=f"{done} of {total}" if total else str(done))

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def _begun(what: str, total: int | None) -> "Bar":
    """Return a bar on stderr; rich is imported here, where a second has gone by already."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None, complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        TextColumn("{task.fields[count]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True, highlight=False),
        transient=True,
        redirect_stdout=False,  # data stays on stdout, whoever reads it
    )
    bar.add_task(what, total=total, count="")
    bar.start()
    return bar


def _takes_bars() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown")


def _ignore(done: int, total: int | None) -> None:
    """Say nothing."""
