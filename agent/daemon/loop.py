"""The service: a pass, then sleep until the next mail is due to be looked for or the clock asks for something."""

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.one_pass import run_pass
from agent.mailbox import MailboxProblem
from agent.notify import systemd
from agent.store import StoreProblem

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=30)
_AFTER_REFUSAL = timedelta(minutes=30)
"""Wait after a problem that only the user can mend: a login that is refused again and again locks accounts."""


def serve(
    account: Account,
    *,
    poll: timedelta,
    stop: threading.Event,
    after_pass: Callable[[datetime], None] = lambda _now: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Make passes until `stop` is set; a pass that fails is told and tried again, with growing waits.

    `after_pass` is called with the moment of each pass, a failed one too (the digest is sent from there).
    """
    failures = 0
    systemd.ready()
    while not stop.is_set():
        now = clock()
        systemd.status("reading the mailbox")
        try:
            report = run_pass(account, now, alive=systemd.watchdog)
        except (MailboxProblem, StoreProblem) as problem:
            failures += 1
            refused = isinstance(problem, MailboxProblem) and problem.permanent
            wait = wait_after_failure(failures, refused=refused, jitter=random.random())  # noqa: S311 (no secret depends on it)
            _note_failure(account, str(problem), failures)
            journal.pass_failed(problem=str(problem), failures=failures, again_seconds=wait.total_seconds())
            systemd.status(f"the last pass failed: {problem}")
            after_pass(now)
        else:
            if failures:
                _note_failure(account, "", 0)
            failures = 0
            wait = wait_until(report.next_at, now=clock(), poll=poll)
            systemd.status(_idle_text(report, account))
            after_pass(now)
        _sleep(wait, stop)
    journal.stopping(reason="asked to")
    systemd.stopping()


def wait_after_failure(failures: int, *, refused: bool, jitter: float) -> timedelta:
    """Return how long to wait after so many failures in a row; `jitter` is between 0 and 1."""
    if refused:
        return _AFTER_REFUSAL * (1 + jitter / 10)
    doubled: timedelta = _FIRST_WAIT * 2 ** min(failures - 1, 10)
    return min(doubled, _LONGEST_WAIT) * (0.5 + jitter / 2)


def wait_until(next_at: datetime | None, *, now: datetime, poll: timedelta) -> timedelta:
    """Return how long to sleep: to the next poll, or less when the clock asks for something before it."""
    if next_at is None or next_at - now > poll:
        return poll
    return max(next_at - now, timedelta(seconds=1))


def _sleep(wait: timedelta, stop: threading.Event) -> None:
    """Sleep in pieces short enough for the watchdog; each piece that ends is a sign of life of this very loop."""
    piece = systemd.watchdog_interval()
    left = wait.total_seconds()
    while left > 0 and not stop.is_set():
        step = min(left, piece) if piece else left
        stop.wait(step)
        left -= step
        systemd.watchdog()


def _note_failure(account: Account, problem: str, failures: int) -> None:
    try:
        with account.ledger.transaction():
            account.ledger.note("problem", problem)
            account.ledger.note("failures", str(failures))
    except StoreProblem as error:
        # The store itself is what fails (a full disk): the log is all that is left.
        journal.pass_failed(problem=str(error), failures=failures, again_seconds=0)


def _idle_text(report: PassReport, account: Account) -> str:
    tracked = len(account.ledger.interviews())
    upcoming = f", next by the clock {report.next_at.astimezone(account.user.timezone):%a %H:%M}" if report.next_at else ""
    return f"idle, {tracked} interviews tracked, {report.held} held{upcoming}"
