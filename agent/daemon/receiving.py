"""Reading what is new: each message planned for, and the plan committed in one transaction with the place in its folder."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.answering import track
from agent.daemon.casebook import Casebook
from agent.mailbox import Arrival, Cursor, FolderRole, Heading, Mailbox, MailboxProblem
from agent.matching.match import Member
from agent.matching.trust import usual_authserv_id
from agent.messages import parse_message
from agent.messages.message import Message
from agent.notify.digest import is_digest_id
from agent.plan.debriefed import debriefed
from agent.plan.desk import Desk
from agent.plan.discovery import Discovery, complete
from agent.plan.draft_life import draft_to_oneself, is_to_oneself
from agent.plan.intention import DraftState
from agent.plan.take_in import Intake, take_in
from agent.signals import Label
from agent.store import Fact, Ledger, MessageRecord, StoreProblem

_NOBODY = "-"
"""Its value where enough mail was seen and nobody vouches for it: it is not looked at again."""
_NOT_UNDERSTOOD = "could not be understood; read it in your mail client"
_SAMPLE = 40
"""Messages of the inbox from which the provider's name is learned."""
_WINDOW = 50
"""Messages whose texts are read together."""
_TOO_MANY = 10
"""Messages in a row that nobody foresaw: then the fault is not in them, and a mailbox must not be lost by it."""


def desk_of(account: Account, casebook: Casebook) -> Desk:
    """Return the desk of an account, with an index of what is tracked and not ended as of now."""
    return Desk(
        user=account.user,
        authserv_id=account.authserv_id or learned_provider(account.ledger),
        phrasebook=account.phrasebook,
        policies=account.policies,
        templates=account.templates,
        holidays=account.holidays,
        tracked=casebook.tracked(account.phrasebook.senders),
        discovery=account.discovery,
        model=account.model,
    )


def learned_provider(ledger: Ledger) -> str | None:
    """Return the name under which the user's provider was seen to vouch for senders; None while nobody is known to."""
    learned = ledger.noted(Fact.PROVIDER)
    return None if learned in (None, _NOBODY) else learned


