"""How far a pass has come, in words: for systemd, and for who watches `once`."""

import time
from collections.abc import Callable

from agent.daemon.account import Account, PassReport
from agent.store import Fact

_PATIENCE = 2.0
"""Seconds after which a pass is worth telling of."""
_EVERY = 1.0
"""Seconds between two tellings."""


class Progress:
    """Takes the reports of a running pass, and hands on a line now and then; nothing of one that is over soon."""

    def __init__(self, account: Account, tell: Callable[[str], None], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        first = account.ledger.noted(Fact.LAST_PASS) is None
        self._what = f"reading the last {account.look_back_days} days" if first else "reading new mail"
        self._tell = tell
        self._monotonic = monotonic
        self._next = monotonic() + _PATIENCE

    def __call__(self, report: PassReport) -> None:
        """Tell how far it has come, when it is time to."""
        now = self._monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            self._tell(progress_text(self._what, report))


def progress_text(what: str, report: PassReport) -> str:
    """Return how far it is: `reading the last 90 days: 3,200 of 20,000`, the end only where it is known and not passed yet."""
    if report.expected >= report.looked_at > 0:
        return f"{what}: {report.looked_at:,} of {report.expected:,}"
    return f"{what}: {report.looked_at:,}"


def idle_text(report: PassReport, account: Account) -> str:
    """Return how it stands between two passes: what is tracked and held, and when the clock alone changes something next."""
    tracked = len(account.ledger.interviews())
    upcoming = f", next by the clock {report.next_at.astimezone(account.user.timezone):%a %d %b %H:%M}" if report.next_at else ""
    return f"idle, {tracked} {'interview' if tracked == 1 else 'interviews'} tracked, {report.held} held{upcoming}"
