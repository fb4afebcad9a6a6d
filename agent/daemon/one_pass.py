"""One pass over one mailbox: read what is new, plan, commit, carry out.

`once`, the daemon, `replay` and `demo` all call `run_pass`; only the mailbox, the ledger and the clock differ.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.daemon import journal
from agent.daemon.account import Account, PassReport, StatusChange
from agent.daemon.casebook import Casebook, Rest
from agent.daemon.desks import desk_of
from agent.daemon.drafting import Drafter
from agent.daemon.drafts_folder import DraftsFolder
from agent.daemon.folders import Standing, alike, keep, look
from agent.daemon.receiving import Receiver
from agent.interviews import Status
from agent.interviews.candidacy import Candidacy
from agent.mailbox import FolderRole, Mailbox, Place
from agent.plan.contacted import contacted, employer_key
from agent.plan.desk import Desk
from agent.plan.draft_life import noted_since, undrafted
from agent.plan.follow_up import FollowUp, follow_up, said_before
from agent.plan.heading import fingerprint
from agent.plan.intention import DraftRecord, DraftState
from agent.plan.pointless import pointless
from agent.policy import TO_USER, DraftKind, Held
from agent.store import Fact, Ledger

_NOTED_EVERY = timedelta(minutes=4)
"""How often at most it is written down that a pass succeeded which brought nothing: `check` counts in hours."""

_TRY_AGAIN = timedelta(minutes=10)
"""After which a draft is taken out that could not be: Gmail shows a draft and what was sent of it as one for a moment."""


def run_pass(
    account: Account,
    now: datetime,
    *,
    alive: Callable[[], None] = lambda: None,
    casebook: Casebook | None = None,
    progress: Callable[[PassReport], None] = lambda _: None,
) -> PassReport:
    """Read, plan, commit and carry out for one account as of `now`; return what was done.

    `alive` is called whenever there is progress; it may raise, and what is not committed then is rolled back. `progress` is given
    the report now and then while mail is read. `casebook` may be kept between passes: it notices when others write the ledger,
    and a pass that finds everything as the last one left it asks the mailbox for no more than how its folders stand.

    Raises `MailboxProblem` or `StoreProblem` when the pass cannot go on; all that was committed until then stands, and the next
    pass goes on from there.
    """
    report = PassReport(began_at=now)
    journal.pass_began()
    kept = casebook or Casebook(account.ledger, now)
    mailbox = account.open_mailbox()
    try:
        rest = _Pass(account, mailbox, kept, now, report, alive=alive, progress=progress).run()
    finally:
        mailbox.close()
    _note_success(account.ledger, report, now)
    kept.in_step()
    kept.rest = replace(rest, version=account.ledger.version()) if rest else None
    journal.pass_ended(read=report.read, assigned=report.assigned, queued=len(report.queued), held=report.held)
    return report


def _note_success(ledger: Ledger, report: PassReport, now: datetime) -> None:
    """Note that the pass succeeded; where nothing else came of it, not more often than is looked at."""
    came = bool(report.read or report.settled)
    last = ledger.noted(Fact.LAST_PASS)
    recent = bool(last) and timedelta() <= now - datetime.fromisoformat(last or "") < _NOTED_EVERY
    if recent and not came and not ledger.noted(Fact.PROBLEM):
        return
    with ledger.transaction():
        ledger.note(Fact.LAST_PASS, now.isoformat())
        if ledger.noted(Fact.PROBLEM) != "":
            ledger.note(Fact.PROBLEM, "")
        if came or not ledger.noted(Fact.LAST_READ):
            ledger.note(Fact.LAST_READ, now.isoformat())


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
        self,
        account: Account,
        mailbox: Mailbox,
        casebook: Casebook,
        now: datetime,
        report: PassReport,
        *,
        alive: Callable[[], None],
        progress: Callable[[PassReport], None],
    ) -> None:
        self._account = account
        self._ledger = account.ledger
        self._mailbox = mailbox
        self._now = now
        self._day = now.astimezone(account.user.timezone).date()
        self._report = report
        self._alive = alive
        self._casebook = casebook
        self._receiver = Receiver(account, mailbox, casebook, report, alive=alive, progress=progress)
        self._drafts_folder = DraftsFolder(account, mailbox, casebook)
        self._drafter = Drafter(account, mailbox, casebook, report, self._drafts_folder)

    def run(self) -> Rest | None:
        """Do it all; return how everything stands, where nothing is left to do."""
        places = self._mailbox.places()
        self._alive()
        rest = self._casebook.rest
        if rest is not None and self._still_stands(rest, places):
            self._report.held, self._report.next_at = rest.held, rest.until
            return rest
        self._casebook.refresh()
        self._casebook.moved_to(self._now)
        standing = self._look(places)
        if standing.emptied:
            self._report.held = len(self._ledger.held())
            return None
        before = self._statuses()
        # First what was read before; after that only where reading itself has brought a candidacy to be tracked.
        self._match_again()
        self._receiver.receive(standing, self._now)
        self._match_again()
        look_again = self._drafts_folder.look(self._receiver.desk, self._now)
        for draft in self._ledger.drafts(DraftState.INTENDED):
            self._drafter.adopt(draft, self._now)
        try_again = self._withdraw()
        self._intend_anew()
        self._plan()
        self._report.next_at = min((each for each in (self._report.next_at, look_again, try_again) if each), default=None)
        self._write()
        self._tell_changes(before)
        keep(self._ledger, standing)
        self._prune()
        return self._rest(places)

    def _still_stands(self, rest: Rest, places: Mapping[FolderRole, Place]) -> bool:
        """Whether nothing came, nobody wrote the ledger, and the clock has not reached what it waits for."""
        waits = rest.since <= self._now and (rest.until is None or self._now < rest.until) and rest.day == self._day
        return waits and alike(rest.places, places) and self._ledger.version() == rest.version

    def _rest(self, places: Mapping[FolderRole, Place]) -> Rest | None:
        """Return how everything stands; None where what was done now may lead to more in the next pass."""
        report = self._report
        written = any((report.queued, report.stopped, report.withdrawn, report.rewritten))
        if written or report.assigned or report.asked or report.answered or report.changes:
            return None
        if self._ledger.drafts(DraftState.INTENDED):
            return None
        return Rest(
            places=places,
            version=self._ledger.version(),
            since=self._now,
            until=report.next_at,
            day=self._day,
            held=report.held,
        )

    def _look(self, places: Mapping[FolderRole, Place]) -> Standing:
        return look(self._mailbox, self._ledger, places, self._now)

    def _match_again(self) -> None:
        """Plan anew for mail that belonged to nothing, when what is tracked or the words for headings have changed since."""
        words = fingerprint(self._account.phrasebook)
        known = self._ledger.noted(Fact.RULES)
        if self._ledger.noted(Fact.REMATCH) or known not in (None, words):
            self._receiver.match_again(self._now - self._look_back, self._now)
        elif known == words:
            return
        with self._ledger.transaction():
            self._ledger.note(Fact.REMATCH, "")
            self._ledger.note(Fact.RULES, words)

    def _prune(self) -> None:
        """Once a day forget what is too old to be looked at again (docs/decisions/headings.md)."""
        if self._ledger.noted(Fact.PRUNED) != self._day.isoformat():
            with self._ledger.transaction():
                self._ledger.headings.prune(self._now - self._look_back)
                self._ledger.prune(self._now - 2 * self._look_back)
                self._ledger.note(Fact.PRUNED, self._day.isoformat())

    @property
    def _look_back(self) -> timedelta:
        return timedelta(days=self._account.look_back_days)

    def _plan(self) -> None:
        """Commit what the clock asks for in each candidacy, one transaction each where there is anything new to write."""
        next_moments = []
        held_before: dict[str, list[Held]] = {}
        for each in self._ledger.held():
            held_before.setdefault(each.interview, []).append(each)
        for candidacy in self._casebook.candidacies():
            planned = _follow_up(self._receiver.desk, self._casebook, candidacy, self._now)
            held = held_before.get(candidacy.interview.id, [])
            if planned.intended or planned.questions or list(planned.held) != held:
                self._commit(candidacy.interview.id, planned, held)
            if planned.intended:
                self._casebook.changed(candidacy.interview.id)
            self._report.held += len(planned.held)
            next_moments += [planned.next_at] if planned.next_at else []
            self._alive()
        self._report.next_at = min(next_moments, default=None)

    def _commit(self, interview: str, planned: FollowUp, held_before: Sequence[Held]) -> None:
        known = {(each.kind, each.occasion) for each in held_before}
        with self._ledger.transaction():
            for draft in planned.intended:
                if self._ledger.intend(draft):
                    journal.draft_intended(
                        interview=draft.interview, kind=draft.kind, occasion=draft.occasion, message_id=draft.message_id
                    )
            if list(planned.held) != list(held_before):
                self._ledger.set_held(interview, planned.held)
            for each in planned.held:
                if (each.kind, each.occasion) not in known:
                    journal.held(interview=each.interview, kind=each.kind, occasion=each.occasion, rule=each.rule)
            for question in planned.questions:
                number = self._ledger.ask(question)
                if number is not None:
                    self._report.asked.append(number)
                    journal.review_asked(number=number, kind=question.kind, message_id="")

    def _withdraw(self) -> datetime | None:
        """Take untouched drafts back that nobody needs any more; of those that the user edited tell that news came.

        Return when to try again, where the mailbox did not take one out for now.
        """
        again = None
        for draft in self._ledger.drafts(DraftState.QUEUED, DraftState.EDITED):
            edited = draft.state is DraftState.EDITED
            if edited and (draft.overtaken or draft.kind in TO_USER):
                continue
            why = pointless(replace(draft, state=DraftState.QUEUED), self._casebook.candidacy(draft.interview), self._now)
            if why and edited:
                self._drafter.overtaken(draft, why)
            elif why:
                if not self._drafter.withdraw(draft, why, self._now):
                    again = self._now + _TRY_AGAIN
                self._alive()
        for draft in self._ledger.drafts(DraftState.SENT):
            if draft.left_over and not self._drafter.clear_away(draft):
                again = self._now + _TRY_AGAIN
        return again

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
        """Carry out the intentions, each after a last look at the mailbox (design, promise 4).

        Where it cannot be seen what the user has sent they wait.
        """
        for draft in self._ledger.drafts(DraftState.INTENDED):
            standing = self._look(self._mailbox.places())
            if standing.blind:
                return
            self._receiver.receive(standing, self._now)
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
