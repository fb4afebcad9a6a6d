"""Looking back over mail for candidacies to track: the daemon's own reading, on a ledger that is thrown away afterwards.

Nothing of it comes into the account's ledger until the user has chosen; then what was read of the chosen ones is taken over, so
that status and history are right at once and the first pass knows the messages again by their Message-IDs.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from agent.daemon.account import Account, PassReport
from agent.daemon.answering import accept
from agent.daemon.answering import track as track_review
from agent.daemon.casebook import Casebook
from agent.daemon.desks import learned_provider
from agent.daemon.folders import look
from agent.daemon.found import Found, LookedBack, domains_of, siblings, track
from agent.daemon.intake import Taker
from agent.daemon.receiving import Receiver
from agent.daemon.tidings import Tidings
from agent.interviews import Interview
from agent.interviews.candidacy import Candidacy
from agent.mailbox import Cursor, Mailbox
from agent.matching import Doubt, Unvouched, Vouched, vouch
from agent.matching.tracked import automatic, registrable
from agent.plan.discovery import UNKNOWN, Discovery, complete, free_id, one_employer, one_role, proposal
from agent.plan.review import ReviewKind
from agent.plan.take_in import accepted
from agent.signals import ENDINGS, Label
from agent.store import Fact, Ledger, MessageRecord, Review

__all__ = ["Found", "LookedBack", "look_back", "siblings", "track"]


def look_back(
    account: Account,
    mailbox: Mailbox,
    now: datetime,
    *,
    days: int,
    progress: Callable[[int, int | None], None],
    more: Sequence[Mailbox] = (),
) -> LookedBack:
    """Return the candidacies in the mail of the last `days`; neither the ledger of the account nor the mailbox is written.

    `more` are further mailboxes to be read, one after the other, as if all of them were one. `progress` is called with the
    messages that were looked at, and how many there are as far as the folders say. May raise `MailboxProblem`.
    """
    ledger = Ledger(passing=True)
    try:
        scratch = replace(account, ledger=ledger, discovery=Discovery.ASK, look_back_days=days)
        _copy_tracked(account.ledger, ledger)
        return _Search(scratch, now, progress).run((mailbox, *more), account.ledger)
    finally:
        ledger.close()


def _copy_tracked(source: Ledger, target: Ledger) -> None:
    """Lay what is tracked before the scratch ledger: its mail must not be found as something new."""
    with target.transaction():
        for interview in source.interviews():
            target.put_interview(interview)
        for event in source.events():
            target.add_event(replace(event, id=None))
        for fact in (Fact.PROVIDER,):
            if noted := source.noted(fact):
                target.note(fact, noted)


class _Search:
    """One look back while it runs."""

    def __init__(self, account: Account, now: datetime, progress: Callable[[int, int | None], None]) -> None:
        self._account = account
        self._ledger = account.ledger
        self._senders = account.phrasebook.senders
        self._now = now
        self._progress = progress
        self._report = PassReport(began_at=now)
        self._mailbox: Mailbox
        self._since = now - timedelta(days=account.look_back_days)
        self._before = frozenset(interview.id for interview in self._ledger.interviews())

    def run(self, mailboxes: Sequence[Mailbox], real: Ledger) -> LookedBack:
        """Read all mail, track in the scratch ledger what it tells of, and return that."""
        for mailbox in mailboxes:
            self._mailbox = mailbox
            standing = look(mailbox, self._ledger, mailbox.places(), self._now)
            with self._ledger.transaction():
                # Places and numbers of the mailbox before mean nothing here.
                self._ledger.headings.prune(datetime.max.replace(tzinfo=UTC))
                for folder in standing.names.values():
                    self._ledger.set_cursor(folder, Cursor(uidvalidity=0, last_uid=0))
            self._receiver().receive(standing, self._now)
            self._track_openings()
            self._track_endings()
            self._match_again()
        self._track_unnamed()
        casebook = Casebook(self._ledger, self._now)
        every = [self._found(each) for each in casebook.candidacies() if each.letters]
        every.sort(key=lambda each: each.last, reverse=True)
        new = [each for each in every if not each.tracked]
        return LookedBack(
            found=tuple(each for each in new if not each.ended),
            ended=tuple(each for each in new if each.ended),
            known=tuple(each for each in every if each.tracked and _is_news(each, real)),
            read=self._report.looked_at,
        )

    def _receiver(self) -> Receiver:
        return Receiver(
            self._account,
            self._mailbox,
            Casebook(self._ledger, self._now),
            self._report,
            alive=lambda: None,
            progress=lambda report: self._progress(report.looked_at, report.expected or None),
        )

    def _match_again(self) -> None:
        self._receiver().match_again(self._since, self._now)

    # What becomes a candidacy

    def _track_openings(self) -> None:
        """Track what names company and role, oldest first; what belongs to one that is tracked by then is given to it."""
        for review, record in self._open_discoveries():
            proposed = self._told_by_others(review.question.proposed, record)
            if proposed is None:
                continue
            home = self._of_its_thread(record) or self._kin(proposed)
            if home is not None:
                accept(self._ledger, review, home, senders=self._senders, now=self._now)
            elif complete(proposed):
                self._track(review, proposed)

    def _track_unnamed(self) -> None:
        """Track what lacks company or role, unless it seems to be of an employer that was found: that stays a question."""
        for review, record in self._open_discoveries():
            proposed = self._told_by_others(review.question.proposed, record)
            if proposed is None or self._belongs_now(record) or self._employers(proposed) or _may_be_any_booking(record):
                continue
            self._track(review, proposed)
        self._match_again()

    def _track_endings(self) -> None:
        """Track what is over and was never seen to begin: a rejection, or a role that was closed.

        What names another role than those that were found at its employer is of another candidacy, whoever wrote it.
        """
        for record in self._ledger.unassigned(self._since):
            if record.own or record.reading.label not in ENDINGS or self._of_its_thread(record):
                continue
            ids = {interview.id for interview in self._ledger.interviews()}
            found = proposal(record.message, record.reading, tracked=ids, senders=self._senders, of=ENDINGS)
            if found is None or not complete(found) or isinstance(self._vouched(record), Unvouched):
                continue
            if self._kin(found) is not None:
                # Whether it belongs there is for matching to say: what is not certain to does not end it.
                continue
            with self._ledger.transaction():
                self._ledger.put_interview(found)
            self._give(record, found.id)

    def _track(self, review: Review, proposed: Interview) -> None:
        ids = {interview.id for interview in self._ledger.interviews()}
        track_review(self._ledger, review, replace(proposed, id=free_id(proposed.id, ids)), senders=self._senders, now=self._now)

    def _give(self, record: MessageRecord, interview: str) -> None:
        candidacy = Casebook(self._ledger, self._now).candidacy(interview)
        with self._ledger.transaction():
            self._ledger.assign(record.message.message_id, interview, ("look back: it names company and role",))
            for event in accepted(record.message, record.reading, candidacy, now=self._now):
                self._ledger.add_event(event)

    def _open_discoveries(self) -> list[tuple[Review, MessageRecord]]:
        asked = [review for review in self._ledger.reviews() if review.question.kind is ReviewKind.DISCOVERED]
        pairs = [(review, self._ledger.message(review.question.message_id or "")) for review in asked]
        found = [(review, record) for review, record in pairs if record is not None and record.interview is None]
        return sorted(found, key=lambda each: each[1].message.date)

    def _told_by_others(self, proposed: Interview | None, record: MessageRecord) -> Interview | None:
        """Return a proposal, with the company that other mail from the sender's domain names; None where it seems forged."""
        if proposed is None or self._is_forged(record):
            return None
        domain = registrable(record.message.sender.domain)
        if proposed.company != UNKNOWN or self._senders.platform(domain) is not None:
            return proposed
        companies = {each.company for each in self._ledger.interviews() if domain in domains_of(each)} - {UNKNOWN}
        return replace(proposed, company=companies.pop()) if len(companies) == 1 else proposed

    def _is_forged(self, record: MessageRecord) -> bool:
        verdict = self._vouched(record)
        return isinstance(verdict, Unvouched) and verdict.doubt is Doubt.FAILED

    def _vouched(self, record: MessageRecord) -> Vouched | Unvouched:
        """Return whether the provider confirms that a message comes from the domain that it names."""
        return vouch(
            record.message,
            authserv_id=self._account.authserv_id or learned_provider(self._ledger),
            in_own_thread=any(member.own for member in self._ledger.members(record.message.parent_ids).values()),
            contacts=(),
            domains=(record.message.sender.domain,),
            senders=self._senders,
        )

    def _of_its_thread(self, record: MessageRecord) -> str | None:
        members = self._ledger.members(record.message.parent_ids).values()
        return next((member.interview for member in members if member.interview), None)

    def _belongs_now(self, record: MessageRecord) -> bool:
        """Match a message against what is tracked by now; return whether it belongs there."""
        taker = Taker(self._account, Casebook(self._ledger, self._now), self._report, Tidings())
        with self._ledger.transaction():
            taker.reconsider(record, self._now)
        again = self._ledger.message(record.message.message_id)
        return again is not None and again.interview is not None

    def _employers(self, proposed: Interview) -> list[Interview]:
        return [each for each in self._ledger.interviews() if one_employer(each, proposed)]

    def _kin(self, proposed: Interview) -> str | None:
        """Return the candidacy at the same employer whose role is the same, whichever of the two is written longer."""
        return next((each.id for each in self._employers(proposed) if one_role(each, proposed)), None)

    # What it comes to

    def _found(self, candidacy: Candidacy) -> Found:
        letters = candidacy.letters
        ids = [letter.message.message_id for letter in letters]
        records = tuple(record for each in ids if (record := self._ledger.message(each)) is not None)
        known = set(ids)
        return Found(
            interview=candidacy.interview,
            status=candidacy.state.status,
            messages=len(letters),
            first=letters[0].message.date,
            last=letters[-1].message.date,
            words=_words(candidacy),
            tracked=candidacy.interview.id in self._before,
            records=records,
            events=tuple(event for event in candidacy.events if event.message_id in known),
        )


def _may_be_any_booking(record: MessageRecord) -> bool:
    """Whether a machine confirms a time without naming a role: so does every shop and every doctor."""
    machine = automatic(record.message.sender.email)
    return machine and record.reading.label is Label.SCHEDULED and record.reading.role is None


def _words(candidacy: Candidacy) -> str:
    """Return the quote of the entry that led to the status, else the latest that there is."""
    quotes = [(entry.status, entry.quote) for entry in candidacy.state.history if entry.quote and not entry.refused]
    reached = [quote for status, quote in quotes if status is candidacy.state.status]
    return reached[0] if reached else quotes[-1][1] if quotes else ""


def _is_news(found: Found, real: Ledger) -> bool:
    """Whether the account's ledger lacks a message of it, or does not know yet where that belongs."""
    known = [real.message(record.message.message_id) for record in found.records]
    return any(record is None or record.interview is None for record in known)
