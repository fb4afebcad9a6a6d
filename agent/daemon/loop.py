"""The service: a pass, then sleep until the next mail is due to be looked for or the clock asks for something."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.accounts.problems import SecretRefused
from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.one_pass import run_pass
from agent.mailbox import Mailbox, MailboxProblem
from agent.notify import systemd
from agent.store import Fact, StoreProblem

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=30)
_AFTER_REFUSAL = timedelta(minutes=30)
"""Wait after a problem that only the user can mend: a login that is refused again and again locks accounts."""
_FEED_SECONDS = 1.0
"""How often progress is told at most: a first pass reads hundreds of messages a second."""


class Stopped(BaseException):
    """The service was asked to end in the middle of something. What was committed stands, as after a crash."""


def serve(
    account: Account,
    *,
    poll: timedelta,
    stop: threading.Event,
    after_pass: Callable[[datetime], None] = lambda _now: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Make passes until `stop` is set, also in the middle of one; a pass that fails is told and tried again, with growing waits.

    What only the user can mend (a login refused, no password, no Drafts folder) is raised as long as no pass over this ledger
    ever succeeded: whoever sets the service up sees it at once. Later it is told in the log, to systemd, by `status`, `check` and
    the digest, and tried again every half an hour. A server that cannot be reached, or does not prove its name, ends nothing:
    a laptop boots without network, and the login page of a hotel answers for every name.

    systemd hears READY=1 when the mailbox was opened for the first time, or that failed and is survived; WATCHDOG=1 at each step
    forward and while it sleeps, never while it waits for an answer.

    `after_pass` is called with the moment of each pass, a failed one too (the digest is sent from there); it must not raise.
    """
    life = _Life(stop)
    watched = replace(account, open_mailbox=lambda: life.opened(account.open_mailbox()))
    failures = 0
    try:
        while not stop.is_set():
            now = clock()
            systemd.status("reading the mailbox")
            try:
                report = run_pass(watched, now, alive=life.progress)
                failures = 0
                wait = wait_until(report.next_at, now=clock(), poll=poll)
                told = _idle_text(report, account)
            except (MailboxProblem, SecretRefused, StoreProblem) as problem:
                failures += 1
                wait = wait_after_failure(failures, refused=_refused(problem), jitter=random.random())  # noqa: S311 (no secret depends on it)
                journal.pass_failed(problem=str(problem), failures=failures, again_seconds=wait.total_seconds())
                _note_failure(account, str(problem), failures)
                if _refused(problem) and not _ever_succeeded(account):
                    raise
                again = (clock() + wait).astimezone(account.user.timezone)
                told = f"the last pass failed, the next is at {again:%H:%M}: {problem}"
            life.ready()
            systemd.status(told)
            after_pass(now)
            _sleep(wait, stop)
    except Stopped:
        pass
    finally:
        systemd.stopping()
    journal.stopping(reason="asked to")


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


class _Life:
    """What systemd hears of a pass, and where one ends that shall not go on."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._ready = False
        self._fed_at = -_FEED_SECONDS

    def ready(self) -> None:
        """Say, once, that the start is over."""
        if not self._ready:
            self._ready = True
            systemd.ready()

    def opened(self, mailbox: Mailbox) -> Mailbox:
        """Pass a mailbox on that was opened: the longest part of a start."""
        self.ready()
        self._feed()
        return mailbox

    def progress(self) -> None:
        """Say that there is progress; raise `Stopped` when it shall end. Everything up to here is committed."""
        self._feed()
        if self._stop.is_set():
            raise Stopped

    def _feed(self) -> None:
        now = time.monotonic()
        if now - self._fed_at >= _FEED_SECONDS:
            self._fed_at = now
            systemd.watchdog()


def _refused(problem: Exception) -> bool:
    """Return whether only the user can mend it, and the network is not to blame."""
    return isinstance(problem, SecretRefused) or (isinstance(problem, MailboxProblem) and problem.permanent and problem.reached)


def _ever_succeeded(account: Account) -> bool:
    return account.ledger.noted(Fact.LAST_PASS) is not None


def _sleep(wait: timedelta, stop: threading.Event) -> None:
    """Sleep in pieces short enough for the watchdog; each piece that ends is a sign of life of this very loop."""
    piece = systemd.watchdog_interval()
    left = wait.total_seconds()
    while left > 0 and not stop.is_set():
        systemd.watchdog()
        step = min(left, piece) if piece else left
        stop.wait(step)
        left -= step


def _note_failure(account: Account, problem: str, failures: int) -> None:
    """Keep what failed for `status`, `check` and the digest; a pass that succeeds takes it back."""
    try:
        with account.ledger.transaction():
            account.ledger.note(Fact.PROBLEM, problem)
            account.ledger.note(Fact.FAILURES, str(failures))
    except StoreProblem as error:
        # The store itself is what fails (a full disk): the log and systemd are all that is left.
        if str(error) != problem:
            journal.pass_failed(problem=str(error), failures=failures, again_seconds=0)


def _idle_text(report: PassReport, account: Account) -> str:
    tracked = len(account.ledger.interviews())
    upcoming = f", next by the clock {report.next_at.astimezone(account.user.timezone):%a %d %b %H:%M}" if report.next_at else ""
    return f"idle, {tracked} {'interview' if tracked == 1 else 'interviews'} tracked, {report.held} held{upcoming}"
