"""One pass over one mailbox: read what is new, plan, commit, carry out.

`once`, the daemon, `replay` and `demo` all call `run_pass`; only the mailbox, the ledger and the clock differ.
"""

from collections.abc import Callable
from datetime import datetime

from agent.daemon import journal
from agent.daemon.account import Account, PassReport, StatusChange
from agent.daemon.casebook import Casebook
from agent.daemon.drafting import Drafter
from agent.daemon.receiving import Receiver, desk_of
from agent.interviews import Status
from agent.interviews.candidacy import Candidacy
from agent.mailbox import Mailbox
from agent.plan.contacted import contacted, employer_key
from agent.plan.desk import Desk
from agent.plan.follow_up import FollowUp, follow_up
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.pointless import pointless
from agent.policy import TO_USER
from agent.store import Fact


def run_pass(
    account: Account, now: datetime, *, alive: Callable[[], None] = lambda: None, casebook: Casebook | None = None
) -> PassReport:
    """Read, plan, commit and carry out for one account as of `now`; return what was done.

    `alive` is called whenever there is progress. `casebook` may be kept between passes by a caller who alone writes the ledger.

    Raises `MailboxProblem` or `StoreProblem` when the pass cannot go on; all that was committed until then stands, and the next
    pass goes on from there.
    """
    report = PassReport(began_at=now)
    journal.pass_began()
    mailbox = account.open_mailbox()
    try:
        _Pass(account, mailbox, casebook or Casebook(account.ledger, now), now, report, alive).run()
    finally:
        mailbox.close()
    with account.ledger.transaction():
        account.ledger.note(Fact.LAST_PASS, now.isoformat())
        account.ledger.note(Fact.PROBLEM, "")
        if report.read or not account.ledger.noted(Fact.LAST_READ):
            account.ledger.note(Fact.LAST_READ, now.isoformat())
    journal.pass_ended(read=report.read, assigned=report.assigned, queued=len(report.queued), held=report.held)
    return report


def planned_for(account: Account, casebook: Casebook, candidacy: Candidacy, now: datetime) -> FollowUp:
    """Return what the clock asks for in one candidacy, changing nothing: for `why`."""
    desk = desk_of(account, casebook)
    return _follow_up(desk, casebook, candidacy, now)


def _follow_up(
    desk: Desk, casebook: Casebook, candidacy: Candidacy, now: datetime, *, leaving_out: DraftRecord | None = None
) -> FollowUp:
    """Plan for one candidacy; with `leaving_out` as if that draft had not been decided yet."""
    key = employer_key(candidacy.interview)
    tracked = casebook.candidacies()
    employer = [each for each in tracked if employer_key(each.interview) == key]
    drafts = [draft for each in employer for draft in casebook.drafts(each.interview.id) if draft != leaving_out]
    return follow_up(
        candidacy,
        desk=desk,
        contacted=contacted(employer, drafts),
        drafts=[draft for draft in drafts if draft.interview == candidacy.interview.id],
        earlier=[draft.body for draft in drafts if draft.kind not in TO_USER],
        now=now,
        others=[each for each in tracked if each.interview.id != candidacy.interview.id],
    )


class _Pass:
    """One pass while it runs: what it reads with, writes with and tells."""

    def __init__(
        self, account: Account, mailbox: Mailbox, casebook: Casebook, now: datetime, report: PassReport, alive: Callable[[], None]
    ) -> None:
        self._ledger = account.ledger
        self._now = now
        self._report = report
        self._alive = alive
        self._casebook = casebook
        casebook.moved_to(now)
        self._receiver = Receiver(account, mailbox, self._casebook, report)
        self._drafter = Drafter(account, mailbox, self._casebook, report)

    def run(self) -> None:
        before = self._statuses()
        self._receiver.receive(self._now, alive=self._alive)
        self._receiver.match_again(self._now)
        for draft in self._ledger.drafts(DraftState.INTENDED):
            self._drafter.adopt(draft, self._now)
        self._withdraw()
        self._plan()
        self._write()
        self._tell_changes(before)

    def _plan(self) -> None:
        """Commit what the clock asks for in each candidacy, one transaction each."""
        next_moments = []
        held_before = {(each.interview, each.kind, each.occasion) for each in self._ledger.held()}
        for candidacy in self._casebook.candidacies():
            planned = _follow_up(self._receiver.desk, self._casebook, candidacy, self._now)
            with self._ledger.transaction():
                for draft in planned.intended:
                    if self._ledger.intend(draft):
                        journal.draft_intended(
                            interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id
                        )
                self._ledger.set_held(candidacy.interview.id, planned.held)
                for each in planned.held:
                    if (each.interview, each.kind, each.occasion) not in held_before:
                        journal.held(interview=each.interview, kind=each.kind, occasion=each.occasion, rule=each.rule)
                for question in planned.questions:
                    number = self._ledger.ask(question)
                    if number is not None:
                        self._report.asked.append(number)
                        journal.review_asked(number=number, kind=question.kind, message_id="")
            if planned.intended:
                self._casebook.changed(candidacy.interview.id)
            self._report.held += len(planned.held)
            next_moments += [planned.next_at] if planned.next_at else []
            self._alive()
        self._report.next_at = min(next_moments, default=None)

    def _withdraw(self) -> None:
        for draft in self._ledger.drafts(DraftState.QUEUED):
            if why := pointless(draft, self._casebook.candidacy(draft.interview), self._now):
                self._drafter.withdraw(draft, why, self._now)
                self._alive()

    def _write(self) -> None:
        """Carry out the intentions, each after a last look at the mailbox (design, promise 4)."""
        for draft in self._ledger.drafts(DraftState.INTENDED):
            self._receiver.receive(self._now, alive=self._alive)
            current = next((each for each in self._ledger.drafts(DraftState.INTENDED) if each.key == draft.key), None)
            if current is None or self._drafter.adopt(current, self._now):
                continue
            if why := self._no_longer_wanted(current):
                self._drafter.stop(current, why)
            else:
                self._drafter.append(current, self._now)
            self._alive()

    def _no_longer_wanted(self, draft: DraftRecord) -> str:
        candidacy = self._casebook.candidacy(draft.interview)
        if why := pointless(draft, candidacy, self._now):
            return why
        planned = _follow_up(self._receiver.desk, self._casebook, candidacy, self._now, leaving_out=draft)
        if any((due.kind, due.occasion) == (draft.kind, draft.occasion) for due in planned.assessment.due):
            return ""
        return "it is no longer due"

    def _statuses(self) -> dict[str, Status]:
        return {candidacy.interview.id: candidacy.state.status for candidacy in self._casebook.candidacies()}

    def _tell_changes(self, before: dict[str, Status]) -> None:
        for interview, after in self._statuses().items():
            if after is not before.get(interview):
                history = self._casebook.candidacy(interview).state.history
                quote = next((entry.quote for entry in reversed(history) if entry.status is after and entry.quote), "")
                earlier = before.get(interview, "")
                self._report.changes.append(StatusChange(interview=interview, before=earlier, after=after, quote=quote))
                journal.status_changed(interview=interview, before=earlier, after=after)
