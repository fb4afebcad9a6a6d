"""One pass over one mailbox: read what is new, plan, commit, carry out.

`once`, the daemon, `replay` and `demo` all call `run_pass`; only the mailbox, the ledger and the clock differ.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from agent.daemon import journal
from agent.daemon.account import Account, PassReport, StatusChange
from agent.daemon.casebook import Casebook
from agent.daemon.drafting import Drafter
from agent.daemon.drafts_folder import DraftsFolder
from agent.daemon.receiving import Receiver, desk_of
from agent.interviews import Status
from agent.interviews.candidacy import Candidacy
from agent.mailbox import Mailbox
from agent.plan.contacted import contacted, employer_key
from agent.plan.desk import Desk
from agent.plan.draft_life import noted_since, undrafted
from agent.plan.follow_up import FollowUp, follow_up, said_before
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.pointless import pointless
from agent.policy import TO_USER, DraftKind
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
        earlier=said_before(drafts),
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
        self._drafts_folder = DraftsFolder(account, mailbox, self._casebook)
        self._drafter = Drafter(account, mailbox, self._casebook, report, self._drafts_folder)

    def run(self) -> None:
        before = self._statuses()
        self._receiver.receive(self._now, alive=self._alive)
        self._receiver.match_again(self._now)
        look_again = self._drafts_folder.look(self._receiver.desk, self._now)
        for draft in self._ledger.drafts(DraftState.INTENDED):
            self._drafter.adopt(draft, self._now)
        self._withdraw()
        self._intend_anew()
        self._plan()
        self._report.next_at = min((each for each in (self._report.next_at, look_again) if each), default=None)
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
        """Take untouched drafts back that nobody needs any more; of those that the user edited tell that news came."""
        for draft in self._ledger.drafts(DraftState.QUEUED, DraftState.EDITED):
            edited = draft.state is DraftState.EDITED
            if edited and (draft.overtaken or draft.kind in TO_USER):
                continue
            why = pointless(replace(draft, state=DraftState.QUEUED), self._casebook.candidacy(draft.interview), self._now)
            if why and edited:
                self._drafter.overtaken(draft, why)
            elif why:
                self._drafter.withdraw(draft, why, self._now)
                self._alive()

    def _intend_anew(self) -> None:
        """Let untouched thank-yous be written anew where the user has noted something that they could say (D1, B2)."""
        for draft in self._ledger.drafts(DraftState.QUEUED):
            candidacy = self._casebook.candidacy(draft.interview)
            if draft.kind is not DraftKind.THANK_YOU or draft.missing_since or not noted_since(draft, candidacy):
                continue
            before = undrafted(candidacy, draft)
            planned = _follow_up(self._receiver.desk, self._casebook, before, self._now, leaving_out=draft)
            anew = next((each for each in planned.intended if each.key == draft.key), None)
            if anew is not None and (anew.body == draft.body or not self._drafter.intend_anew(draft, anew)):
                with self._ledger.transaction():
                    self._ledger.update_draft(replace(draft, seen_event=anew.seen_event))
                self._casebook.changed(draft.interview)

    def _write(self) -> None:
        """Carry out the intentions, each after a last look at the mailbox (design, promise 4)."""
        for draft in self._ledger.drafts(DraftState.INTENDED):
            self._receiver.receive(self._now, alive=self._alive)
            current = next((each for each in self._ledger.drafts(DraftState.INTENDED) if each.key == draft.key), None)
            if current is None or self._drafter.adopt(current, self._now):
                continue
            if current.supersedes and (why := pointless(current, self._casebook.candidacy(current.interview), self._now)):
                self._drafter.withdraw(current, why, self._now)
            elif not current.supersedes and (why := self._no_longer_wanted(current)):
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
