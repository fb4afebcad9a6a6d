"""The service of one account: a pass, then a wait for news, for the next poll, or for what the clock asks for."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.failing import failed_text, is_cut, note_failure, note_warning, problem_text, refused
from agent.daemon.lending import lent
from agent.daemon.one_pass import run_pass
from agent.daemon.progress import Progress, idle_text
from agent.daemon.stopping import Stop, Stopped
from agent.daemon.vitals import Pulse
from agent.daemon.waiting import gap_between_passes, wait_after_failure, wait_left, wait_until
from agent.mailbox import Mailbox, MailboxProblem
from agent.notify import systemd
from agent.store import Fact, StoreProblem

__all__ = ["Stop", "Stopped", "Work", "serve"]

log = logging.getLogger(__name__)

_PIECE = 60.0
"""Seconds after which a wait looks at the clock: a machine that was suspended, or whose clock was set, is noticed by it."""
_LOOK = 2.0
"""Seconds after which a wait that follows a failure looks whether the user has mended it."""
_JUMP = 30.0
"""Seconds by which wall clock and monotonic clock may differ over one wait; more is a jump."""
_SETTLE = 0.05
"""Seconds that news is given to be followed by more of the same burst."""
_BREATH = 0.05
"""Seconds of rest after a wait that ended at once for no reason."""
_INSTANT = 1e-6
"""Seconds that are not worth a wait."""
_CALM = 120.0
"""Seconds without an event after which a mailbox counts as calm again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What one account is served with, once something of it has changed while the service runs."""

    account: Account
    """With the same ledger and the same mailbox."""
    poll: timedelta
    after_pass: Callable[[datetime], None]
    warning: str = ""
    """Why newer rules are not taken up."""


def serve(
    account: Account,
    *,
    poll: timedelta,
    stop: Stop,
    after_pass: Callable[[datetime], None] = lambda _now: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    monotonic: Callable[[], float] = time.monotonic,
    pulse: Pulse | None = None,
    survives_refusal: bool = False,
    mended_at: datetime | None = None,
    mended: Callable[[], datetime | None] = lambda: None,
    renew: Callable[[], Work | None] = lambda: None,
) -> None:
    """Make passes until `stop` is set, also in the middle of one; a pass that fails is told and tried again, with growing waits.

    Between passes the mailbox stays open and is waited on: for news, for the next poll, for the moment at which the clock asks
    for something. What was read of the ledger is kept as well. After a failure, or a jump of the clock, all is opened anew.

    What only the user can mend (a login refused, no password, no Drafts folder) is raised as long as no pass over this ledger
    ever succeeded, unless it `survives_refusal`: whoever sets the service up sees it at once. Later it is told in the log, to
    systemd, by `status`, `check` and the digest, and tried again every half an hour. A server that cannot be reached, or does not
    prove its name, ends nothing: a laptop boots without network, and the login page of a hotel answers for every name. When the
    next try is allowed is kept in the ledger, so that restarts try no sooner; `mended_at`, when the user last changed the
    configuration, lifts it; so does `mended`, which is asked all along: when the user last signed in, or changed the password.

    systemd hears READY=1 when the mailbox was opened for the first time, or that failed and is survived; WATCHDOG=1 at each step
    forward and while it waits within its limits, never while it waits for an answer.

    `after_pass` is called with the moment of each pass, a failed one too (the digest is sent from there); it must not raise.

    `renew` is asked before each pass, and at least every minute of a wait, for what is new to work with: rules that were edited,
    or a warning that they cannot be used. A pass follows at once, and the candidacies are put together anew for it.
    """
    work = Work(account=account, poll=poll, after_pass=after_pass)
    service = _Service(work, renew=renew, stop=stop, clock=clock, monotonic=monotonic, pulse=pulse or Pulse(), mended=mended)
    try:
        service.wait_out(mended_at)
        while not stop.is_set():
            began = clock()
            wait = service.turn(began, survives_refusal=survives_refusal)
            service.after_pass(began)
            service.rest(wait)
    except Stopped:
        pass
    finally:
        service.let_go()
        note_warning(account.ledger, "")  # after the end nothing is in force any more
        service.pulse.ending()


class _Service:
    """What one account keeps between its passes."""

    def __init__(
        self,
        work: Work,
        *,
        renew: Callable[[], Work | None],
        stop: Stop,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        pulse: Pulse,
        mended: Callable[[], datetime | None],
    ) -> None:
        self._mended = mended
        self._work = work
        self._renew = renew
        self._stop = stop
        self._clock = clock
        self._monotonic = monotonic
        self.pulse = pulse
        self._mailbox: Mailbox | None = None
        self._casebook: Casebook | None = None
        self._failures = 0
        self._restless = 0
        """Passes in a row that were called for and found nothing."""
        self._failed_at: datetime | None = None
        """When the last pass failed; None when it succeeded."""
        self._patient = False
        """Whether the wait after a failure is one that must not be cut short."""
        self._began_at = monotonic()
        self._told = ""
        """How it stands, for systemd."""

    @property
    def _account(self) -> Account:
        return self._work.account

    def after_pass(self, began: datetime) -> None:
        """Do what follows a pass."""
        self._work.after_pass(began)

    def take_up(self) -> bool:
        """Go on with what is new to work with; return whether there was anything that a pass could make use of."""
        new = self._renew()
        if new is None:
            return False
        old, self._work = self._work, new
        if new.warning != old.warning:
            note_warning(new.account.ledger, new.warning)
            self._say(self._told)
        if new.account is old.account and new.poll == old.poll:
            return False
        self._casebook = None  # its index of what is tracked, and that nothing is left to do, hold by the rules from before
        return True

    def _say(self, text: str) -> None:
        """Say how it stands, for systemd, and what the user must know besides."""
        self._told = text
        warning = self._work.warning
        kept = f"; the rules from before are in force, for the edited ones cannot be used: {warning}" if warning else ""
        self.pulse.status(text + kept)

    def wait_out(self, mended_at: datetime | None) -> None:
        """Wait until a pass may be tried again, where the last one, before a restart, has failed."""
        try:
            problem, noted = self._account.ledger.noted(Fact.PROBLEM), self._account.ledger.noted(Fact.NEXT_TRY)
            failures = self._account.ledger.noted(Fact.FAILURES)
        except StoreProblem:
            return  # the pass tells it
        if not problem or not noted:
            return
        self._failures = int(failures or 1)
        failed_at, next_try = (datetime.fromisoformat(moment) for moment in noted.split())
        left = wait_left(failed_at, next_try, now=self._clock()).total_seconds()
        if left > 0 and (mended_at is None or mended_at < failed_at):
            journal.pass_put_off(problem=problem, failures=self._failures, again_seconds=left)
            self.pulse.ready()
            self._say(self._failed_text(problem, timedelta(seconds=left)))
            self._patient = True
            self._failed_at = failed_at
            self._wait(left, self._stop.wait)

    def turn(self, now: datetime, *, survives_refusal: bool) -> timedelta:
        """Make one pass; return how long to wait for the next. Raises what only the user can mend; see `serve`."""
        self._began_at = self._monotonic()
        self.take_up()
        self.pulse.status("reading the mailbox")
        try:
            report = self._pass(now)
        except Exception as problem:
            # Also a mistake of the program's own: it must not end a service of months; it is told, and tried again from nothing.
            wait = self._failed(problem)
            if refused(problem) and not survives_refusal and not self._ever_succeeded():
                raise
        else:
            wait = self._succeeded(report)
        self.pulse.ready()
        self._say(self._told)
        return wait

    def rest(self, wait: timedelta) -> None:
        """Wait until the next pass: so long, or until there is news of the mailbox; after a failure nothing is listened to."""
        mailbox, began = self._mailbox, self._monotonic()
        if mailbox is None:
            self._wait(wait.total_seconds(), self._stop.wait)
            return
        called = True
        try:
            called = self._wait(wait.total_seconds(), lambda piece: mailbox.wait(piece, stop=self._stop.fileno()))
        except Exception as problem:  # noqa: BLE001 (as in a pass: a mistake of the program's own must end nothing)
            if not is_cut(problem):
                wait = self._failed(problem)
                self._say(self._told)
                self._wait(wait.total_seconds(), self._stop.wait)
                return
            # Connections end, and servers end them: the next pass makes a new one, and tells what is wrong if that fails.
            log.debug("the connection ended while it was idle: %s", problem)
            self.let_go()
        if self._monotonic() - began > _CALM:
            self._restless = 0
        if called and not self._stop.is_set():
            self._stop.wait(min(_SETTLE, self._work.poll.total_seconds()))
            gap = gap_between_passes(self._restless, poll=self._work.poll).total_seconds()
            self._restless += 1
            self._wait(min(self._began_at + gap, began + wait.total_seconds()) - self._monotonic(), self._stop.wait)

    def let_go(self) -> None:
        """Close the mailbox, and forget what was read of the ledger."""
        mailbox, self._mailbox, self._casebook, self.pulse.mailbox = self._mailbox, None, None, None
        if mailbox is not None:
            mailbox.close()

    def _pass(self, now: datetime) -> PassReport:
        if self._casebook is None:
            self._casebook = Casebook(self._account.ledger, now)
        lent = replace(self._account, open_mailbox=self._lend)
        progress = Progress(self._account, self.pulse.status, monotonic=self._monotonic)
        return run_pass(lent, now, alive=self._progress, casebook=self._casebook, progress=progress)

    def _lend(self) -> Mailbox:
        """Return the mailbox that is open, else open it: the longest part of a start."""
        if self._mailbox is None:
            self._mailbox = self.pulse.mailbox = self._account.open_mailbox()
            self.pulse.ready()
        self._progress()
        return lent(self._mailbox)

    def _progress(self) -> None:
        """Say that there is progress; raise `Stopped` when it shall end. Everything up to here is committed."""
        self.pulse.progress()
        if self._stop.is_set():
            raise Stopped

    def _succeeded(self, report: PassReport) -> timedelta:
        """Tell how it stands; return how long to wait for the next pass."""
        self._failures = 0
        self._failed_at = None
        self._patient = False
        now = self._clock()
        wait = wait_until(report.next_at, now=now, poll=self._work.poll)
        if (
            report.read
            or report.settled
            or report.changes
            or report.queued
            or report.withdrawn
            or report.rewritten
            or report.stopped
        ):
            self._restless = 0
        elif report.next_at is not None and report.next_at <= now:
            # What was due just now is so still: no reason to make a pass each second.
            wait = gap_between_passes(self._restless, poll=self._work.poll)
            self._restless += 1
        self._told = idle_text(report, self._account)
        return wait

    def _failed(self, problem: Exception) -> timedelta:
        """Note and tell what failed; return how long to wait before the next try."""
        self.let_go()
        if self._stop.is_set():
            raise Stopped  # its connection was shut down, for one: that is no failure
        self._failures += 1
        self._failed_at = self._clock()
        retry_after = problem.retry_after if isinstance(problem, MailboxProblem) else None
        self._patient = refused(problem) or retry_after is not None
        wait = wait_after_failure(
            self._failures,
            refused=refused(problem),
            jitter=random.random(),  # noqa: S311 (no secret depends on it)
            cut=is_cut(problem),
            retry_after=retry_after,
        )
        text = problem_text(problem)
        journal.pass_failed(problem=text, failures=self._failures, again_seconds=wait.total_seconds())
        note_failure(self._account.ledger, text, failures=self._failures, now=self._clock(), wait=wait)
        self._told = self._failed_text(text, wait)
        return wait

    def _failed_text(self, problem: str, wait: timedelta) -> str:
        return failed_text(problem, self._clock() + wait, self._account.user.timezone)

    def _ever_succeeded(self) -> bool:
        return self._account.ledger.noted(Fact.LAST_PASS) is not None

    def _wait(self, seconds: float, wait: Callable[[float], bool]) -> bool:
        """Wait so long by the monotonic clock, in pieces; return True as soon as a piece says so.

        Each piece is short enough for the watchdog, and ends with a look at the wall clock. When that has jumped, the machine was
        suspended or its clock was set: the rest of the wait is worth nothing, nor is a connection from before. A wait that must
        not be cut short goes on; a jump forward counts as time then. What the user has mended ends a wait after a failure.
        """
        interval = systemd.watchdog_interval()
        longest = min(_PIECE if self._failed_at is None else _LOOK, interval or _PIECE)
        began, began_at = self._monotonic(), self._clock()
        passed = 0.0
        while seconds - passed > _INSTANT and not self._stop.is_set():
            self.pulse.waiting()
            piece = min(seconds - passed, longest)
            if wait(piece) and not self._stop.is_set():
                return True
            self._stop.look_up()
            if self.take_up() and not self._patient:
                return True
            if self._failed_at is not None and (mended := self._mended()) is not None and mended > self._failed_at:
                break
            before, passed = passed, self._monotonic() - began
            if passed - before < piece / 2 and not self._stop.is_set():
                self._stop.wait(min(_BREATH, piece))
            jump = (self._clock() - began_at).total_seconds() - passed
            if self._patient:
                passed += max(jump, 0.0)
            elif abs(jump) > _JUMP:
                journal.clock_jumped(seconds=round(jump))
                self.let_go()
                break
        return False
