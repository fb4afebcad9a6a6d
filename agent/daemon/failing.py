"""A pass that failed: who can mend it, how it is told, and what of it is kept for `status`, `check` and the next start."""

import logging
from datetime import datetime, timedelta, tzinfo

from agent.accounts.problems import SecretRefused
from agent.daemon import journal
from agent.mailbox import MailboxProblem
from agent.store import Fact, Ledger, StoreProblem

log = logging.getLogger(__name__)


def refused(problem: Exception) -> bool:
    """Return whether only the user can mend it, and the network is not to blame."""
    return isinstance(problem, SecretRefused) or (isinstance(problem, MailboxProblem) and problem.permanent and problem.reached)


def is_cut(problem: Exception) -> bool:
    """Return whether a server that was there broke off, or could not do it just now."""
    return isinstance(problem, MailboxProblem) and problem.reached and not problem.permanent and problem.retry_after is None


def problem_text(problem: Exception) -> str:
    """Return what the user is told of it; of a mistake of the program's own no more than its kind, for it may hold mail."""
    if isinstance(problem, MailboxProblem | SecretRefused | StoreProblem):
        return str(problem)
    log.debug("an unforeseen end", exc_info=problem)
    return f"a mistake in interview-agent itself ({type(problem).__name__}); `interview-agent once --debug` shows where"


def failed_text(problem: str, again: datetime, zone: tzinfo) -> str:
    """Return how it stands after a failure, for systemd."""
    return f"the last pass failed, the next is at {again.astimezone(zone):%H:%M}: {problem}"


def note_failure(ledger: Ledger, problem: str, *, failures: int, now: datetime, wait: timedelta) -> None:
    """Keep what failed; a pass that succeeds takes it back."""
    try:
        with ledger.transaction():
            ledger.note(Fact.PROBLEM, problem)
            ledger.note(Fact.FAILURES, str(failures))
            ledger.note(Fact.NEXT_TRY, f"{now.isoformat()} {(now + wait).isoformat()}")
    except StoreProblem as error:
        # The store itself is what fails (a full disk): the log and systemd are all that is left.
        if str(error) != problem:
            journal.pass_failed(problem=str(error), failures=failures, again_seconds=0)


def note_warning(ledger: Ledger, warning: str) -> None:
    """Keep why edited rules are not taken up; an empty one takes it back."""
    try:
        if (ledger.noted(Fact.RULES_PROBLEM) or "") != warning:
            with ledger.transaction():
                ledger.note(Fact.RULES_PROBLEM, warning)
    except StoreProblem as error:
        log.debug("the warning about rules could not be kept: %s", error)