class Receiver:
    """Reads the folders of one account and keeps ledger and casebook in step."""

    def __init__(self, account: Account, mailbox: Mailbox, casebook: Casebook, report: PassReport) -> None:
        self._account = account
        self._ledger = account.ledger
        self._mailbox = mailbox
        self._casebook = casebook
        self._report = report
        self._desk: Desk | None = None
        self._failed_in_a_row = 0

    @property
    def desk(self) -> Desk:
        """The desk, with an index of what is tracked and not ended as of now."""
        if self._desk is None:
            self._desk = desk_of(self._account, self._casebook)
        return self._desk

    def receive(self, now: datetime, *, alive: Callable[[], None]) -> int:
        """Read what came since the last time, oldest first over all folders; return how many messages were new.

        `alive` is called after each message, so that a watchdog sees progress and not time.
        """
        folders = self._mailbox.folders()
        self._learn_provider(now)
        streams = [self._stream(role, folders[role], now) for role in self._account.roles if role in folders]
        headings = merge(*streams, key=lambda each: each.received_at)
        count = 0
        while window := list(islice(headings, _WINDOW)):
            for arrival in self._mailbox.read(window):
                count += self._take(arrival, now)
                alive()
        self._note_skipped(folders, now)
        if self._account.discovery is Discovery.TRACK:
            self._track_discovered(now)
        return count

    def _track_discovered(self, now: datetime) -> None:
        """Track the candidacies that were found, as the configuration says; what is not known of one is still asked."""
        for review in self._ledger.reviews():
            proposed = review.question.proposed
            if proposed is not None and complete(proposed):
                track(self._ledger, review, proposed, senders=self._account.phrasebook.senders, now=now)
                self._casebook.added(proposed.id)
                self._desk = None

    def _learn_provider(self, now: datetime) -> None:
        """Note under which name the provider vouches for senders, from the oldest mail of the look back (RFC 8601)."""
        if self._account.authserv_id or self._ledger.noted(Fact.PROVIDER):
            return
        since = now - timedelta(days=self._account.look_back_days)
        headings = list(islice(self._mailbox.headings(FolderRole.INBOX, None, since=since), _SAMPLE))
        sample = [parse_message(each.raw, received_at=each.received_at) for each in self._mailbox.read(headings)]
        usual = usual_authserv_id(sample)
        if usual or len(sample) == _SAMPLE:
            with self._ledger.transaction():
                self._ledger.note(Fact.PROVIDER, usual or _NOBODY)
            self._desk = None

    def match_again(self, now: datetime) -> None:
        """Plan anew for mail that belonged to nothing, when what is tracked has changed since."""
        if self._ledger.noted(Fact.REMATCH):
            for record in self._ledger.unassigned(now - timedelta(days=self._account.look_back_days)):
                with self._ledger.transaction():
                    self._reconsider(record, now)
            with self._ledger.transaction():
                self._ledger.note(Fact.REMATCH, "")

    def _stream(self, role: FolderRole, folder: str, now: datetime) -> Iterator[Heading]:
        since = now - timedelta(days=self._account.look_back_days)
        return self._mailbox.headings(role, self._ledger.cursor(folder), since=since)

    def _take(self, arrival: Arrival, now: datetime) -> int:
        cursor = Cursor(uidvalidity=arrival.uidvalidity, last_uid=arrival.uid)
        parsed = replace(parse_message(arrival.raw, received_at=arrival.received_at), provider_thread=arrival.thread)
        message = self._as_new(parsed, arrival.raw)
        own = arrival.role is FolderRole.SENT
        if message is not None and own and self._is_debrief(message, arrival.folder, cursor, now):
            self._report.read += 1
            return 1
        if message is None or self._is_our_own(message, sent=own):
            with self._ledger.transaction():
                self._ledger.set_cursor(arrival.folder, cursor)
            return 0
        intake = self._planned(message, own=own, folder=arrival.folder, uid=arrival.uid, now=now)
        with self._ledger.transaction():
            if intake is None:
                self._ledger.set_aside(
                    arrival.folder,
                    arrival.uidvalidity,
                    arrival.uid,
                    at=now,
                    problem=_NOT_UNDERSTOOD,
                )
            else:
                record = MessageRecord(
                    message=_worth_keeping(message, intake),
                    digest=_digest(message),
                    reading=intake.reading,
                    own=own,
                    role=arrival.role,
                    uidvalidity=arrival.uidvalidity,
                    uid=arrival.uid,
                    interview=intake.interview,
                    evidence=intake.evidence,
                    likely=intake.likely,
                )
                self._ledger.add_message(record)
                journal.message_read(
                    message_id=message.message_id, folder=arrival.folder, uid=arrival.uid, label=intake.reading.label
                )
                self._commit(message, intake, now)
            self._ledger.set_cursor(arrival.folder, cursor)
        self._report.read += 1
        return 1

    def _is_debrief(self, message: Message, folder: str, cursor: Cursor, now: datetime) -> bool:
        """Whether a mail in Sent is a draft to the user, sent to oneself: the answers in it are kept."""
        own = self._account.user.addresses
        if not is_to_oneself(message, own_addresses=own):
            return False
        draft = draft_to_oneself(message, self._ledger.drafts())
        if draft is None:
            return False
        answers = debriefed(message, draft, self._casebook.candidacy(draft.interview), desk=self.desk, now=now)
        with self._ledger.transaction():
            if draft.state is not DraftState.WITHDRAWN:
                self._ledger.update_draft(replace(draft, state=DraftState.SENT, queued_at=draft.queued_at or now))
            if answers is not None:
                self._ledger.add_event(answers)
            self._ledger.set_cursor(folder, cursor)
        self._casebook.changed(draft.interview)
        if answers is not None:
            journal.debriefed(interview=draft.interview, occasion=draft.occasion)
        return True

    def _is_our_own(self, message: Message, *, sent: bool) -> bool:
        """Whether it is the digest, or a mail outside Sent that says that the user wrote it.

        Such a one is a draft in a folder of all mail, a copy to oneself or a forgery: neither the user's hand nor news of theirs.
        To know it would hide the same mail in Sent.
        """
        user = self._account.user
        return is_digest_id(message.message_id, user.address) or (not sent and message.sender.email in user.addresses)

    def _planned(
        self, message: Message, *, own: bool, folder: str, uid: int, now: datetime, answered_by: Member | None = None
    ) -> Intake | None:
        try:
            intake = take_in(message, own=own, desk=self.desk, known=self._casebook, now=now, answered_by=answered_by)
        except StoreProblem:
            raise
        except Exception as error:
            # One message that nobody foresaw must not stop the mailbox: it is kept aside and told.
            self._failed_in_a_row += 1
            if self._failed_in_a_row == _TOO_MANY:
                raise MailboxProblem(
                    f"{_TOO_MANY} messages in a row could not be understood ({type(error).__name__}), which is a mistake in "
                    "interview-agent itself: no more is read until it is mended; `interview-agent once --debug` shows where",
                    permanent=False,
                ) from error
            self._report.set_aside += 1
            journal.message_set_aside(folder=folder, uid=uid, problem=type(error).__name__)
            return None
        self._failed_in_a_row = 0
        return intake

    def _as_new(self, message: Message, raw: bytes) -> Message | None:
        """Return the message, or None when it was read before; another mail under the same Message-ID gets an id of its own."""
        known = self._ledger.message(message.message_id)
        if known is None:
            return message
        if known.digest == _digest(message):
            return None
        own_id = f"<sha256-{hashlib.sha256(raw).hexdigest()[:32]}@duplicate.invalid>"
        if self._ledger.message(own_id):
            return None
        return replace(
            message, message_id=own_id, defects=(*message.defects, f"Message-ID {message.message_id} is another mail's")
        )

    def _reconsider(self, record: MessageRecord, now: datetime, answered_by: Member | None = None) -> None:
        """Plan anew for a known message, unless its thread has given it an interview meanwhile; inside a transaction."""
        message = record.message
        if any(member.interview for member in self._ledger.members([message.message_id]).values()):
            return
        intake = self._planned(message, own=record.own, folder=record.role, uid=record.uid, now=now, answered_by=answered_by)
        if intake is None:
            self._ledger.set_aside(record.role, record.uidvalidity, record.uid, at=now, problem=_NOT_UNDERSTOOD)
        elif intake.interview or intake.questions:
            if intake.interview:
                self._ledger.assign(message.message_id, intake.interview, intake.evidence)
            self._commit(message, intake, now)

    def _commit(self, message: Message, intake: Intake, now: datetime) -> None:
        """Write what a plan says, and give the thread that was there before its interview too; inside a transaction.

        All of it is one transaction: a crash in between would leave the thread behind for good.
        """
        for event in intake.events:
            self._ledger.add_event(event)
        for draft in intake.sent_drafts:
            self._ledger.update_draft(replace(draft, state=DraftState.SENT))
        for question in intake.questions:
            number = self._ledger.ask(question)
            if number is not None:
                self._report.asked.append(number)
                journal.review_asked(number=number, kind=question.kind, message_id=question.message_id or "")
        if not intake.interview:
            return
        self._report.assigned += 1
        journal.message_assigned(interview=intake.interview, message_id=message.message_id, label=intake.reading.label)
        self._keep_in_step(intake.interview)
        self._ledger.settle(message.message_id, at=now)
        for kin in self._ledger.unassigned_kin(message.message_id):
            answers = kin.message.message_id in message.parent_ids[:1]
            member = Member(message_id=message.message_id, interview=intake.interview, own=False) if answers else None
            self._reconsider(kin, now, answered_by=member)

    def _keep_in_step(self, interview: str) -> None:
        """Let the casebook read an interview anew, and lay the desk anew when it ended or was given another time."""
        before = self._casebook.candidacy(interview).state
        self._casebook.changed(interview)
        after = self._casebook.candidacy(interview).state
        if (after.status, after.next_at) != (before.status, before.next_at):
            self._desk = None

    def _note_skipped(self, folders: dict[FolderRole, str], now: datetime) -> None:
        if self._mailbox.skipped:
            with self._ledger.transaction():
                for each in self._mailbox.skipped:
                    folder = folders[each.role]
                    if self._ledger.set_aside(folder, each.uidvalidity, each.uid, at=now, problem=each.problem):
                        self._report.set_aside += 1
                        journal.message_set_aside(folder=folder, uid=each.uid, problem="the server did not give it")


def _worth_keeping(message: Message, intake: Intake) -> Message:
    noise = intake.reading.label is Label.ALERT or (message.list_mail and intake.reading.label is Label.OTHER)
    if noise and intake.interview is None and not intake.questions:
        return replace(message, text="", signature="", fresh="", calendar=())
    return replace(message, text="", signature="")


def _digest(message: Message) -> str:
    return hashlib.sha256(f"{message.sender.email}\n{message.fresh}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
