"""A mailbox that is lent to a pass: it stays open when the pass closes it."""

from typing import Any, cast

from agent.mailbox import Mailbox


def lent(mailbox: Mailbox) -> Mailbox:
    """Return the mailbox as one whose `close` does nothing: it is closed by who opened it."""
    return cast("Mailbox", _Lent(mailbox))


class _Lent:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mailbox, name)

    def close(self) -> None:
        """Do nothing: it is closed by who opened it."""
