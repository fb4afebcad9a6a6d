"""Playing mail back on a simulated clock, through the same pass as the daemon, on a mailbox and a ledger in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.daemon.account import Account
from agent.daemon.casebook import Casebook
from agent.daemon.one_pass import run_pass
from agent.interviews import Interview
from agent.interviews.candidacy import Candidacy
from agent.mailbox import FolderRole
from agent.mailbox.memory import MemoryMailbox
from agent.matching.trust import usual_authserv_id
from agent.messages import parse_message
from agent.plan.intention import DraftRecord
from agent.policy import Held
from agent.store import Ledger, Review

_SETTLED = 5
"""Passes at one moment after which the clock goes on: what a draft changes for another candidacy shows in the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlayedMail:
    """One mail to be played back."""

    raw: bytes
    at: datetime
    """When it comes in; aware."""
    role: FolderRole


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """How everything stood at the end."""

    candidacies: tuple[Candidacy, ...]
    drafts: tuple[DraftRecord, ...]
    held: tuple[Held, ...]
    reviews: tuple[Review, ...]


def replay(
    mail: Sequence[PlayedMail],
    interviews: Sequence[Interview],
    account: Account,
    *,
    as_of: datetime,
    progress: Callable[[int, int | None], None] = lambda _done, _of: None,
) -> Played:
    """Play `mail` up to `as_of` and return how everything stood then.

    Only the user and the rules of `account` are used: the mailbox and the ledger are new and in memory. A pass is made whenever
    mail comes in and whenever the clock alone changes something. The clock starts with the first mail, or with the first
    interview of the user's file where that is earlier. `progress` is called with how much mail has come in, and of how much.
    """
    mailbox = MemoryMailbox()
    ledger = Ledger()
    with ledger.transaction():
        for interview in interviews:
            ledger.put_interview(interview)
    due = sorted((each for each in mail if each.at <= as_of), key=lambda each: each.at)
    start = min([as_of, *(each.at for each in due[:1]), *(held.at for interview in interviews for held in interview.rounds)])
    played_account = replace(
        account,
        ledger=ledger,
        open_mailbox=lambda: mailbox,
        look_back_days=(as_of - start).days + account.look_back_days,
        authserv_id=account.authserv_id or _provider_of(due),
    )
    casebook = Casebook(ledger, start)
    now, delivered = start, 0
    while True:
        while delivered < len(due) and due[delivered].at <= now:
            mailbox.deliver(due[delivered].role, due[delivered].raw, due[delivered].at)
            delivered += 1
        wake = _settle(played_account, now, casebook)
        progress(delivered, len(due))
        upcoming = [moment for moment in (wake, due[delivered].at if delivered < len(due) else None) if moment]
        if now >= as_of:
            break
        now = min([as_of, *(moment for moment in upcoming if moment > now)])
    played = Played(
        candidacies=tuple(casebook.candidacies()),
        drafts=tuple(ledger.drafts()),
        held=tuple(ledger.held()),
        reviews=tuple(ledger.reviews()),
    )
    ledger.close()
    return played


def _provider_of(mail: Sequence[PlayedMail]) -> str | None:
    """Return the name under which the user's provider vouches for senders: `replay` has no configuration that says it."""
    return usual_authserv_id(parse_message(each.raw, received_at=each.at) for each in mail if each.role is not FolderRole.SENT)


def _settle(account: Account, now: datetime, casebook: Casebook) -> datetime | None:
    for _ in range(_SETTLED):
        report = run_pass(account, now, casebook=casebook)
        if not (report.queued or report.withdrawn or report.stopped):
            break
    return report.next_at
