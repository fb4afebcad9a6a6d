"""Taking one message in: planned for, and the plan written down within the transaction that the caller has begun."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from agent.daemon import journal
from agent.daemon.account import Account, PassReport
from agent.daemon.casebook import Casebook
from agent.daemon.desks import desk_of
from agent.daemon.replies import carry_out, reply_to_digest
from agent.daemon.tidings import Tidings
from agent.mailbox import Arrival, FolderRole, MailboxProblem
from agent.matching.match import Member
from agent.matching.tracked import automatic
from agent.messages import parse_message
from agent.messages.message import Message
from agent.notify.digest import is_digest_id
from agent.plan.debriefed import debriefed
from agent.plan.desk import Desk
from agent.plan.draft_life import draft_to_oneself, is_to_oneself
from agent.plan.heading import Sieve, glance_of
from agent.plan.intention import DraftState
from agent.plan.take_in import Intake, beside_the_point, take_in
from agent.signals import Label
from agent.store import MessageRecord, StoreProblem

_NOT_UNDERSTOOD = "could not be understood; read it in your mail client"
_TOO_MANY = 10
"""Messages in a row that nobody foresaw: then the fault is not in them, and a mailbox must not be lost by it."""


class Taker:
    """Takes messages in, one at a time, and keeps the casebook in step with what it writes.

    `take` and `reconsider` are called inside of a transaction; what they tell is told by `tidings` when that is over.
    """

    def __init__(self, account: Account, casebook: Casebook, report: PassReport, tidings: Tidings) -> None:
        self._account = account
        self._ledger = account.ledger
        self._casebook = casebook
        self._report = report
        self._tidings = tidings
        self._desk: Desk | None = None
        self._sieve: Sieve | None = None
        self._failed_in_a_row = 0
        self.assigned = 0
        """How many messages were given to an interview so far: after each, headings may be judged otherwise."""

    @property
    def desk(self) -> Desk:
        """The desk, with an index of what is tracked and not ended as of now."""
        if self._desk is None:
            self._desk = desk_of(self._account, self._casebook)
        return self._desk

    @property
    def sieve(self) -> Sieve:
        """What judges headings by this desk."""
        if self._sieve is None:
            self._sieve = Sieve(self.desk)
        return self._sieve

    def lay_anew(self) -> None:
        """Lay the desk anew when it is asked for next: what is tracked has changed."""
        self._desk = self._sieve = None

    def forget(self) -> None:
        """Forget all that was read of the ledger: a part of it was rolled back."""
        self._casebook.forget()
        self.lay_anew()

    def take(self, arrival: Arrival, now: datetime) -> bool:
        """Take one message in; return whether it was new. One that nobody foresaw is set aside."""
        taken = self._attempt(lambda: self._take(arrival, now), arrival.folder, arrival.uidvalidity, arrival.uid, now)
        if taken:
            self._tidings.after_commit(self._count_read)
        return taken

    def reconsider(self, record: MessageRecord, now: datetime) -> None:
        """Plan anew for a known message, unless its thread has given it an interview meanwhile."""
        self._attempt(lambda: self._reconsider(record, now), record.role, record.uidvalidity, record.uid, now)

    def _attempt(self, doing: Callable[[], bool], folder: str, uidvalidity: int, uid: int, now: datetime) -> bool:
        mark = self._tidings.mark()
        try:
            with self._ledger.attempt():
                done = doing()
        except (StoreProblem, MailboxProblem):
            raise
        except Exception as error:
            # One message that nobody foresaw must not stop the mailbox: it is kept aside and told.
            self._tidings.back_to(mark)
            self.forget()
            self._failed_in_a_row += 1
            if self._failed_in_a_row == _TOO_MANY:
                raise MailboxProblem(
                    f"{_TOO_MANY} messages in a row could not be understood ({type(error).__name__}), which is a mistake in "
                    "interview-agent itself: no more is read until it is mended; `interview-agent once --debug` shows where",
                    permanent=False,
                ) from error
            if self._ledger.set_aside(folder, uidvalidity, uid, at=now, problem=_NOT_UNDERSTOOD):
                self._tidings.after_commit(self._count_aside)
            self._tidings.after_commit(partial(journal.message_set_aside, folder=folder, uid=uid, problem=type(error).__name__))
            return True
        self._failed_in_a_row = 0
        return done

    def _take(self, arrival: Arrival, now: datetime) -> bool:
        parsed = replace(parse_message(arrival.raw, received_at=arrival.received_at), provider_thread=arrival.thread)
        message = self._as_new(parsed, arrival.raw)
        if message is None:
            return False
        own = arrival.role is FolderRole.SENT
        if own and (self._is_debrief(message, now) or self._is_reply(message, now)):
            return True
        if self._is_our_own(message, sent=own):
            return False
        answered_by = self._ledger.answer_to(message.message_id)
        intake = self._planned(message, own=own, now=now, answered_by=answered_by)
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
        if not own and message.sender.email:
            self._ledger.headings.count_sender(message.sender.email, telling=_tells(intake))
        self._tidings.after_commit(
            partial(
                journal.message_read,
                message_id=message.message_id,
                folder=arrival.folder,
                uid=arrival.uid,
                label=intake.reading.label,
            )
        )
        self._write_down(message, intake, now)
        return True

    def _planned(self, message: Message, *, own: bool, now: datetime, answered_by: Member | None) -> Intake:
        """Return what is to be done about a message.

        One that certainly has nothing to do with a candidacy is read no further where a machine wrote it, or somebody to many; of
        what people write only the learned reader is not asked: rules know wordings that no list of words has.
        """
        desk = self.desk
        ties = self._ledger.headings.ties(glance_of(message), message.provider_thread, own=own)
        if answered_by is None and self.sieve.says_nothing(message, ties, own=own):
            if message.list_mail or automatic(message.sender.email):
                return beside_the_point(message, own=own)
            desk = replace(desk, model=None)
        return take_in(message, own=own, desk=desk, known=self._casebook, now=now, answered_by=answered_by)

    def _is_debrief(self, message: Message, now: datetime) -> bool:
        """Whether a mail in Sent is a draft to the user, sent to oneself: the answers in it are kept."""
        own = self._account.user.addresses
        if not is_to_oneself(message, own_addresses=own):
            return False
        draft = draft_to_oneself(message, self._ledger.drafts())
        if draft is None:
            return False
        answers = debriefed(message, draft, self._casebook.candidacy(draft.interview), desk=self.desk, now=now)
        if draft.state is not DraftState.WITHDRAWN:
            self._ledger.update_draft(replace(draft, state=DraftState.SENT, queued_at=draft.queued_at or now))
        if answers is not None:
            self._ledger.add_event(answers)
            self._tidings.after_commit(partial(journal.debriefed, interview=draft.interview, occasion=draft.occasion))
        self._casebook.changed(draft.interview)
        return True

    def _is_reply(self, message: Message, now: datetime) -> bool:
        """Whether a mail in Sent answers a digest: what it asks for is carried out, once."""
        words = self._account.answers
        reply = reply_to_digest(message, self._account)
        if words is None or reply is None:
            return False
        answered = carry_out(reply, self._account, words, now)
        if answered:
            # What is tracked may have changed, and how everything stands.
            self.forget()
            done = sum(each.done for each in answered)
            self._tidings.after_commit(partial(self._report.answered.extend, answered))
            self._tidings.after_commit(
                partial(journal.digest_answered, message_id=message.message_id, done=done, unclear=len(answered) - done)
            )
        return True

    def _is_our_own(self, message: Message, *, sent: bool) -> bool:
        """Whether it is the digest, or a mail outside Sent that says that the user wrote it.

        Such a one is a draft in a folder of all mail, a copy to oneself or a forgery: neither the user's hand nor news of theirs.
        To know it would hide the same mail in Sent.
        """
        user = self._account.user
        digest = any(is_digest_id(message.message_id, address) for address in user.addresses)
        return digest or (not sent and message.sender.email in user.addresses)

    def _as_new(self, message: Message, raw: bytes) -> Message | None:
        """Return the message, or None when it was read before; another mail under the same Message-ID gets an id of its own."""
        known = self._ledger.message(message.message_id)
        if known is None:
            return message
        if known.digest == _digest(message) or _says_the_same(known.message, message):
            return None
        own_id = f"<sha256-{hashlib.sha256(raw).hexdigest()[:32]}@duplicate.invalid>"
        if self._ledger.message(own_id):
            return None
        return replace(
            message, message_id=own_id, defects=(*message.defects, f"Message-ID {message.message_id} is another mail's")
        )

    def _reconsider(self, record: MessageRecord, now: datetime, answered_by: Member | None = None) -> bool:
        message = record.message
        if any(member.interview for member in self._ledger.members([message.message_id]).values()):
            return False
        intake = take_in(message, own=record.own, desk=self.desk, known=self._casebook, now=now, answered_by=answered_by)
        if intake.interview or intake.questions:
            if intake.interview:
                self._ledger.assign(message.message_id, intake.interview, intake.evidence)
            elif intake.likely:
                self._ledger.suspect(message.message_id, intake.likely)
            self._write_down(message, intake, now)
        return False

    def _write_down(self, message: Message, intake: Intake, now: datetime) -> None:
        """Write what a plan says, and give the thread that was there before its interview too.

        All of it is one transaction: a crash in between would leave the thread behind for good.
        """
        for event in intake.events:
            self._ledger.add_event(event)
        for draft in intake.sent_drafts:
            left_over = draft.state is DraftState.QUEUED and draft.message_id != message.message_id
            self._ledger.update_draft(replace(draft, state=DraftState.SENT, left_over=left_over))
        for question in intake.questions:
            number = self._ledger.ask(question)
            if number is not None:
                self._tidings.after_commit(partial(self._report.asked.append, number))
                self._tidings.after_commit(
                    partial(journal.review_asked, number=number, kind=question.kind, message_id=question.message_id or "")
                )
        if not intake.interview:
            return
        self.assigned += 1
        self._tidings.after_commit(self._count_assigned)
        self._tidings.after_commit(
            partial(
                journal.message_assigned,
                interview=intake.interview,
                message_id=message.message_id,
                label=intake.reading.label,
            )
        )
        self._keep_in_step(intake.interview)
        self._ledger.settle(message.message_id, at=now)
        self._ledger.headings.want_kin(message.message_id, message.provider_thread)
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
            self.lay_anew()

    def _count_read(self) -> None:
        self._report.read += 1

    def _count_assigned(self) -> None:
        self._report.assigned += 1

    def _count_aside(self) -> None:
        self._report.set_aside += 1


def _tells(intake: Intake) -> bool:
    """Whether a message spoke of a candidacy, or may have: all but what is read with certainty as something else."""
    reading = intake.reading
    return bool(intake.interview or intake.questions or reading.abstained or reading.signals or reading.label is not Label.OTHER)


def _worth_keeping(message: Message, intake: Intake) -> Message:
    noise = intake.reading.label is Label.ALERT or (message.list_mail and intake.reading.label is Label.OTHER)
    if noise and intake.interview is None and not intake.questions:
        return replace(message, text="", signature="", fresh="", calendar=())
    return replace(message, text="", signature="")


def _says_the_same(one: Message, other: Message) -> bool:
    """Whether two messages have the same words, however laid out: a sent mail may be filed by the client and by the server."""
    same = one.sender.email == other.sender.email
    return same and bool(one.fresh) and re.findall(r"\w+", one.fresh) == re.findall(r"\w+", other.fresh)


def _digest(message: Message) -> str:
    return hashlib.sha256(f"{message.sender.email}\n{message.fresh}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
