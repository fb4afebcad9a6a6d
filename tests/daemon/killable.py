"""A mailbox and a ledger under which a pass can be ended at any step, as if the process had been killed there.

A step is whatever outlives the process: a commit, a message that was appended, one that was removed. To be killed before one is
the same as after the one before it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from agent.mailbox import Appended, AppendUnknown, Stored
from agent.mailbox.memory import MemoryMailbox
from agent.store import Ledger


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


class Steps:
    """Counts the steps of a pass, and ends it after one of them."""

    def __init__(self) -> None:
        self.count = 0
        self.last: int | None = None

    def step(self) -> None:
        if self.last is not None:
            self.count += 1
            if self.count == self.last:
                raise Killed


class KillableLedger(Ledger):
    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.steps = steps

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with super().transaction():
            yield
        self.steps.step()


class KillableMailbox(MemoryMailbox):
    def __init__(self, steps: Steps, clock: Callable[[], datetime]) -> None:
        super().__init__(clock=clock)
        self.steps = steps

    def append_draft(self, raw: bytes) -> Appended | AppendUnknown:
        outcome = super().append_draft(raw)
        self.steps.step()
        return outcome

    def place_digest(self, raw: bytes, *, address: str) -> Appended | AppendUnknown:
        outcome = super().place_digest(raw, address=address)
        self.steps.step()
        return outcome

    def remove_draft(self, stored: Stored) -> bool:
        removed = super().remove_draft(stored)
        self.steps.step()
        return removed
